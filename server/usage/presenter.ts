import { writeCsv } from '../platform/csv.ts';
import type { Count } from './count.ts';
import type { CertificateLine, UsageReport } from './schema.ts';

const groups: Readonly<Record<CertificateLine['group'], string>> = {
  never: 'Chưa từng dùng',
  irregular: 'Không thường xuyên',
  regular: 'Thường xuyên',
};
const kinds: Readonly<Record<CertificateLine['holderKind'], string>> = {
  organization: 'Tổ chức',
  person: 'Cá nhân',
  device: 'Thiết bị, dịch vụ, phần mềm',
};

/** The report without its certificates, the figures first: one line of JSON. */
export function summaryOf(
  report: UsageReport,
): Omit<UsageReport, 'certificates'> & Pick<Count, 'irregular' | 'never'> {
  const { certificates: _, issued, organization, personal, regular, rate, ...rest } = report;
  const { irregular, never } = report.bases.issued;
  return { issued, organization, personal, regular, rate, irregular, never, ...rest };
}

/** A spreadsheet: the rule and both bases on top, then one row a certificate (RFC 4180). */
export function usageCsv(report: UsageReport): string {
  const { rule, bases, asOf, from, certificates } = report;
  const base = (title: string, { total, regular, rate }: Count) => [title, total, regular, rate ?? ''];
  return writeCsv([
    ['Báo cáo sử dụng chứng thư số / Certificate usage', from, asOf],
    [rule.vi],
    [rule.en],
    ['Cơ sở / Base', 'Tổng / Total', 'Thường xuyên / Regular', '%'],
    base('Đã cấp / Issued', bases.issued),
    base('Đang hoạt động / Active', bases.active),
    [],
    [
      ...['Đơn vị', 'Loại', 'Chủ thể', 'Phương tiện', 'Số hiệu', 'Nhà cấp', 'Từ', 'Đến', 'Trạng thái'],
      ...['Ký', 'Bị từ chối', 'Lỗi', 'Ghi nhận', 'Số ngày ký', 'Ngày ký cuối', 'Nhóm', 'SHA-256'],
    ],
    ...certificates.map((line) => [
      ...[line.agency, kinds[line.holderKind], line.holderName, line.medium, line.serial, line.issuer],
      ...[line.notBefore, line.notAfter, line.status, line.signed, line.refused, line.failed, line.observed],
      ...[line.days, line.lastDay ?? '', groups[line.group], line.fingerprint ?? ''],
    ]),
  ]);
}

/** A table for a terminal: the rule in both languages, both bases, then by kind of holder and by agency. */
export function usageTable(report: UsageReport): string {
  const { bases, byHolderKind, byAgency, totals, unregistered } = report;
  const row = (title: string, { issued, active }: UsageReport['bases']): string[] => [
    title,
    ...[issued.total, issued.regular, issued.irregular, issued.never].map(String),
    percentText(issued.rate),
    ...[active.total, active.regular].map(String),
    percentText(active.rate),
  ];
  const rows = [
    [
      '',
      'Đã cấp',
      'Thường xuyên',
      'Không t.x.',
      'Chưa dùng',
      'Tỷ lệ',
      'Đang h.động',
      'Thường xuyên',
      'Tỷ lệ',
    ],
    ['', 'Issued', 'Regular', 'Irregular', 'Never', 'Rate', 'Active', 'Regular', 'Rate'],
    row('Tất cả / All', bases),
    row('  Tổ chức / Organizations', byHolderKind.organization),
    row('  Cá nhân / Persons', byHolderKind.person),
    ...(report.device > 0 ? [row('  Thiết bị / Devices', byHolderKind.device)] : []),
    ...byAgency.map((agency) => row(agency.agency, agency)),
  ];
  return [
    `Báo cáo sử dụng chứng thư số đến ngày ${report.asOf} / Certificate usage as of ${report.asOf}`,
    report.rule.vi,
    report.rule.en,
    '',
    ...aligned(rows),
    '',
    `Từ ${report.from} / since ${report.from}: ${totals.signed} ký / signed, ${totals.observed} ghi nhận / observed, ` +
      `${totals.refused} bị từ chối / refused, ${totals.failed} lỗi / failed.`,
    ...(unregistered.certificates > 0
      ? [`Ngoài sổ đăng ký / not in the register: ${unregistered.certificates}.`]
      : []),
    '',
  ].join('\n');
}

const percentText = (rate: number | null): string => (rate === null ? '–' : `${rate.toFixed(2)} %`);

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, [...cell].length);
    });
  }
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const gap = ' '.repeat((widths[index] ?? 0) - [...cell].length);
        return index === 0 ? cell + gap : gap + cell;
      })
      .join('  ')
      .trimEnd(),
  );
}
