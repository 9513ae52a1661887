import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { approveVersion } from './approve-version.ts';
import { describe } from './list-versions.ts';
import { may } from './policy.ts';
import type { ProcessesDeps } from './repository.ts';
import { returnToDraft } from './return-to-draft.ts';
import { reviewVersion } from './review-version.ts';
import { ByVersion, Comment, VersionDetail } from './schema.ts';
import { submitDraft } from './submit-draft.ts';
import { withdrawVersion } from './withdraw-version.ts';

const Strict = { additionalProperties: false } as const;
const tag = 'processes';
const one = '/api/v1/processes/:code/versions/:version';
const Reason = Type.Object({ reason: Comment }, Strict);
const refusals = ['processes.wrong_state', 'processes.not_found', 'processes.changed_meanwhile'];

/** draft, inReview, approved, withdrawn: one post each. */
export function reviewRoutes(deps: ProcessesDeps): AnyRoute[] {
  const shared = { method: 'post', tag, params: ByVersion, response: VersionDetail } as const;
  return [
    defineRoute({
      ...shared,
      path: `${one}/submit`,
      summary: 'Hand a draft to review',
      access: may.write,
      errors: [...refusals, 'processes.invalid'],
      handle: async ({ actor, params }) => describe(deps, await submitDraft(deps, actor, params)),
    }),
    defineRoute({
      ...shared,
      path: `${one}/review`,
      summary: 'Find a version suitable',
      access: may.review,
      body: Type.Object({ comment: Type.Optional(Comment) }, Strict),
      errors: [...refusals, 'processes.separation_of_duties'],
      handle: async ({ actor, params, body }) =>
        describe(deps, await reviewVersion(deps, actor, { ...params, ...body })),
    }),
    defineRoute({
      ...shared,
      path: `${one}/return`,
      summary: 'Send a version under review back to its authors',
      access: may.review,
      body: Reason,
      errors: refusals,
      handle: async ({ actor, params, body }) =>
        describe(deps, await returnToDraft(deps, actor, { ...params, ...body })),
    }),
    defineRoute({
      ...shared,
      path: `${one}/approve`,
      summary: 'Approve a reviewed version; it applies from effectiveFrom, at once by default',
      access: may.approve,
      body: Type.Object(
        {
          effectiveFrom: Type.Optional(Type.String({ format: 'date-time' })),
          comment: Type.Optional(Comment),
        },
        Strict,
      ),
      errors: [
        ...refusals,
        'processes.review_missing',
        'processes.separation_of_duties',
        'processes.effective_in_past',
      ],
      handle: async ({ actor, params, body }) =>
        describe(deps, await approveVersion(deps, actor, { ...params, ...body })),
    }),
    defineRoute({
      ...shared,
      path: `${one}/withdraw`,
      summary: 'Take a version out of use',
      access: may.withdraw,
      body: Reason,
      errors: refusals,
      handle: async ({ actor, params, body }) =>
        describe(deps, await withdrawVersion(deps, actor, { ...params, ...body })),
    }),
  ];
}
