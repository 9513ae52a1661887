/** RFC 4180 with LF or CRLF, quoted fields, and a byte order mark passed over. Rows may be of different lengths. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  field.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (!match) throw new SyntaxError(`line ${rows.length + 1}: a quote stands alone (at character ${at})`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',' && field.lastIndex < text.length) continue;
    if (match[3] === ',') row.push('');
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.some((cell) => cell !== ''));
}

/** One CSV text (RFC 4180, CRLF) with a byte order mark, without which spreadsheets garble Vietnamese. */
export function writeCsv(rows: Iterable<readonly (string | number)[]>): string {
  let text = '\ufeff';
  for (const row of rows) text += `${row.map(cellOf).join(',')}\r\n`;
  return text;
}

/**
 * A text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV injection); numbers of ours
 * stay numbers.
 */
function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
