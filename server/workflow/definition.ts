import { type Static, Type } from 'typebox';

/**
 * The ISO process definition (ISO 9001:2015 4.4, 7.5; printed layout of Vietnamese agencies), the one source of the type,
 * of the validation and of `processes/process-definition.schema.json`.
 */

const Strict = { additionalProperties: false } as const;

export const LocalizedText = Type.Object(
  { vi: Type.String({ minLength: 1 }), en: Type.Optional(Type.String({ minLength: 1 })) },
  { ...Strict, description: 'Vietnamese is what is printed; English is shown to those who ask for it.' },
);
export type LocalizedText = Static<typeof LocalizedText>;

export const TimeLimit = Type.Union(
  [
    Type.Object({ workingDays: Type.Number({ exclusiveMinimum: 0, maximum: 1000 }) }, Strict),
    Type.Object({ workingHours: Type.Number({ exclusiveMinimum: 0, maximum: 8000 }) }, Strict),
  ],
  { description: 'Working time; fractions allowed. Never a bare calendar duration.' },
);
export type TimeLimit = Static<typeof TimeLimit>;

const Key = '^[a-z][a-zA-Z0-9-]{0,63}$';
const StepKey = Type.String({ pattern: Key, description: 'The key of a step.' });

export const Outcome = Type.Object(
  {
    title: LocalizedText,
    next: StepKey,
    requiresReason: Type.Optional(
      Type.Boolean({ description: 'Whoever chooses it must say why; always true of a return.' }),
    ),
    return: Type.Optional(
      Type.Boolean({
        description: 'Sends the document back to an earlier step (BPMN: a backward sequence flow).',
      }),
    ),
  },
  Strict,
);
export type Outcome = Static<typeof Outcome>;

export const ApprovalRule = Type.Union(
  [
    Type.Literal('any'),
    Type.Literal('all'),
    Type.Literal('perUnit'),
    Type.Object({ quorum: Type.Integer({ minimum: 1, maximum: 100 }) }, Strict),
  ],
  { description: 'How many of the people asked must answer (BPMN: multi-instance completion condition).' },
);

const Common = {
  title: LocalizedText,
  description: Type.Optional(LocalizedText),
  inputs: Type.Optional(Type.Array(LocalizedText)),
  outputs: Type.Optional(Type.Array(LocalizedText)),
  forms: Type.Optional(Type.Array(Type.String({ description: 'Codes of entries of `forms`.' }))),
};
const Worked = {
  ...Common,
  role: Type.String({ pattern: Key, description: 'A key of `roles`.' }),
  timeLimit: Type.Optional(TimeLimit),
  outcomes: Type.Record(Type.String({ pattern: Key }), Outcome, {
    ...Strict,
    minProperties: 1,
    maxProperties: 20,
  }),
};

export const TaskStep = Type.Object(
  {
    kind: Type.Literal('task'),
    ...Worked,
    edits: Type.Optional(
      Type.Array(Type.String(), { description: 'Fields that may be changed here; absent: none.' }),
    ),
    approval: Type.Optional(ApprovalRule),
  },
  { ...Strict, description: 'Somebody does something and chooses an outcome (BPMN: userTask).' },
);
export const SignStep = Type.Object(
  {
    kind: Type.Literal('sign'),
    ...Worked,
    certificate: Type.Union([Type.Literal('personal'), Type.Literal('organization')]),
    appearance: Type.Optional(Type.String({ description: 'Name of an appearance profile.' })),
  },
  {
    ...Strict,
    description:
      'The document is signed with a certificate; the first outcome that is no return follows (BPMN: userTask).',
  },
);
export const RegisterStep = Type.Object(
  {
    kind: Type.Literal('register'),
    ...Worked,
    register: Type.Union([Type.Literal('outgoing'), Type.Literal('incoming'), Type.Literal('internal')]),
  },
  { ...Strict, description: 'The document gets its number in a register (BPMN: userTask).' },
);
export const ReleaseStep = Type.Object(
  { kind: Type.Literal('release'), ...Worked },
  { ...Strict, description: 'The document leaves: from here its content is frozen (BPMN: sendTask).' },
);
export const DecisionStep = Type.Object(
  {
    kind: Type.Literal('decision'),
    ...Common,
    rules: Type.Array(
      Type.Object(
        {
          when: Type.String({ minLength: 1, maxLength: 2000, description: 'FEEL over the fields.' }),
          next: StepKey,
        },
        Strict,
      ),
      { minItems: 1 },
    ),
    otherwise: StepKey,
  },
  { ...Strict, description: 'The first rule that holds decides (BPMN: exclusiveGateway; DMN: FEEL).' },
);
export const ParallelStep = Type.Object(
  {
    kind: Type.Literal('parallel'),
    ...Common,
    branches: Type.Array(StepKey, { minItems: 2, uniqueItems: true }),
    join: ApprovalRule,
    next: StepKey,
  },
  { ...Strict, description: 'Branches run side by side until the join is met (BPMN: parallelGateway pair).' },
);
export const EndStep = Type.Object(
  {
    kind: Type.Literal('end'),
    title: LocalizedText,
    result: Type.Union([Type.Literal('completed'), Type.Literal('rejected')]),
  },
  { ...Strict, description: 'Nothing follows (BPMN: endEvent).' },
);
export const Step = Type.Union([
  TaskStep,
  SignStep,
  RegisterStep,
  ReleaseStep,
  DecisionStep,
  ParallelStep,
  EndStep,
]);
export type Step = Static<typeof Step>;
export type StepKind = Step['kind'];
export type WorkedStep = Extract<Step, { outcomes: unknown }>;

export const AccountRole = Type.Union([
  Type.Literal('official'),
  Type.Literal('leader'),
  Type.Literal('clerk'),
  Type.Literal('qualityManager'),
  Type.Literal('administrator'),
  Type.Literal('auditor'),
]);
export type AccountRole = Static<typeof AccountRole>;

export const ProcessRole = Type.Object(
  {
    title: LocalizedText,
    accountRole: AccountRole,
    sameUnit: Type.Optional(
      Type.Boolean({ description: 'Only people of the unit that drafted the document.' }),
    ),
    initiator: Type.Optional(Type.Boolean({ description: 'Only the person who started the document.' })),
  },
  Strict,
);
export type ProcessRole = Static<typeof ProcessRole>;

export const ProcessDefinition = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    code: Type.String({
      pattern: '^[A-ZĐ0-9]+([.-][A-ZĐ0-9]+)*$',
      maxLength: 40,
      description: 'For example QT.VP.01.',
    }),
    version: Type.Integer({ minimum: 1, description: 'Only grows and is never reused.' }),
    title: LocalizedText,
    purpose: LocalizedText,
    scope: LocalizedText,
    references: Type.Array(Type.Object({ code: Type.String(), title: LocalizedText }, Strict)),
    terms: Type.Array(Type.Object({ term: LocalizedText, meaning: LocalizedText }, Strict)),
    legalBasis: Type.Array(
      Type.Object(
        {
          number: Type.String(),
          title: LocalizedText,
          issued: Type.Optional(Type.String({ format: 'date' })),
          provisions: Type.Optional(Type.String()),
        },
        Strict,
      ),
    ),
    conditions: Type.Optional(LocalizedText),
    method: Type.Optional(LocalizedText),
    dossier: Type.Array(
      Type.Object(
        {
          name: LocalizedText,
          originals: Type.Integer({ minimum: 0 }),
          copies: Type.Integer({ minimum: 0 }),
        },
        Strict,
      ),
    ),
    quantity: Type.Integer({ minimum: 1, description: 'Sets of the dossier.' }),
    timeLimit: TimeLimit,
    place: LocalizedText,
    authority: Type.Object(
      {
        decides: LocalizedText,
        performs: LocalizedText,
        delegated: Type.Optional(LocalizedText),
        coordinates: Type.Optional(LocalizedText),
      },
      Strict,
    ),
    subjects: LocalizedText,
    result: LocalizedText,
    fee: LocalizedText,
    roles: Type.Record(Type.String({ pattern: Key }), ProcessRole, {
      ...Strict,
      minProperties: 1,
      maxProperties: 50,
    }),
    fields: Type.Object(
      {},
      { additionalProperties: true, description: 'JSON Schema 2020-12 of the document data; an object.' },
    ),
    start: StepKey,
    steps: Type.Record(Type.String({ pattern: Key }), Step, {
      ...Strict,
      minProperties: 2,
      maxProperties: 200,
    }),
    forms: Type.Array(
      Type.Object(
        { code: Type.String({ minLength: 1 }), title: LocalizedText, file: Type.Optional(Type.String()) },
        Strict,
      ),
    ),
    records: Type.Array(
      Type.Object(
        {
          name: LocalizedText,
          keptBy: LocalizedText,
          retentionYears: Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('permanent')]),
        },
        Strict,
      ),
      { minItems: 1 },
    ),
    revision: Type.Object({ reason: LocalizedText, changes: Type.Array(LocalizedText) }, Strict),
  },
  { ...Strict, $id: 'https://anso.vn/schemas/process-definition', title: 'ISO process definition' },
);
export type ProcessDefinition = Static<typeof ProcessDefinition>;
