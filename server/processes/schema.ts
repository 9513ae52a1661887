import { type Static, Type } from 'typebox';
import type { Aggregate, DomainEvent } from '../storage/ports.ts';
import { LocalizedText, type ProcessDefinition } from '../workflow/definition.ts';

/** What is written down. `effective` and `superseded` are not: they follow from the versions and the hour. */
export type StoredState = 'draft' | 'inReview' | 'approved' | 'withdrawn';

export const VersionState = Type.Union([
  Type.Literal('draft'),
  Type.Literal('inReview'),
  Type.Literal('approved'),
  Type.Literal('effective'),
  Type.Literal('superseded'),
  Type.Literal('withdrawn'),
]);
export type VersionState = Static<typeof VersionState>;

/** An act on a version: who and when (ISO 9001 7.5.2 c, 7.5.3.2 c). */
export interface Act {
  /** Account id. */
  readonly by: string;
  readonly time: string;
  readonly comment?: string;
}

/** One version of one process of one agency. Its content is fixed once it is approved. */
export interface ProcessVersion extends Aggregate {
  readonly agencyId: string;
  readonly code: string;
  readonly version: number;
  readonly definition: ProcessDefinition;
  /** SHA-256 of the definition's canonical JSON, lower-case hex. */
  readonly hash: string;
  readonly state: StoredState;
  /** Everybody who wrote in it: none of them reviews or approves it. */
  readonly authors: readonly string[];
  readonly created: Act;
  readonly submitted?: Act;
  /** Of the content as it stands: an edit clears them. */
  readonly reviews: readonly Act[];
  readonly approved?: Act;
  /** UTC instant from which the version applies. */
  readonly effectiveFrom?: string;
  readonly withdrawn?: Act;
  readonly outbox?: readonly DomainEvent[];
}

const ActView = Type.Object({
  by: Type.String(),
  time: Type.String({ format: 'date-time' }),
  comment: Type.Optional(Type.String()),
});

export const VersionSummary = Type.Object(
  {
    code: Type.String(),
    version: Type.Integer(),
    title: LocalizedText,
    state: VersionState,
    hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    agencyId: Type.String(),
    effectiveFrom: Type.Optional(Type.String({ format: 'date-time' })),
    revision: Type.Integer({ description: 'Of the record; send it back with an edit.' }),
  },
  { description: 'A version of a process, without its content.' },
);
export type VersionSummary = Static<typeof VersionSummary>;

export const VersionDetail = Type.Intersect([
  VersionSummary,
  Type.Object({
    definition: Type.Object({}, { additionalProperties: true, description: 'The process definition.' }),
    authors: Type.Array(Type.String()),
    created: ActView,
    submitted: Type.Optional(ActView),
    reviews: Type.Array(ActView),
    approved: Type.Optional(ActView),
    withdrawn: Type.Optional(ActView),
  }),
]);
export type VersionDetail = Static<typeof VersionDetail>;

export const FindingView = Type.Object({
  rule: Type.String(),
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
  path: Type.String({ description: 'JSON pointer (RFC 6901) into the definition.' }),
  vi: Type.String(),
  en: Type.String(),
});

export const DefinitionBody = Type.Object(
  {},
  {
    additionalProperties: true,
    description: 'A process definition: processes/process-definition.schema.json.',
  },
);
export const Comment = Type.String({ minLength: 1, maxLength: 2_000 });
export const Code = Type.String({ minLength: 1, maxLength: 40 });
export const ByVersion = Type.Object({ code: Code, version: Type.Integer({ minimum: 1 }) });
