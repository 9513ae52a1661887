import { texts } from './texts.js';

/** Builds elements from text only: nothing of a file is ever taken as markup. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = (iso) => FORMAT.format(new Date(iso)).slice(0, 10);
const time = (iso) => `${FORMAT.format(new Date(iso)).replace(',', '')} (GMT+7)`;

/** The whole report as elements, in `language`. */
export function renderReport(report, language) {
  const words = texts[language];
  return [
    element(
      'div',
      { class: `verdict ${report.verdict}` },
      element('h2', {}, report.summary[language]),
      report.verdict === 'valid'
        ? undefined
        : element('p', { class: 'next' }, `${words.next}: ${report.next[language]}`),
    ),
    ...report.signatures.map((signature, index) => renderSignature(signature, index + 1, language)),
    pairs([
      [words.file, report.file.name],
      ['SHA-256', report.file.sha256],
      [words.verifiedAt, time(report.verifiedAt)],
      [words.report, report.id],
    ]),
  ];
}

function renderSignature(signature, position, language) {
  const words = texts[language];
  return element(
    'article',
    {},
    element(
      'h3',
      {},
      `${words[signature.kind]} ${position}: ${signature.signer ?? signature.field}`,
      element('span', { class: `badge ${signature.verdict}` }, words[signature.verdict]),
    ),
    sevenFields(signature.fields, language),
    ...sentences(words.why, signature.reasons, language),
    ...nextSteps(signature.reasons, language),
    ...sentences(words.notes, signature.notes, language),
    folded(words.checks, signature.checks.length, checksTable(signature.checks, language)),
    folded(words.changes, signature.changes.length, list(signature.changes.map((c) => change(c, language)))),
    folded(
      words.certificates,
      signature.certificates.length,
      list(signature.certificates.map((c) => certificate(c, language))),
    ),
    folded(
      words.technical,
      1,
      pairs([
        ['EN 319 102-1', [signature.indication, signature.subIndication].filter(Boolean).join(' / ')],
        ['PAdES', signature.level ?? words.none],
        ['SubFilter', signature.subFilter ?? words.none],
        ...signature.algorithms.map(({ use, algorithm }) => [use, algorithm]),
      ]),
    ),
  );
}

function sevenFields(fields, language) {
  const words = texts[language];
  const { claimed, proven } = fields.signingTime;
  const period = fields.certificatePeriod;
  return pairs([
    [words.issuer, fields.issuer ?? words.none],
    [words.signer, fields.signer ?? words.none],
    [words.managingUnit, fields.managingUnit ?? words.none],
    [
      words.signingTime,
      proven
        ? `${time(proven)} – ${words.proven}`
        : claimed
          ? `${time(claimed)} – ${words.claimed}`
          : words.none,
    ],
    [words.integrity, fields.integrity[language]],
    [words.validityAtSigning, fields.validityAtSigning[language]],
    [words.certificatePeriod, period ? `${day(period.from)} – ${day(period.to)}` : words.none],
  ]);
}

const pairs = (rows) =>
  element('dl', {}, ...rows.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]));

const list = (items) => element('ul', {}, ...items.map((item) => element('li', {}, item)));

function sentences(title, items, language) {
  if (items.length === 0) return [];
  return [element('h4', {}, title), list(items.map((item) => item[language]))];
}

/** Only for the deciding reason: the others may no longer matter once that one is mended. */
function nextSteps([deciding], language) {
  if (!deciding?.next) return [];
  return [element('h4', {}, texts[language].next), list([deciding.next[language]])];
}

function folded(title, count, content) {
  return count === 0 ? undefined : element('details', {}, element('summary', {}, title), content);
}

function checksTable(checks, language) {
  const words = texts[language];
  const rows = checks.map((check) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, check.id),
      element('td', {}, check.mandatory ? check[language] : `${check[language]} (${words.optional})`),
      element('td', {}, words[check.result]),
    ),
  );
  return element('table', {}, element('tbody', {}, ...rows));
}

const change = (item, language) => (item.subject ? `${item[language]}: ${item.subject}` : item[language]);

function certificate({ subject, serial, notBefore, notAfter }, language) {
  return `${subject}; ${texts[language].serial} ${serial}; ${day(notBefore)} – ${day(notAfter)}`;
}
