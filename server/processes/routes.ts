import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { findEffective } from './catalogue.ts';
import { createDraft } from './create-draft.ts';
import { editDraft } from './edit-draft.ts';
import { ProcessesError } from './errors.ts';
import { importShipped } from './import-definitions.ts';
import { lintValue } from './lint-definition.ts';
import { describe, exportVersion, listVersions, showVersion } from './list-versions.ts';
import { may } from './policy.ts';
import type { ProcessesDeps } from './repository.ts';
import { reviewRoutes } from './review-routes.ts';
import { ByVersion, Code, DefinitionBody, FindingView, VersionDetail, VersionSummary } from './schema.ts';

const Strict = { additionalProperties: false } as const;
const tag = 'processes';
const base = '/api/v1/processes';
const one = `${base}/:code/versions/:version`;
const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ maxLength: 1000 })),
};
const VersionPage = Type.Object({ items: Type.Array(VersionSummary), next: Type.Optional(Type.String()) });

/** The process definitions of the actor's agency and their life (ISO 9001 7.5). */
export function processesRoutes(deps: ProcessesDeps): AnyRoute[] {
  return [...readingRoutes(deps), ...writingRoutes(deps), ...reviewRoutes(deps)];
}

function readingRoutes(deps: ProcessesDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: base,
      summary: 'Versions of all processes of the agency, by code and number',
      tag,
      access: 'signed-in',
      query: Type.Object(pageQuery, Strict),
      response: VersionPage,
      handle: ({ actor, query }) => listVersions(deps, actor, query),
    }),
    defineRoute({
      method: 'get',
      path: `${base}/:code/versions`,
      summary: 'Versions of one process',
      tag,
      access: 'signed-in',
      params: Type.Object({ code: Code }),
      query: Type.Object(pageQuery, Strict),
      response: VersionPage,
      handle: ({ actor, params, query }) => listVersions(deps, actor, { ...query, ...params }),
    }),
    defineRoute({
      method: 'get',
      path: one,
      summary: 'One version with its content',
      tag,
      access: 'signed-in',
      params: ByVersion,
      response: VersionDetail,
      errors: ['processes.not_found'],
      handle: ({ actor, params }) => showVersion(deps, actor, params),
    }),
    defineRoute({
      method: 'get',
      path: `${base}/:code/effective`,
      summary: 'The version in effect now, of the agency or of one above it',
      tag,
      access: 'signed-in',
      params: Type.Object({ code: Code }),
      response: VersionDetail,
      errors: ['processes.not_found'],
      handle: async ({ actor, params }) => {
        const found = await findEffective(deps, actor.agencyId, params.code, deps.clock.now());
        if (found === undefined) throw new ProcessesError('processes.not_found', 'no version is in effect');
        return describe(deps, found);
      },
    }),
    defineRoute({
      method: 'get',
      path: `${one}/definition`,
      summary: 'The definition as a JSON file',
      tag,
      access: 'signed-in',
      params: ByVersion,
      contentType: 'application/json',
      errors: ['processes.not_found'],
      handle: async ({ actor, params, res }) => {
        const { version, text } = await exportVersion(deps, actor.agencyId, params);
        res.attachment(`${version}.json`).type('application/json').send(text);
      },
    }),
  ];
}

function writingRoutes(deps: ProcessesDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: `${base}/lint`,
      summary: 'Findings about a definition; nothing is kept',
      tag,
      access: 'signed-in',
      body: DefinitionBody,
      response: Type.Object({ findings: Type.Array(FindingView) }),
      handle: ({ body }) => ({ findings: lintValue(body) }),
    }),
    defineRoute({
      method: 'post',
      path: `${base}/import`,
      summary: 'Drafts from the definitions that ship with the program; done again it adds nothing',
      tag,
      access: may.import,
      response: Type.Object({
        items: Type.Array(
          Type.Object({
            file: Type.String(),
            outcome: Type.Union([Type.Literal('added'), Type.Literal('present'), Type.Literal('refused')]),
            code: Type.Optional(Type.String()),
            version: Type.Optional(Type.Integer()),
            error: Type.Optional(Type.String()),
            details: Type.Optional(Type.Object({}, { additionalProperties: true })),
          }),
        ),
      }),
      handle: async ({ actor }) => ({ items: await importShipped(deps, actor) }),
    }),
    defineRoute({
      method: 'post',
      path: base,
      summary: 'A new draft; code and number stand in the definition',
      tag,
      access: may.write,
      status: 201,
      body: DefinitionBody,
      response: VersionDetail,
      errors: ['processes.invalid', 'processes.version_taken', 'processes.version_must_grow'],
      handle: async ({ actor, body }) => describe(deps, await createDraft(deps, actor, { definition: body })),
    }),
    defineRoute({
      method: 'put',
      path: one,
      summary: 'Replace the content of a draft; under review this voids the review',
      tag,
      access: may.write,
      params: ByVersion,
      body: Type.Object(
        {
          definition: DefinitionBody,
          revision: Type.Optional(Type.Integer({ minimum: 1, description: 'What the edit was made from.' })),
        },
        Strict,
      ),
      response: VersionDetail,
      errors: ['processes.invalid', 'processes.wrong_state', 'processes.changed_meanwhile'],
      handle: async ({ actor, params, body }) =>
        describe(deps, await editDraft(deps, actor, { ...params, ...body })),
    }),
  ];
}
