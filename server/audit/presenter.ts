import { type Static, Type } from 'typebox';
import type { AuditEntry } from '../storage/ports.ts';

export const AuditEntryView = Type.Object({
  sequence: Type.Integer(),
  id: Type.String(),
  time: Type.String({ format: 'date-time' }),
  type: Type.String(),
  actor: Type.String({ description: 'Account id, or `system`.' }),
  onBehalfOf: Type.Optional(Type.String()),
  subject: Type.Object({ type: Type.String(), id: Type.String() }),
  data: Type.Record(Type.String(), Type.Unknown()),
  hash: Type.String(),
  previous: Type.String(),
});

export function presentEntry({ sequence, event, hash, previous }: AuditEntry): Static<typeof AuditEntryView> {
  const { id, time, type, actor, onBehalfOf, subject, data } = event;
  return {
    sequence,
    id,
    time,
    type,
    actor,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    subject,
    data: { ...data },
    hash,
    previous,
  };
}
