import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { getCertificateUsage } from './get-certificate-usage.ts';
import { reportReaders, scopeOf } from './policy.ts';
import type { UsageDeps } from './ports.ts';
import { usageCsv } from './presenter.ts';
import { reportUsage } from './report-usage.ts';
import { CertificateUsage, ReportQuery, UsageReport } from './schema.ts';

const tag = 'usage';
const errors = ['usage.bad_period', 'usage.no_rule', 'usage.forbidden'] as const;

/** Who uses the certificates they were issued. */
export function usageRoutes(deps: UsageDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/v1/usage/report',
      summary:
        'The use of every certificate of the own agency and those below it, by the rule of regular use',
      tag,
      access: reportReaders,
      query: ReportQuery,
      response: UsageReport,
      errors,
      handle: ({ actor, query }) => reportUsage(deps, scopeOf(actor), query),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/usage/report.csv',
      summary: 'The same report as a spreadsheet',
      tag,
      access: reportReaders,
      query: ReportQuery,
      contentType: 'text/csv',
      errors,
      handle: async ({ actor, query, res }) => {
        const report = await reportUsage(deps, scopeOf(actor), query);
        res.attachment(`usage-${report.asOf}.csv`).type('text/csv; charset=utf-8').send(usageCsv(report));
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/usage/certificates/:fingerprint',
      summary: 'The use of one certificate, attempt by attempt; holders may see their own',
      tag,
      access: 'signed-in',
      params: Type.Object({ fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }) }),
      query: Type.Object(
        {
          asOf: Type.Optional(ReportQuery.properties.asOf),
          from: Type.Optional(ReportQuery.properties.from),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          cursor: Type.Optional(Type.String({ maxLength: 1000 })),
        },
        { additionalProperties: false },
      ),
      response: CertificateUsage,
      errors: ['usage.not_found', ...errors],
      handle: ({ actor, params, query }) => getCertificateUsage(deps, actor, params.fingerprint, query),
    }),
  ];
}
