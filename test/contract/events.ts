import { newId } from '../../server/platform/ids.ts';
import type { DomainEvent, UsageEvent } from '../../server/storage/ports.ts';

export const CERTIFICATE = 'ce'.repeat(32);

/** Every test counts with a certificate of its own. */
export function freshCertificate(): string {
  return newId().replaceAll('-', '').repeat(2);
}

export function usageEvent(changes: Partial<UsageEvent> = {}): UsageEvent {
  return {
    id: newId(),
    certificate: CERTIFICATE,
    time: '2026-03-02T03:04:05.006Z',
    outcome: 'signed',
    channel: 'server',
    ...changes,
  };
}

export function domainEvent(changes: Partial<DomainEvent> = {}): DomainEvent {
  return {
    id: newId(),
    time: '2026-03-02T03:04:05.006Z',
    type: 'document.signed',
    actor: 'account-1',
    subject: { type: 'document', id: 'document-1' },
    data: { reason: 'Ký duyệt văn bản đi', $ref: '#/a.b' },
    ...changes,
  };
}

/** An event that is a use of `certificate`. */
export function signing(certificate: string, changes: Partial<DomainEvent> = {}): DomainEvent {
  const event = domainEvent(changes);
  return { ...event, usage: usageEvent({ id: event.id, time: event.time, certificate }) };
}
