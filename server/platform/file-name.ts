const MAX_NAME = 200;

/**
 * The last part of a client's path, NFC, without what no file system or header bears; undefined when nothing is left. At
 * most 200 characters.
 */
export function usableFileName(name: string): string | undefined {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]/gu, '').trim();
  const extension = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? '';
  const stem = clean.slice(0, clean.length - extension.length);
  if (stem === '') return undefined;
  // Never half of a surrogate pair, which no store and no header can carry.
  return `${stem.slice(0, MAX_NAME - extension.length).replace(/\p{Cs}$/u, '')}${extension}`;
}
