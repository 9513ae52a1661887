import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { agencyById } from './agency-by-id.ts';
import { createAgency } from './create-agency.ts';
import { createUnit } from './create-unit.ts';
import { AgencyView, presentAgency } from './presenter.ts';
import { recodeAgency } from './recode-agency.ts';
import type { AccountsDeps } from './repository.ts';
import { AgencyCode, AgencyInput, Id, UnitInput } from './schema.ts';

const Strict = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
const tag = 'agencies';
const administrator = ['administrator'] as const;

/** The tree of agencies and their units. */
export function agencyRoutes(deps: AccountsDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/agencies',
      summary: 'Put an agency below another one',
      tag,
      access: administrator,
      status: 201,
      body: Type.Object({ ...AgencyInput.properties, parentId: Id }, Strict),
      response: AgencyView,
      errors: ['accounts.not_found', 'accounts.outside_agency', 'accounts.agency_code_taken'],
      handle: async ({ actor, body }) => presentAgency(await createAgency(deps, actor, body)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/agencies',
      summary: 'The own agency and those below it, in the order of their codes',
      tag,
      access: 'signed-in',
      query: Type.Object(
        {
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
          cursor: Type.Optional(Type.String({ maxLength: 1000 })),
        },
        Strict,
      ),
      response: Type.Object({ items: Type.Array(AgencyView), next: Type.Optional(Type.String()) }),
      handle: async ({ actor, query }) => {
        const { items, next } = await deps.agencies.find('tree', { prefix: [actor.agencyId], ...query });
        return { items: items.map(presentAgency), ...(next === undefined ? {} : { next }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/agencies/:id',
      summary: 'One agency',
      tag,
      access: 'signed-in',
      params: ById,
      response: AgencyView,
      errors: ['accounts.not_found'],
      handle: async ({ params }) => presentAgency(await agencyById(deps, params.id)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/agencies/:id/units',
      summary: 'Add a unit',
      tag,
      access: administrator,
      status: 201,
      params: ById,
      body: UnitInput,
      response: Type.Object({ id: Id, name: Type.String(), notation: Type.String() }),
      errors: ['accounts.not_found', 'accounts.outside_agency'],
      handle: ({ actor, params, body }) => createUnit(deps, actor, { agencyId: params.id, ...body }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/agencies/:id/codes',
      summary: 'Give an agency a new identifier code from now on',
      tag,
      access: administrator,
      status: 201,
      params: ById,
      body: Type.Object({ code: AgencyCode }, Strict),
      response: AgencyView,
      errors: ['accounts.not_found', 'accounts.outside_agency', 'accounts.agency_code_taken'],
      handle: async ({ actor, params, body }) =>
        presentAgency(await recodeAgency(deps, actor, { agencyId: params.id, code: body.code })),
    }),
  ];
}
