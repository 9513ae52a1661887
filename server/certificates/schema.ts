import { type Static, Type } from 'typebox';

/** Decree 68/2024 article 10: agency or organization, person, and device, service or software. */
export const HolderKind = Type.Enum(['organization', 'person', 'device']);
export type HolderKind = Static<typeof HolderKind>;

/** Where the private key lives. `file`: PKCS#12, here or elsewhere. */
export const Medium = Type.Enum(['token', 'hsm', 'sim', 'file', 'remote']);
export type Medium = Static<typeof Medium>;

/** What the register says; expiry is not written down but follows from the period. */
export const CertificateState = Type.Enum(['pending', 'active', 'suspended', 'revoked']);
export type CertificateState = Static<typeof CertificateState>;

/** State and period together, as of a moment. */
export const CertificateStatus = Type.Enum([
  'pending',
  'notYetValid',
  'active',
  'expiring',
  'expired',
  'suspended',
  'revoked',
]);
export type CertificateStatus = Static<typeof CertificateStatus>;

export const StateAction = Type.Enum(['activate', 'suspend', 'resume', 'revoke']);
export type StateAction = Static<typeof StateAction>;

/** The reasons of RFC 5280 5.3.1 that an agency can give. */
export const ChangeReason = Type.Enum([
  'unspecified',
  'handedOver',
  'keyCompromise',
  'deviceLost',
  'deviceLocked',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
]);
export type ChangeReason = Static<typeof ChangeReason>;

const strict = { additionalProperties: false };
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Name = Type.String({ minLength: 1, maxLength: 300 });
export const Fingerprint = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** Who holds a certificate and on what. */
export const Holding = Type.Object(
  {
    agencyId: Id,
    unitId: Type.Optional(Id),
    accountId: Type.Optional(
      Type.String({ ...Id, description: 'Account of the person, or of whoever keeps the seal.' }),
    ),
    holderKind: Type.Optional(HolderKind),
    medium: Type.Optional(Medium),
    state: Type.Optional(Type.Enum(['pending', 'active'])),
  },
  strict,
);
export type Holding = Static<typeof Holding>;

/** One row of a list of issued certificates, when the certificates themselves are not at hand. */
export const IssuedRow = Type.Object(
  {
    holderKind: HolderKind,
    holderName: Name,
    agency: Type.String({ minLength: 1, maxLength: 64, description: 'Identifier code of the agency.' }),
    medium: Type.Optional(Medium),
    serial: Type.String({ pattern: '^[0-9A-Fa-f]{1,64}$', description: 'Hexadecimal.' }),
    issuer: Type.String({ ...Name, description: 'Common name of the authority that issued it.' }),
    notBefore: Type.String({ format: 'date-time' }),
    notAfter: Type.String({ format: 'date-time' }),
    state: Type.Optional(CertificateState),
    revokedAt: Type.Optional(Type.String({ format: 'date-time' })),
    reason: Type.Optional(ChangeReason),
    fingerprint: Type.Optional(Fingerprint),
  },
  strict,
);
export type IssuedRow = Static<typeof IssuedRow>;

export const StateChangeBody = Type.Object(
  {
    action: StateAction,
    reason: ChangeReason,
    note: Type.String({ minLength: 1, maxLength: 1000, description: 'Why, and on which paper it rests.' }),
    effective: Type.Optional(
      Type.String({ format: 'date-time', description: 'Since when; default now, never in the future.' }),
    ),
  },
  strict,
);
export type StateChangeBody = Static<typeof StateChangeBody>;

export const ListQuery = Type.Object(
  {
    agencyId: Type.Optional(Id),
    holderKind: Type.Optional(HolderKind),
    status: Type.Optional(CertificateStatus),
    medium: Type.Optional(Medium),
    text: Type.Optional(
      Type.String({ maxLength: 100, description: 'Part of a holder name or the start of a serial number.' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    cursor: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  strict,
);
export type ListQuery = Static<typeof ListQuery>;

export const CertificateView = Type.Object({
  id: Id,
  fingerprint: Type.Optional(Fingerprint),
  holderKind: HolderKind,
  holderName: Name,
  identifier: Type.Optional(Type.String({ description: 'Masked: prefix and last three characters.' })),
  subject: Type.Optional(Type.String({ description: 'RFC 4514, identifiers masked.' })),
  agencyId: Id,
  unitId: Type.Optional(Id),
  accountId: Type.Optional(Id),
  medium: Medium,
  issuer: Name,
  serial: Type.String(),
  notBefore: Type.String({ format: 'date-time' }),
  notAfter: Type.String({ format: 'date-time' }),
  state: CertificateState,
  status: CertificateStatus,
  revocation: Type.Optional(
    Type.Object({
      date: Type.String({ format: 'date-time' }),
      reason: ChangeReason,
      note: Type.Optional(Type.String()),
    }),
  ),
  image: Type.Optional(
    Type.Object(
      {
        sha256: Fingerprint,
        mediaType: Type.String(),
        width: Type.Optional(Type.Number()),
        height: Type.Optional(Type.Number()),
      },
      { description: 'The handwritten signature or the seal; width and height in millimetres.' },
    ),
  ),
  revision: Type.Integer(),
});
export type CertificateView = Static<typeof CertificateView>;

export const StateChangeView = Type.Object({
  time: Type.String({ format: 'date-time' }),
  effective: Type.String({ format: 'date-time' }),
  to: CertificateState,
  reason: ChangeReason,
  note: Type.Optional(Type.String()),
  actor: Id,
});
export type StateChangeView = Static<typeof StateChangeView>;

export const KeyView = Type.Object(
  {
    importedAt: Type.String({ format: 'date-time' }),
    locked: Type.Boolean({ description: 'Too many wrong PINs; an administrator unlocks it.' }),
    triesLeft: Type.Integer({ minimum: 0 }),
    token: Type.Optional(Type.String({ description: 'Label of the token that keeps the key and its PIN.' })),
  },
  { description: 'The private key in the key store of this server.' },
);
export type KeyView = Static<typeof KeyView>;

export const CertificateDetail = Type.Object({
  ...CertificateView.properties,
  changes: Type.Array(StateChangeView),
  key: Type.Optional(KeyView),
});

const Secret = Type.String({ maxLength: 200, writeOnly: true });

export const RegisterBody = Type.Object(
  {
    ...Holding.properties,
    certificate: Type.String({ maxLength: 40_000, description: 'PEM, or DER in base64.' }),
  },
  strict,
);

export const KeyBody = Type.Object(
  {
    p12: Type.String({
      contentEncoding: 'base64',
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      maxLength: 200_000,
      writeOnly: true,
      description: 'PKCS#12 file.',
    }),
    passphrase: Type.String({ ...Secret, description: 'Of the file; forgotten once it is open.' }),
    pin: Type.String({ ...Secret, description: 'Opens the key from now on: 6 to 16 characters.' }),
  },
  strict,
);

export const TokenKeyBody = Type.Object(
  {
    pin: Type.String({ ...Secret, description: 'Of the token; tried once, not kept.' }),
    token: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'Label or serial number of the token, when several are attached.',
      }),
    ),
  },
  strict,
);

export const ImageBody = Type.Object(
  {
    image: Type.String({
      contentEncoding: 'base64',
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      maxLength: 360_000,
      description: 'PNG with a transparent background (Decree 30/2020), SVG or JPEG.',
    }),
    width: Type.Optional(
      Type.Number({ minimum: 5, maximum: 100, description: 'Millimetres the thing itself is wide.' }),
    ),
  },
  strict,
);

export const PinBody = Type.Object({ old: Secret, new: Secret }, strict);

export const ListBody = Type.Object(
  {
    list: Type.String({
      description: 'JSON array of rows, or CSV with English or Vietnamese column names, as one text.',
    }),
  },
  strict,
);

export const ImportResult = Type.Object({
  registered: Type.Integer(),
  known: Type.Integer({ description: 'In the register before: left as they were.' }),
});
