import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { assignRoles } from './assign-roles.ts';
import { createAccount } from './create-account.ts';
import { AccountsError } from './errors.ts';
import { renewInvitation } from './invite-account.ts';
import { listAccounts, mayReadPeople, seesAll } from './list-accounts.ts';
import {
  AccountView,
  InvitationView,
  PersonView,
  presentAccount,
  presentInvitation,
  presentPerson,
} from './presenter.ts';
import type { AccountsDeps } from './repository.ts';
import { AccountInput, Id, Roles } from './schema.ts';
import { disableAccount, enableAccount } from './set-status.ts';
import { accountById } from './update-account.ts';

const Strict = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
const tag = 'accounts';
const administrator = ['administrator'] as const;
const scope = ['accounts.not_found', 'accounts.outside_agency'];

/** Accounts of people. */
export function accountRoutes(deps: AccountsDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/accounts',
      summary: 'Make an account and the one-time link for its holder',
      tag,
      access: administrator,
      status: 201,
      body: AccountInput,
      response: Type.Object({ account: AccountView, invitation: InvitationView }),
      errors: [...scope, 'accounts.login_taken', 'accounts.roles_conflict'],
      handle: async ({ actor, body }) => {
        const { account, invitation } = await createAccount(deps, actor, body);
        return { account: presentAccount(account), invitation: presentInvitation(invitation) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/accounts',
      summary: 'People of an agency',
      description:
        'Of the own agency unless another one is asked for. Administrators and auditors see more of each.',
      tag,
      access: 'signed-in',
      query: Type.Object(
        {
          agencyId: Type.Optional(Id),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          cursor: Type.Optional(Type.String({ maxLength: 1000 })),
        },
        Strict,
      ),
      response: Type.Object({
        items: Type.Array(Type.Union([AccountView, PersonView])),
        next: Type.Optional(Type.String()),
      }),
      errors: scope,
      handle: async ({ actor, query }) => {
        const { items, next } = await listAccounts(deps, actor, query);
        const present = seesAll(actor) ? presentAccount : presentPerson;
        return { items: items.map(present), ...(next === undefined ? {} : { next }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/accounts/:id',
      summary: 'One person',
      tag,
      access: 'signed-in',
      params: ById,
      response: Type.Union([AccountView, PersonView]),
      errors: ['accounts.not_found'],
      handle: async ({ actor, params }) => {
        const account = await accountById(deps, params.id);
        if (!(await mayReadPeople(deps, actor, account.agencyId))) {
          throw new AccountsError('accounts.not_found', `there is no account ${params.id}`);
        }
        return seesAll(actor) || actor.accountId === account.id
          ? presentAccount(account)
          : presentPerson(account);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/accounts/:id/invitation',
      summary: 'Make a new one-time link; earlier ones end',
      tag,
      access: administrator,
      status: 201,
      params: ById,
      response: InvitationView,
      errors: [...scope, 'accounts.own_account'],
      handle: async ({ actor, params }) => presentInvitation(await renewInvitation(deps, actor, params.id)),
    }),
    defineRoute({
      method: 'put',
      path: '/api/v1/accounts/:id/roles',
      summary: 'Give an account exactly these roles',
      tag,
      access: administrator,
      params: ById,
      body: Type.Object({ roles: Roles }, Strict),
      response: AccountView,
      errors: [...scope, 'accounts.own_account', 'accounts.roles_conflict', 'accounts.last_administrator'],
      handle: async ({ actor, params, body }) =>
        presentAccount(await assignRoles(deps, actor, { accountId: params.id, roles: body.roles })),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/accounts/:id/disable',
      summary: 'Close an account; its sessions and tokens count no more',
      tag,
      access: administrator,
      params: ById,
      body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, Strict),
      response: AccountView,
      errors: [...scope, 'accounts.own_account', 'accounts.last_administrator'],
      handle: async ({ actor, params, body }) =>
        presentAccount(await disableAccount(deps, actor, { accountId: params.id, reason: body.reason })),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/accounts/:id/enable',
      summary: 'Open an account again',
      tag,
      access: administrator,
      params: ById,
      response: AccountView,
      errors: [...scope, 'accounts.own_account'],
      handle: async ({ actor, params }) => presentAccount(await enableAccount(deps, actor, params.id)),
    }),
  ];
}
