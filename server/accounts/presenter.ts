import { type Static, Type } from 'typebox';
import { AccountRole } from '../workflow/definition.ts';
import type { IssuedLink } from './invite-account.ts';
import { type Account, type Agency, type ApiToken, DatedCode } from './schema.ts';

/** What colleagues may know of each other. */
export const PersonView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  position: Type.Optional(Type.String()),
  agencyId: Type.String({ format: 'uuid' }),
  unitId: Type.Optional(Type.String({ format: 'uuid' })),
  roles: Type.Array(AccountRole),
});

/** What the holder, administrators and auditors may know. */
export const AccountView = Type.Object({
  ...PersonView.properties,
  login: Type.String(),
  status: Type.Union([Type.Literal('invited'), Type.Literal('active'), Type.Literal('disabled')]),
  createdAt: Type.String({ format: 'date-time' }),
  lastUsedAt: Type.String({ format: 'date-time' }),
  passwordChangedAt: Type.Optional(Type.String({ format: 'date-time' })),
});

export const AgencyView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  code: Type.String(),
  name: Type.String(),
  notation: Type.String(),
  place: Type.String(),
  codes: Type.Array(DatedCode),
  path: Type.Array(Type.String({ format: 'uuid' }), { description: 'From the root down to this agency.' }),
  units: Type.Array(
    Type.Object({ id: Type.String({ format: 'uuid' }), name: Type.String(), notation: Type.String() }),
  ),
});

export const TokenView = Type.Object({
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  roles: Type.Array(AccountRole),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.String({ format: 'date-time' }),
  revokedAt: Type.Optional(Type.String({ format: 'date-time' })),
});

export const InvitationView = Type.Object(
  {
    token: Type.String(),
    link: Type.String({ description: 'Path and fragment on this server, to hand to the holder.' }),
    expiresAt: Type.String({ format: 'date-time' }),
  },
  { description: 'Works once, and is shown this once.' },
);

export function presentPerson(account: Account): Static<typeof PersonView> {
  const { id, name, position, agencyId, unitId, roles } = account;
  return {
    id,
    name,
    ...(position === undefined ? {} : { position }),
    agencyId,
    ...(unitId === undefined ? {} : { unitId }),
    roles,
  };
}

export function presentAccount(account: Account): Static<typeof AccountView> {
  const { login, status, createdAt, lastUsedAt, passwordChangedAt } = account;
  return {
    ...presentPerson(account),
    login,
    status,
    createdAt,
    lastUsedAt,
    ...(passwordChangedAt === undefined ? {} : { passwordChangedAt }),
  };
}

export function presentAgency(agency: Agency): Static<typeof AgencyView> {
  const { id, code, name, notation, place, codes, path, units } = agency;
  return { id, code, name, notation, place, codes: [...codes], path: [...path], units: [...units] };
}

export function presentToken(token: ApiToken): Static<typeof TokenView> {
  const { id, name, roles, createdAt, expiresAt, revokedAt } = token;
  return {
    id,
    name,
    roles: [...roles],
    createdAt,
    expiresAt,
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}

export const presentInvitation = ({ token, link, expiresAt }: IssuedLink): Static<typeof InvitationView> => ({
  token,
  link,
  expiresAt,
});
