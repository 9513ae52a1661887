import type { ColdRow } from './cold.ts';
import type { Row } from './sign.ts';

/** Rows of a Markdown table; the first columns are text and stand left, the others are figures. */
function markdown(
  head: readonly string[],
  textColumns: number,
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i < textColumns ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i < textColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

export function sizeText(bytes: number): string {
  return bytes >= 1_000_000 ? `${bytes / 1_000_000} MB` : `${bytes / 1000} KB`;
}

/** "of the key": share of what the key alone does. "beyond the key": CPU for all that is not the key. "anso": how many times as fast ours is. */
export function signTable(rows: readonly Row[]): string {
  const head = [
    'size',
    'key',
    'signer',
    'docs/s',
    'CPU ms',
    'beyond the key',
    'peak MiB',
    'of the key',
    'anso',
  ];
  return markdown(
    head,
    3,
    rows.map((row) => [sizeText(row.bytes), row.key, row.signer, ...figures(row, rows)]),
  );
}

function figures(row: Row, rows: readonly Row[]): string[] {
  const { perSecond, cpuMilliseconds, peakRss, raw, skipped } = row;
  if (perSecond === undefined || cpuMilliseconds === undefined || peakRss === undefined) {
    return [skipped ?? 'not measured', '', '', '', '', ''];
  }
  const ours = rows.find(
    ({ bytes, key, signer }) => bytes === row.bytes && key === row.key && signer === 'anso',
  )?.perSecond;
  const isPeer = !row.signer.startsWith('anso') && !row.signer.startsWith('node:crypto');
  return [
    rate(perSecond),
    rate(cpuMilliseconds),
    raw ? (cpuMilliseconds - raw.cpuMilliseconds).toFixed(3) : '',
    peakRss.toFixed(0),
    raw ? (perSecond / raw.perSecond).toFixed(2) : '',
    isPeer && ours ? `${rate(ours / perSecond)}×` : '',
  ];
}

/** Three digits that mean something. */
const rate = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);

export function coldTable(rows: readonly ColdRow[]): string {
  const head = ['size', 'hash ms', 'sign ms', 'times', 'hash peak MiB', 'sign peak MiB'];
  return markdown(
    head,
    1,
    rows.map((row) => [
      sizeText(row.bytes),
      row.hashMilliseconds.toFixed(0),
      row.signMilliseconds.toFixed(0),
      row.ratio.toFixed(2),
      row.hashPeakRss.toFixed(0),
      row.signPeakRss.toFixed(0),
    ]),
  );
}
