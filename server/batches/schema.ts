import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const Instant = Type.String({ format: 'date-time' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Text = Type.Object({ vi: Type.String(), en: Type.String() });
const Pin = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Opens the holder’s key, once for the whole batch; never stored or logged.',
});
const Paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  cursor: Type.Optional(Type.String({ maxLength: 1000 })),
};
export const ItemState = Type.Enum(['waiting', 'signed', 'refused', 'failed']);

export const ByBatch = Type.Object({ batch: Id });
export const ByItem = Type.Object({ batch: Id, item: Id });
export const ListQuery = Type.Object(Paging, strict);
export const ItemsQuery = Type.Object({ status: Type.Optional(ItemState), ...Paging }, strict);
export const PinBody = Type.Object({ pin: Pin }, strict);
export const CreateBody = Type.Object(
  {
    certificate: Type.Optional(
      Type.String({ ...Id, description: 'Id in the register; needed when several could be used.' }),
    ),
    onError: Type.Optional(Type.Enum(['stop', 'continue'])),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    rsa: Type.Optional(Type.Enum(['pss', 'pkcs1'])),
    documents: Type.Optional(
      Type.Array(Type.Object({ document: Id, visit: Id }, strict), {
        maxItems: 500,
        description: 'Documents that wait for the caller’s signature, with the visit of their signing step.',
      }),
    ),
    pin: Type.Optional(
      Type.String({ ...Pin, description: 'Starts the batch at once; else it is started later.' }),
    ),
  },
  strict,
);

export const ItemView = Type.Object({
  id: Id,
  name: Type.String(),
  kind: Type.Enum(['file', 'document']),
  document: Type.Optional(Id),
  size: Type.Optional(Type.Integer({ description: 'Of the file to be signed, in bytes.' })),
  status: ItemState,
  code: Type.Optional(Type.String()),
  message: Type.Optional(Text),
  sha256: Type.Optional(Sha256),
  signedSize: Type.Optional(Type.Integer()),
  field: Type.Optional(Type.String()),
  level: Type.Optional(Type.String()),
  endedAt: Type.Optional(Instant),
});
export type ItemView = Static<typeof ItemView>;

export const BatchView = Type.Object({
  id: Id,
  status: Type.Enum(['collecting', 'running', 'interrupted', 'stopped', 'finished'], {
    description: '`interrupted`: the server ended in the middle; the PIN starts it again where it was.',
  }),
  certificate: Type.Object({ id: Id, fingerprint: Sha256 }),
  onError: Type.Enum(['stop', 'continue']),
  reason: Type.Optional(Type.String()),
  createdAt: Instant,
  startedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  stoppedBy: Type.Optional(
    Type.String({ description: '`stopped` by its owner, else the code of what stopped it.' }),
  ),
  message: Type.Optional(Text),
  progress: Type.Object({
    total: Type.Integer(),
    waiting: Type.Integer(),
    signed: Type.Integer(),
    refused: Type.Integer(),
    failed: Type.Integer(),
  }),
});
export type BatchView = Static<typeof BatchView>;

export const page = <T extends Parameters<typeof Type.Array>[0]>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });
