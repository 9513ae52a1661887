import { type Static, Type } from 'typebox';
import { LONGEST_WAIT_DAYS } from '../signing/deferred/longest-wait.ts';
import { LocalizedText } from '../workflow/definition.ts';

const Strict = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Instant = Type.String({ format: 'date-time' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Reason = Type.String({ maxLength: 4000 });
const Fields = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 500 });

export const ById = Type.Object({ id: Id });
export const ByVisit = Type.Object({ id: Id, visit: Id });
export const ByFile = Type.Object({ id: Id, file: Id });
const Paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ maxLength: 1000 })),
};
export const WorkQuery = Type.Object(Paging, Strict);
export const ListQuery = Type.Object(
  { scope: Type.Optional(Type.Enum(['mine', 'agency'])), ...Paging },
  Strict,
);
export const ContentQuery = Type.Object({ version: Type.Optional(Sha256) }, Strict);

export const StartBody = Type.Object(
  { process: Type.String({ minLength: 1, maxLength: 40 }), fields: Type.Optional(Fields) },
  Strict,
);
export const FieldsBody = Type.Object({ fields: Fields }, Strict);
export const CompleteBody = Type.Object({ outcome: Id, reason: Type.Optional(Reason) }, Strict);
export const ReturnBody = Type.Object({ outcome: Id, reason: Reason }, Strict);
export const DelegateBody = Type.Object({ to: Id }, Strict);
export const CommentBody = Type.Object({ text: Reason }, Strict);
export const CancelBody = Type.Object({ reason: Reason }, Strict);
export const SignBody = Type.Object(
  {
    pin: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Opens the holder’s key; never stored or logged.',
    }),
    certificate: Type.Optional(
      Type.String({ ...Id, description: 'Id in the register; needed when several certificates fit.' }),
    ),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    rsa: Type.Optional(Type.Enum(['pss', 'pkcs1'])),
  },
  Strict,
);

const Base64 = Type.String({ minLength: 4, maxLength: 20_000, pattern: '^[A-Za-z0-9+/]+={0,2}$' });
export const SealFileBody = Type.Object(
  { pin: SignBody.properties.pin, certificate: SignBody.properties.certificate },
  Strict,
);

export const ByPreparation = Type.Object({ id: Id, visit: Id, preparation: Id });
export const PrepareBody = Type.Object(
  {
    certificate: Type.String({
      ...Base64,
      description: 'The key’s certificate, registered as the caller’s: DER in base64.',
    }),
    chain: Type.Optional(Type.Array(Base64, { maxItems: 10 })),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_WAIT_DAYS })),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    rsa: Type.Optional(Type.Enum(['pss', 'pkcs1'])),
  },
  Strict,
);
export const ValueBody = Type.Object(
  {
    signature: Type.String({
      minLength: 2,
      maxLength: 8000,
      description: 'The value in base64 or hexadecimal; that of an ECDSA key as DER or as r and s.',
    }),
  },
  Strict,
);
export const PreparationView = Type.Object({
  id: Id,
  field: Type.String(),
  scheme: Type.String({ description: 'rsa-pss, rsa-pkcs1, ecdsa or eddsa.' }),
  digestAlgorithm: Type.String(),
  digest: Type.Optional(Type.String({ description: 'What a token signs that does not hash; base64.' })),
  toBeSigned: Type.String({
    description: 'What a token signs that hashes: DER of the signed attributes, base64.',
  }),
  expiresAt: Instant,
});
export type PreparationView = Static<typeof PreparationView>;

export const TaskView = Type.Object({
  visit: Id,
  step: Type.String(),
  title: LocalizedText,
  kind: Type.String(),
  openedAt: Instant,
  due: Type.Optional(Instant),
  dueProblem: Type.Optional(Type.String({ description: 'Why no deadline could be counted.' })),
  assignee: Type.Optional(Id),
  candidates: Type.String({ description: 'The role the task is for.' }),
  mine: Type.Boolean({ description: 'The caller holds it.' }),
  mayTake: Type.Boolean({ description: 'The caller may take it.' }),
  certificate: Type.Optional(Type.String({ description: 'Kind of certificate a signing step asks for.' })),
  outcomes: Type.Array(
    Type.Object({
      key: Type.String(),
      title: LocalizedText,
      return: Type.Boolean(),
      requiresReason: Type.Boolean(),
    }),
  ),
  edits: Type.Array(Type.String()),
});
export type TaskView = Static<typeof TaskView>;

export const DocumentSummary = Type.Object({
  id: Id,
  revision: Type.Integer(),
  title: Type.String(),
  process: Type.Object({ code: Type.String(), version: Type.Integer(), title: LocalizedText }),
  state: Type.Enum(['running', 'completed', 'rejected', 'cancelled']),
  released: Type.Boolean(),
  number: Type.Optional(Type.String()),
  date: Type.Optional(Type.String()),
  initiator: Id,
  createdAt: Instant,
  updatedAt: Instant,
  due: Type.Optional(Instant),
  tasks: Type.Array(TaskView),
});
export type DocumentSummary = Static<typeof DocumentSummary>;

export const FileView = Type.Object({
  id: Id,
  name: Type.String(),
  mediaType: Type.String(),
  size: Type.Integer(),
  sha256: Sha256,
  addedBy: Id,
  addedAt: Instant,
  warnings: Type.Array(Type.String()),
  sealed: Type.Optional(
    Type.Object(
      {
        at: Instant,
        by: Id,
        certificate: Sha256,
        original: Sha256,
        overText: Type.Optional(
          Type.Array(Type.String(), { description: 'A warning: what number and time stand over.' }),
        ),
      },
      {
        description:
          'Signed by the agency as an appendix; `original` is the digest of the file as it was attached.',
      },
    ),
  ),
});

export const DocumentView = Type.Intersect([
  DocumentSummary,
  Type.Object({
    definitionHash: Sha256,
    fields: Type.Record(Type.String(), Type.Unknown()),
    files: Type.Array(FileView),
    content: Type.Array(
      Type.Object({
        sha256: Sha256,
        size: Type.Integer(),
        made: Type.String(),
        at: Instant,
        by: Id,
        current: Type.Boolean(),
      }),
    ),
    signatures: Type.Array(
      Type.Object({
        field: Type.String(),
        kind: Type.String(),
        certificate: Sha256,
        level: Type.String(),
        by: Id,
        at: Instant,
      }),
    ),
    people: Type.Record(Type.String(), Type.String(), { description: 'Account ids and names.' }),
  }),
]);
export type DocumentView = Static<typeof DocumentView>;

export const HistoryView = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      time: Instant,
      type: Type.String(),
      actor: Id,
      actorName: Type.Optional(Type.String()),
      onBehalfOf: Type.Optional(Id),
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});

export const page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });
