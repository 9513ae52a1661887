import { type Static, Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { HttpError } from './errors.ts';

/** One part the server cannot do its work without. Rejects or resolves to false when it does not answer. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<boolean>;
}

const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('failing')]),
  components: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.Literal('ok'), Type.Literal('failing')])),
  ),
});

/** `/healthz`: the process answers. `/readyz`: it can do its work; which part cannot is told to administrators only. */
export function healthRoutes(checks: readonly HealthCheck[]): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/healthz',
      summary: 'Whether the process answers',
      tag: 'health',
      access: 'public',
      response: Health,
      handle: (): Static<typeof Health> => ({ status: 'ok' }),
    }),
    defineRoute({
      method: 'get',
      path: '/readyz',
      summary: 'Whether the server can do its work',
      tag: 'health',
      access: 'public',
      response: Health,
      errors: ['http.not_ready'],
      handle: async ({ actor }): Promise<Static<typeof Health>> => {
        const results = await Promise.all(
          checks.map(async ({ name, check }) => [name, await holds(check)] as const),
        );
        const ok = results.every(([, state]) => state === 'ok');
        const components = actor?.roles.includes('administrator')
          ? { components: Object.fromEntries(results) }
          : {};
        if (!ok) throw new HttpError('http.not_ready', 'a component is failing', { details: components });
        return { status: 'ok', ...components };
      },
    }),
  ];
}

async function holds(check: () => Promise<boolean>): Promise<'ok' | 'failing'> {
  try {
    return (await check()) ? 'ok' : 'failing';
  } catch {
    return 'failing';
  }
}
