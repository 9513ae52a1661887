import { type Static, Type } from 'typebox';
import type { Aggregate } from '../storage/ports.ts';
import { AccountRole } from '../workflow/definition.ts';

const Strict = { additionalProperties: false } as const;
const Title = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
export const Id = Type.String({ format: 'uuid' });

export const Login = Type.String({
  minLength: 3,
  maxLength: 64,
  pattern: '^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$',
  description: 'Lower case letters, digits, dot, hyphen and underscore; one person, one account.',
});

export const Password = Type.String({ minLength: 1, maxLength: 128, writeOnly: true });

/** Decision 20/2020/QĐ-TTg: levels from left to right, at most 35 characters; `H12` or `H12.15.3`. */
export const AgencyCode = Type.String({
  maxLength: 35,
  pattern: '^([A-Y][0-9]{2}(\\.[0-9A-Z]+)*|Z[0-9A-Z]{2}[0-9A-Z]{1,32})$',
  description: 'Identifier code of Decision 20/2020/QĐ-TTg.',
});

export const AgencyInput = Type.Object(
  {
    code: AgencyCode,
    name: Title,
    notation: Type.String({ minLength: 1, maxLength: 30, description: 'In document notations: `UBND`.' }),
    place: Type.String({ minLength: 1, maxLength: 100, description: 'Printed before the date.' }),
  },
  Strict,
);
export type AgencyInput = Static<typeof AgencyInput>;

/** A code and the days it was in force: provinces were coded anew in 2025, and old documents keep the old code. */
export const DatedCode = Type.Object({
  code: AgencyCode,
  from: Type.String({ format: 'date-time' }),
  until: Type.Optional(Type.String({ format: 'date-time' })),
});
export type DatedCode = Static<typeof DatedCode>;

export interface Agency extends Aggregate {
  readonly name: string;
  readonly notation: string;
  readonly place: string;
  /** Oldest first; the last one has no `until`. */
  readonly codes: readonly DatedCode[];
  /** The code in force. */
  readonly code: string;
  /** Ids from the root of the tree down to this agency itself. */
  readonly path: readonly string[];
  readonly units: readonly Unit[];
}

/** Inserting the row (its id is the code) is taking the code, once and for good. */
export interface TakenCode extends Aggregate {
  readonly agencyId: string;
}

export const UnitInput = Type.Object(
  { name: Title, notation: Type.String({ minLength: 1, maxLength: 30 }) },
  Strict,
);
export type UnitInput = Static<typeof UnitInput>;

export interface Unit extends UnitInput {
  readonly id: string;
}

export const Roles = Type.Array(AccountRole, { uniqueItems: true, maxItems: 6 });

export const AccountInput = Type.Object(
  {
    login: Login,
    name: Title,
    position: Type.Optional(
      Type.String({ maxLength: 200, description: 'Printed over the signature: `CHỦ TỊCH`.' }),
    ),
    agencyId: Id,
    unitId: Type.Optional(Id),
    roles: Roles,
  },
  Strict,
);
export type AccountInput = Static<typeof AccountInput>;

export interface Account extends Aggregate, AccountInput {
  readonly status: 'invited' | 'active' | 'disabled';
  /** argon2id in PHC form; absent until the invitation is accepted. */
  readonly passwordHash?: string;
  /** Earlier hashes, newest first, as many as the rules forbid to use again. */
  readonly passwordHistory: readonly string[];
  readonly passwordChangedAt?: string;
  /** The password was set by somebody else and only opens the door to changing it. */
  readonly passwordTemporary?: boolean;
  /** When the account was last used or enabled; from it idleness counts. */
  readonly lastUsedAt: string;
  /** Grows with each change of password and each closing: sessions of an earlier one count no more. */
  readonly generation: number;
  readonly createdAt: string;
}

/** Ends at sign-out, disuse, old age, change of password or of the account. The id is the SHA-256 of the cookie. */
export interface Session extends Aggregate {
  readonly accountId: string;
  readonly generation: number;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly expiresAt: string;
}

/** A token of a program. */
export interface ApiToken extends Aggregate {
  readonly accountId: string;
  readonly name: string;
  /** SHA-256 of the token, hex: it has 256 random bits, so no slow hash is needed. */
  readonly hash: string;
  readonly roles: readonly AccountRole[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt?: string;
}

/** A one-time link. The id is the SHA-256 of its secret, hex. */
export interface Invitation extends Aggregate {
  readonly purpose: 'first-administrator' | 'account';
  readonly accountId?: string;
  readonly expiresAt: string;
  readonly usedAt?: string;
}

/** Failed sign-ins of one login (known or not) or of one address. */
export interface SignInCounter extends Aggregate {
  readonly failures: number;
  readonly notBefore: string;
  readonly expiresAt: string;
}
