import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Key = Type.Union([
  Type.Literal('rsa-2048'),
  Type.Literal('rsa-3072'),
  Type.Literal('rsa-4096'),
  Type.Literal('p-256'),
  Type.Literal('p-384'),
  Type.Literal('p-521'),
  Type.Literal('ed25519'),
]);
const Usage = Type.Union([
  Type.Literal('digitalSignature'),
  Type.Literal('nonRepudiation'),
  Type.Literal('keyEncipherment'),
  Type.Literal('dataEncipherment'),
]);
const Purpose = Type.Union([
  Type.Literal('emailProtection'),
  Type.Literal('documentSigning'),
  Type.Literal('timeStamping'),
  Type.Literal('ocspSigning'),
]);
const Attribute = Type.Union(
  ['C', 'ST', 'L', 'O', 'OU', 'CN', 'E', 'T', 'UID'].map((name) => Type.Literal(name)),
);

/** Days are counted from the moment of generation. */
const common = {
  id: Type.String({ pattern: '^[a-z0-9-]+$' }),
  key: Key,
  /** Relative distinguished names in the order of the encoding. */
  subject: Type.Array(Type.Tuple([Attribute, Type.String({ minLength: 1 })]), { minItems: 1 }),
  fromDays: Type.Integer(),
  toDays: Type.Integer(),
};
const strict = { additionalProperties: false };

const AuthorityRecipe = Type.Object(
  {
    ...common,
    /** Absent: the authority is a root. An issuer stands before whom it issues. */
    issuer: Type.Optional(Type.String()),
    pathLength: Type.Integer({ minimum: 0 }),
  },
  strict,
);

const CertificateRecipe = Type.Object(
  {
    ...common,
    issuer: Type.String(),
    holder: Type.Union([Type.Literal('person'), Type.Literal('organization'), Type.Literal('device')]),
    /** Default: digitalSignature and nonRepudiation. */
    keyUsage: Type.Optional(Type.Array(Usage)),
    /** Default: emailProtection and documentSigning, not critical. */
    extendedKeyUsage: Type.Optional(
      Type.Object({ purposes: Type.Array(Purpose), critical: Type.Boolean() }, strict),
    ),
    revoked: Type.Optional(
      Type.Object(
        {
          atDays: Type.Integer(),
          reason: Type.Union([
            Type.Literal('keyCompromise'),
            Type.Literal('affiliationChanged'),
            Type.Literal('cessationOfOperation'),
            Type.Literal('certificateHold'),
          ]),
        },
        strict,
      ),
    ),
    /** How the PKCS#12 file is protected: AES-256 (default), or RC2-40 and 3DES as old programs wrote it. */
    file: Type.Optional(Type.Union([Type.Literal('modern'), Type.Literal('legacy')])),
    /** False: the file holds the leaf only, as many real ones do. */
    fileHoldsChain: Type.Optional(Type.Boolean()),
  },
  strict,
);

const Recipe = Type.Object(
  {
    /** Policy in every certificate made here: a production server knows them by it. */
    developmentPolicy: Type.String({ pattern: '^[0-9.]+$' }),
    crlBase: Type.String(),
    crlDays: Type.Integer({ minimum: 1 }),
    authorities: Type.Array(AuthorityRecipe, { minItems: 1 }),
    certificates: Type.Array(CertificateRecipe),
  },
  strict,
);

export type KeyKind = Static<typeof Key>;
export type AuthorityRecipe = Static<typeof AuthorityRecipe>;
export type CertificateRecipe = Static<typeof CertificateRecipe>;
export type Recipe = Static<typeof Recipe>;

/** Folder of the shipped recipe, and where `npm run certs:dev` writes by default. */
export const certsDevFolder = fileURLToPath(new URL('../../certs-dev', import.meta.url));

/** The shipped recipe. @throws Error naming the first path that does not fit the schema. */
export function readRecipe(path = `${certsDevFolder}/recipe.json`): Recipe {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (Value.Check(Recipe, value)) return value;
  const [problem] = Value.Errors(Recipe, value);
  throw new Error(`${path}: ${problem?.instancePath ?? ''} ${problem?.message ?? 'does not fit the schema'}`);
}
