import type { AnyRoute } from '../platform/route.ts';
import { accountRoutes } from './account-routes.ts';
import { agencyRoutes } from './agency-routes.ts';
import type { AccountsDeps } from './repository.ts';
import type { SessionCookie } from './session-cookie.ts';
import { sessionRoutes } from './session-routes.ts';
import { tokenRoutes } from './token-routes.ts';

export function accountsRoutes(deps: AccountsDeps & { readonly cookie: SessionCookie }): AnyRoute[] {
  return [...sessionRoutes(deps), ...accountRoutes(deps), ...agencyRoutes(deps), ...tokenRoutes(deps)];
}

/** Where passwords and one-time links are tried: these are limited more tightly than the rest. */
export const credentialPaths = [
  '/api/v1/sign-in',
  '/api/v1/change-password',
  '/api/v1/invitations/accept',
  '/api/v1/setup',
] as const;
