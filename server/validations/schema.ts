import { Type } from 'typebox';

const Words = Type.Object({ vi: Type.String(), en: Type.String() });
const Reason = Type.Object({
  code: Type.String(),
  vi: Type.String(),
  en: Type.String(),
  next: Type.Optional(Words),
});

export const SignatureView = Type.Object(
  {
    field: Type.String(),
    kind: Type.Union([Type.Literal('signature'), Type.Literal('timestamp')]),
    integrity: Type.String({ description: 'intact, broken or unknown' }),
    coverage: Type.String({ description: 'whole-file, whole-revision, partial or invalid' }),
    modifications: Type.String({ description: 'none, lta, form-filling, annotations or forbidden' }),
    permitted: Type.Boolean(),
    trust: Type.String({ description: 'trusted, untrusted, expired, revoked or unknown' }),
    indication: Type.String({ description: 'EN 319 102-1 5.1.3' }),
    subIndication: Type.Union([Type.String(), Type.Null()]),
    level: Type.Union([Type.String(), Type.Null()]),
    signer: Type.Union([Type.String(), Type.Null()]),
    issuer: Type.Union([Type.String(), Type.Null()]),
    signingTime: Type.Union([Type.String(), Type.Null()]),
    verdict: Type.String({ description: 'valid, invalid or indeterminate' }),
    reasons: Type.Array(Reason),
    notes: Type.Array(Reason),
  },
  { description: 'One signature; besides these, its seven fields, checks, certificates and changes.' },
);

export const ValidationView = Type.Object({
  id: Type.String({ description: 'Under which report and evidence are kept.' }),
  file: Type.Object({ name: Type.String(), sha256: Type.String(), size: Type.Integer() }),
  verdict: Type.String({ description: 'valid, invalid, indeterminate, unsigned or unreadable' }),
  documentIntegrity: Type.String({ description: 'intact, tampered or unknown' }),
  code: Type.Union([Type.String(), Type.Null()]),
  summary: Words,
  next: Words,
  verifiedAt: Type.String(),
  signatures: Type.Array(SignatureView),
});

export const ListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ maxLength: 1000 })),
});

export const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
