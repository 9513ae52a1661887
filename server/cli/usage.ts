import { Value } from 'typebox/value';
import { issuedCertificates } from '../certificates/issued-certificates.ts';
import type { Scope } from '../usage/policy.ts';
import { summaryOf, usageCsv, usageTable } from '../usage/presenter.ts';
import { reportUsage } from '../usage/report-usage.ts';
import { ReportQuery } from '../usage/schema.ts';
import { type Command, exitCodes, UsageError } from './command.ts';
import { openPeople } from './open-people.ts';
import { parseOptions } from './parse-options.ts';
import { printJson } from './print.ts';

export const command: Command = {
  name: 'usage',
  summary: 'report which certificates are in regular use',
  usage: `anso usage [--agency CODE] [--as-of DAY] [--from DAY] [--kind KIND]
           [--minimum-days N] [--window-days N] [--json | --certificates | --csv]

  --agency CODE        the agency and those below it (default: every one)
  --as-of DAY          last day of the report, YYYY-MM-DD in Vietnam (default: today)
  --from DAY           first day of the counts (default: that of the rule's window)
  --kind KIND          organization, person or device
  --minimum-days N     another rule for this report: days with a signature …
  --window-days N      … within so many days
  --json               the figures as one line of JSON
  --certificates       one line of JSON for each certificate
  --csv                a spreadsheet with one row for each certificate

Exit codes: 0 done, 1 refused (a period that is none), 64 wrong command line.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, {
      agency: { type: 'string' },
      'as-of': { type: 'string' },
      from: { type: 'string' },
      kind: { type: 'string' },
      'minimum-days': { type: 'string' },
      'window-days': { type: 'string' },
      json: { type: 'boolean' },
      certificates: { type: 'boolean' },
      csv: { type: 'boolean' },
    });
    if (positionals.length > 0) throw new UsageError(`${positionals[0]} is not understood`);
    const query = queryOf({
      asOf: values['as-of'],
      from: values.from,
      holderKind: values.kind,
      minimumDays: numberOf(values['minimum-days']),
      windowDays: numberOf(values['window-days']),
    });
    const services = await io.openServices();
    const { store, clock } = services;
    const { people, agencyId } = await openPeople(services);
    const scope: Scope =
      values.agency === undefined ? 'everything' : { beneath: await agencyId(values.agency) };
    // Uses that wait in a document are uses as well.
    await store.dispatch();
    const certificates = issuedCertificates(store);
    const report = await reportUsage({ ledger: store.usage, certificates, people, clock }, scope, query);
    if (values.json) printJson(io.stdout, summaryOf(report));
    else if (values.csv) io.stdout.write(usageCsv(report));
    else if (values.certificates) for (const line of report.certificates) printJson(io.stdout, line);
    else io.stdout.write(usageTable(report));
    return exitCodes.ok;
  },
};

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

/** The options as the HTTP face takes them. @throws UsageError naming the one that does not fit. */
function queryOf(options: Readonly<Record<string, unknown>>): ReportQuery {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (Value.Check(ReportQuery, given)) return given;
  const [problem] = Value.Errors(ReportQuery, given);
  throw new UsageError(`${problem?.instancePath.slice(1)} ${problem?.message}`);
}
