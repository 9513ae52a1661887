import { DocumentsError } from './errors.ts';

const MAX_NAME = 200;
/** Rules of a province (Quyết định 161/2025/QĐ-UBND Ninh Bình): short, no diacritics, no special characters. */
const ADVISED_LENGTH = 50;

/**
 * The last part of a client's path, NFC, without what no file system or header bears.
 * @throws DocumentsError `documents.file_type_refused` when nothing is left
 */
export function cleanFileName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]/gu, '').trim();
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? '';
  const stem = clean.slice(0, clean.length - extension.length);
  if (stem === '') throw new DocumentsError('documents.file_type_refused', 'the file has no usable name');
  // Never half of a surrogate pair, which no store and no header can carry.
  return `${stem.slice(0, MAX_NAME - extension.length).replace(/\p{Cs}$/u, '')}${extension}`;
}

/** What is advised against but not refused; names of the rules. */
export function nameWarnings(name: string): string[] {
  const stem = name.replace(/\.[^.]*$/, '');
  return [
    ...(name.length > ADVISED_LENGTH ? ['name_too_long'] : []),
    ...(/^[A-Za-z0-9 ._()-]*$/.test(stem) ? [] : ['name_special_characters']),
  ];
}
