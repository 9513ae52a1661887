import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false };
const Day = Type.String({ format: 'date', description: 'Calendar day in Vietnam.' });
const Group = Type.Enum(['never', 'irregular', 'regular']);
const Whole = Type.Integer({ minimum: 0 });
const Rate = Type.Union([Type.Number(), Type.Null()], { description: 'Percent to two decimals.' });

export const HolderKind = Type.Enum(['organization', 'person', 'device']);

export const ReportQuery = Type.Object(
  {
    asOf: Type.Optional(Type.String({ ...Day, description: 'Last day of the report; default today.' })),
    from: Type.Optional(
      Type.String({
        ...Day,
        description: "First day of the counts; default the first day of the rule's window.",
      }),
    ),
    agencyId: Type.Optional(Type.String({ maxLength: 64, description: 'This agency and those below it.' })),
    holderKind: Type.Optional(HolderKind),
    minimumDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 366, description: 'Another rule, for this report only.' }),
    ),
    windowDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3660 })),
  },
  strict,
);
export type ReportQuery = Static<typeof ReportQuery>;

const Rule = Type.Object({
  effectiveFrom: Day,
  minimumDays: Whole,
  windowDays: Whole,
  asked: Type.Boolean({ description: 'Not the rule in force, but one asked for with this report.' }),
  vi: Type.String(),
  en: Type.String(),
});

const Count = Type.Object({ total: Whole, regular: Whole, irregular: Whole, never: Whole, rate: Rate });

/** The two bases: all issued (as Cà Mau reported), and only those that could have signed on the last day. */
const Bases = Type.Object({ issued: Count, active: Count });

const Counts = { signed: Whole, refused: Whole, failed: Whole, observed: Whole };

export const CertificateLine = Type.Object({
  certificateId: Type.String(),
  fingerprint: Type.Optional(Type.String()),
  holderKind: HolderKind,
  holderName: Type.String(),
  agencyId: Type.String(),
  agency: Type.String(),
  medium: Type.String(),
  issuer: Type.String(),
  serial: Type.String(),
  notBefore: Type.String({ format: 'date-time' }),
  notAfter: Type.String({ format: 'date-time' }),
  status: Type.String(),
  ...Counts,
  days: Type.Integer({ minimum: 0, description: 'Different days of the period with a signature.' }),
  lastDay: Type.Optional(Day),
  group: Group,
});
export type CertificateLine = Static<typeof CertificateLine>;

export const AgencyLine = Type.Object({
  agencyId: Type.String(),
  code: Type.Optional(Type.String()),
  agency: Type.String(),
  ...Bases.properties,
});
export type AgencyLine = Static<typeof AgencyLine>;

export const UsageReport = Type.Object({
  generatedAt: Type.String({ format: 'date-time' }),
  asOf: Day,
  from: Day,
  rule: Rule,
  issued: Whole,
  organization: Whole,
  personal: Whole,
  device: Whole,
  pending: Type.Integer({ minimum: 0, description: 'In the register but not issued yet; in neither base.' }),
  regular: Whole,
  rate: Rate,
  bases: Bases,
  byHolderKind: Type.Object({ organization: Bases, person: Bases, device: Bases }),
  byAgency: Type.Array(AgencyLine),
  totals: Type.Object(Counts),
  unregistered: Type.Object(
    { certificates: Whole, ...Counts },
    { description: 'Used according to the ledger, but in no register: counted in neither base.' },
  ),
  certificates: Type.Array(CertificateLine),
});
export type UsageReport = Static<typeof UsageReport>;

export const CertificateUsage = Type.Object({
  certificate: CertificateLine,
  asOf: Day,
  from: Day,
  rule: Rule,
  byDay: Type.Array(Type.Object({ day: Day, ...Counts })),
  events: Type.Array(
    Type.Object({
      id: Type.String(),
      time: Type.String({ format: 'date-time' }),
      outcome: Type.Enum(['signed', 'refused', 'failed', 'observed']),
      code: Type.Optional(Type.String()),
      channel: Type.String(),
      documentId: Type.Optional(Type.String()),
      process: Type.Optional(Type.String()),
      step: Type.Optional(Type.String()),
    }),
  ),
  next: Type.Optional(Type.String()),
});
export type CertificateUsage = Static<typeof CertificateUsage>;
