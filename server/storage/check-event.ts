import { checkWellFormed } from './check-well-formed.ts';
import { StorageError } from './errors.ts';
import type { DomainEvent, UsageEvent } from './ports.ts';
import { vietnamDay } from './vietnam-day.ts';

const OUTCOMES: readonly string[] = [
  'signed',
  'refused',
  'failed',
  'observed',
] satisfies UsageEvent['outcome'][];

/**
 * Refuses at the door what the ledger or the audit log could not take: an event that cannot be copied would wait in
 * its outbox for ever.
 * @throws StorageError `storage.bad_value`.
 */
export function checkEvent(event: DomainEvent): void {
  if (!isText(event.id) || !isText(event.type) || !isText(event.actor) || !isText(event.subject?.id)) {
    throw bad('an event names its id, type, actor and subject');
  }
  checkWellFormed(event);
  vietnamDay(event.time);
  if (event.usage !== undefined) {
    if (event.usage.id !== event.id) throw bad('a usage event has the id of the event that carries it');
    checkUsage(event.usage);
  }
}

/** @throws StorageError `storage.bad_value`. */
export function checkUsage(event: UsageEvent): void {
  if (!isText(event.id)) throw bad('a usage event has an id');
  if (!/^[0-9a-f]{64}$/.test(event.certificate)) throw bad('a usage event names its certificate by SHA-256');
  if (!OUTCOMES.includes(event.outcome)) throw bad(`${event.outcome} is no outcome of a signing attempt`);
  vietnamDay(event.time);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 256;
}

function bad(why: string): StorageError {
  return new StorageError('storage.bad_value', why);
}
