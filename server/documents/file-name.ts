import { usableFileName } from '../platform/file-name.ts';
import { DocumentsError } from './errors.ts';

/** Rules of a province (Quyết định 161/2025/QĐ-UBND Ninh Bình): short, no diacritics, no special characters. */
const ADVISED_LENGTH = 50;

/** @throws DocumentsError `documents.file_type_refused` when no name is left that can be used */
export function cleanFileName(name: string): string {
  const usable = usableFileName(name);
  if (usable !== undefined) return usable;
  throw new DocumentsError('documents.file_type_refused', 'the file has no usable name');
}

/** What is advised against but not refused; names of the rules. */
export function nameWarnings(name: string): string[] {
  const stem = name.replace(/\.[^.]*$/, '');
  return [
    ...(name.length > ADVISED_LENGTH ? ['name_too_long'] : []),
    ...(/^[A-Za-z0-9 ._()-]*$/.test(stem) ? [] : ['name_special_characters']),
  ];
}
