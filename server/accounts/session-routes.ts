import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { changePassword } from './change-password.ts';
import { createFirstAdministrator } from './first-administrator.ts';
import { AccountView, presentAccount } from './presenter.ts';
import type { AccountsDeps } from './repository.ts';
import { AgencyInput, Login, Password } from './schema.ts';
import type { SessionCookie } from './session-cookie.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { accountById } from './update-account.ts';

const Strict = { additionalProperties: false } as const;
/** As typed: whether such a login exists is not told by a refusal of its form. */
const TypedLogin = Type.String({ minLength: 1, maxLength: 64 });
const LinkToken = Type.String({ minLength: 20, maxLength: 100, writeOnly: true });
const refusals = [
  'accounts.wrong_credentials',
  'accounts.too_many_attempts',
  'accounts.disabled',
  'http.too_many_requests',
];

/** Signing in and out, one's own password, one-time links. */
export function sessionRoutes(deps: AccountsDeps & { readonly cookie: SessionCookie }): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/sign-in',
      summary: 'Open a session; its cookie comes with the answer',
      tag: 'accounts',
      access: 'public',
      body: Type.Object({ login: TypedLogin, password: Password }, Strict),
      response: Type.Object({ account: AccountView, expiresAt: Type.String({ format: 'date-time' }) }),
      errors: [...refusals, 'accounts.password_change_required'],
      handle: async ({ body, req, res }) => {
        const credentials = { login: asLogin(body.login), password: body.password };
        const { account, secret, expiresAt } = await signIn(deps, credentials, req.ip ?? '');
        deps.cookie.set(res, secret, expiresAt);
        return { account: presentAccount(account), expiresAt: expiresAt.toISOString() };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/sign-out',
      summary: 'End the session',
      tag: 'accounts',
      access: 'signed-in',
      handle: async ({ actor, req, res }) => {
        await signOut(deps, actor, deps.cookie.read(req));
        deps.cookie.clear(res);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/me',
      summary: 'Who I am',
      tag: 'accounts',
      access: 'signed-in',
      response: AccountView,
      handle: async ({ actor }) => ({
        ...presentAccount(await accountById(deps, actor.accountId)),
        roles: actor.roles,
      }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/change-password',
      summary: 'Change my password; ends my sessions',
      description: 'Needs no session: a person whose password is temporary or too old has none.',
      tag: 'accounts',
      access: 'public',
      body: Type.Object({ login: TypedLogin, password: Password, newPassword: Password }, Strict),
      response: AccountView,
      errors: [...refusals, 'accounts.weak_password', 'accounts.password_used_before'],
      handle: async ({ body, req }) =>
        presentAccount(await changePassword(deps, { ...body, login: asLogin(body.login) }, req.ip ?? '')),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/invitations/accept',
      summary: 'Choose the password of an account with its one-time link',
      tag: 'accounts',
      access: 'public',
      body: Type.Object({ token: LinkToken, password: Password }, Strict),
      response: AccountView,
      errors: ['accounts.link_invalid', 'accounts.weak_password', 'accounts.disabled'],
      handle: async ({ body }) => presentAccount(await acceptInvitation(deps, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/setup',
      summary: 'Make the first agency and its administrator with the link printed at start',
      tag: 'accounts',
      access: 'public',
      status: 201,
      body: Type.Object(
        {
          token: LinkToken,
          agency: AgencyInput,
          login: Login,
          name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
          password: Password,
        },
        Strict,
      ),
      response: AccountView,
      errors: ['accounts.link_invalid', 'accounts.weak_password', 'accounts.login_taken'],
      handle: async ({ body }) => presentAccount(await createFirstAdministrator(deps, body)),
    }),
  ];
}

const asLogin = (typed: string): string => typed.trim().toLowerCase();
