import type { JudgementOfFile } from './judge-file.ts';
import type { Outcome } from './outcome.ts';
import type { Interop, Row } from './run-interop.ts';

const marks: Readonly<Record<Outcome, string>> = {
  accepted: '✓',
  refused: '✗',
  excepted: '–',
  surprising: '!',
  caught: 'refused',
  missed: '✗ accepted',
};

/** One line a case and one column a judge, then every unexpected answer in the judge's words. */
export function table({ judges, missingProviders, rows }: Interop): string {
  const asked = judges.filter(({ skipped }) => skipped === undefined).map(({ name }) => name);
  const lines = rows.map(({ tested, unsigned, findings }) => [
    tested.level,
    tested.algorithm.name,
    tested.provider.name,
    tested.document.name,
    ...asked.map((name) => {
      const found = findings.find(({ judge }) => judge === name);
      return found ? marks[found.outcome] : unsigned === undefined ? '' : 'not signed';
    }),
  ]);
  const all = [['level', 'algorithm', 'provider', 'document', ...asked], ...lines];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const text = all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...text,
    '',
    ...rows.flatMap(unexpected),
    ...[...judges, ...missingProviders].map(stateLine),
    counts(rows),
  ].join('\n');
}

const unexpected = ({ tested, unsigned, findings }: Row): string[] => {
  const name = [
    tested.id,
    tested.level,
    tested.algorithm.name,
    tested.provider.name,
    tested.document.name,
  ].join(', ');
  return [
    ...(unsigned === undefined ? [] : [`✗ ${name}: not signed: ${unsigned}`]),
    ...findings.flatMap(({ judge, outcome, says }) => {
      if (outcome === 'refused') return [`✗ ${name}: ${judge} refuses: ${says}`];
      if (outcome === 'missed') return [`✗ ${name}: ${judge} accepts it`];
      return outcome === 'surprising' ? [`! ${name}: ${judge} accepts what docs/interop.md excepts`] : [];
    }),
  ];
};

const stateLine = ({ name, version, skipped }: Interop['judges'][number]): string =>
  skipped === undefined ? `${name}: ${version}` : `${name} is SKIPPED: ${skipped}`;

/** As the suites count: a judgement that is as expected passes. */
function counts(rows: readonly Row[]): string {
  const { passing, failing, excepted } = totals(rows);
  return `${passing} passing\n${failing} failing\n${excepted} of the passing are refusals of what a judge does not support`;
}

export interface Totals {
  readonly passing: number;
  readonly failing: number;
  readonly excepted: number;
}

export function totals(rows: readonly Row[]): Totals {
  const outcomes = rows.flatMap(({ findings }) => findings.map(({ outcome }) => outcome));
  const count = (...wanted: Outcome[]): number => outcomes.filter((one) => wanted.includes(one)).length;
  return {
    passing: count('accepted', 'excepted', 'surprising', 'caught'),
    failing: count('refused', 'missed') + rows.filter(({ unsigned }) => unsigned !== undefined).length,
    excepted: count('excepted'),
  };
}

/** What `--json` prints. */
export const asJson = ({ judges, missingProviders, rows }: Interop): unknown => ({
  judges,
  missingProviders,
  ...totals(rows),
  rows: rows.map(({ tested, ...rest }) => ({
    file: `${tested.id}.pdf`,
    level: tested.level,
    algorithm: tested.algorithm.name,
    provider: tested.provider.name,
    document: tested.document.name,
    ...rest,
  })),
});

/** One line a judge. */
export function fileTable(judgements: readonly JudgementOfFile[]): string {
  const mark = { true: '✓', false: '✗', undefined: '–' };
  const count = (wanted: boolean): number => judgements.filter(({ accepted }) => accepted === wanted).length;
  return [
    ...judgements.map(({ judge, accepted, says }) => `${mark[`${accepted}`]} ${judge}: ${says}`),
    `${count(true)} passing\n${count(false)} failing`,
  ].join('\n');
}
