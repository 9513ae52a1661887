import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { createToken } from './create-token.ts';
import { presentToken, TokenView } from './presenter.ts';
import type { AccountsDeps } from './repository.ts';
import { revokeToken } from './revoke-token.ts';
import { Id, Roles } from './schema.ts';

const tag = 'tokens';

/** Tokens of programs. */
export function tokenRoutes(deps: AccountsDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/tokens',
      summary: 'Make a token with which a program acts for me; shown this once',
      tag,
      access: 'signed-in',
      status: 201,
      body: Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 100 }),
          roles: Roles,
          days: Type.Integer({ minimum: 1, maximum: 366, default: 90 }),
        },
        { additionalProperties: false },
      ),
      response: Type.Object({ token: TokenView, secret: Type.String() }),
      errors: ['accounts.session_required', 'accounts.roles_not_held'],
      handle: async ({ actor, body }) => {
        const { token, secret } = await createToken(deps, actor, body);
        return { token: presentToken(token), secret };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/tokens',
      summary: 'My tokens, oldest first',
      tag,
      access: 'signed-in',
      response: Type.Object({ items: Type.Array(TokenView) }),
      handle: async ({ actor }) => {
        const { items } = await deps.tokens.find('account', { prefix: [actor.accountId], limit: 1000 });
        return { items: items.map(presentToken) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/v1/tokens/:id',
      summary: 'Revoke a token: mine, or as administrator anybody’s',
      tag,
      access: 'signed-in',
      params: Type.Object({ id: Id }),
      response: TokenView,
      errors: ['accounts.not_found', 'accounts.outside_agency'],
      handle: async ({ actor, params }) => presentToken(await revokeToken(deps, actor, params.id)),
    }),
  ];
}
