import type { Row } from './sweep-files.ts';

/** The counts of a sweep; `sound` are the files that qpdf calls neither damaged nor locked. */
export interface Summary {
  readonly files: number;
  readonly signed: number;
  readonly repaired: number;
  readonly sound: number;
  readonly soundSigned: number;
  readonly faults: number;
  readonly slowestMs: number;
  readonly mostMb: number;
  /** How many files each code refused, most first. */
  readonly refusals: Readonly<Record<string, number>>;
}

export function summary(rows: readonly Row[]): Summary {
  const signed = rows.filter(({ outcome }) => outcome === 'signed');
  const refused = Object.groupBy(
    rows.filter(({ outcome }) => outcome !== 'signed'),
    ({ outcome }) => outcome,
  );
  const counts = Object.entries(refused).map(([code, of = []]) => [code, of.length] as const);
  const sound = rows.filter(({ qpdfBefore }) => qpdfBefore && !qpdfBefore.damaged && !qpdfBefore.locked);
  return {
    files: rows.length,
    signed: signed.length,
    repaired: signed.filter(({ repaired }) => repaired !== null).length,
    sound: sound.length,
    soundSigned: sound.filter(({ outcome }) => outcome === 'signed').length,
    faults: rows.filter(({ faults }) => faults.length > 0).length,
    slowestMs: Math.max(0, ...rows.map(({ milliseconds }) => milliseconds)),
    mostMb: Math.max(0, ...rows.map(({ peakMb }) => peakMb ?? 0)),
    refusals: Object.fromEntries(counts.toSorted(([, a], [, b]) => b - a)),
  };
}

export function table(rows: readonly Row[]): string {
  const { refusals, ...counts } = summary(rows);
  const share = (part: number, of: number): string =>
    of === 0 ? '' : ` (${((100 * part) / of).toFixed(1)} %)`;
  const lines: [string, string][] = [
    ['files', `${counts.files}`],
    ['signed', `${counts.signed}${share(counts.signed, counts.files)}`],
    ['  of these repaired', `${counts.repaired}`],
    ['qpdf: not damaged, no password', `${counts.sound}`],
    ['  of these signed', `${counts.soundSigned}${share(counts.soundSigned, counts.sound)}`],
    ...Object.entries(refusals).map(([code, count]): [string, string] => [`refused: ${code}`, `${count}`]),
    ['slowest', `${counts.slowestMs} ms`],
    ['most memory', `${counts.mostMb} MB`],
    ['files with a fault', `${counts.faults}`],
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  const refused = rows.filter(({ outcome }) => outcome !== 'signed');
  return [
    ...lines.map(([label, value]) => `${label.padEnd(width)}  ${value}`),
    '',
    ...refused.map(({ file, outcome }) => `${outcome.padEnd(width)}  ${file}`),
    ...rows.flatMap(({ file, faults }) => faults.map((fault) => `FAULT ${fault}  ${file}`)),
  ].join('\n');
}
