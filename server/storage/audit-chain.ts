import { createHash } from 'node:crypto';
import { canonicalJson } from '../json/canonical-json.ts';
import type { AuditEntry, DomainEvent } from './ports.ts';

/** What stands before the first entry. */
export const CHAIN_START = '0'.repeat(64);

/** The entry that follows `last` (undefined: the first one). The use of a certificate is the ledger's, not the log's. */
export function nextEntry(
  last: Pick<AuditEntry, 'sequence' | 'hash'> | undefined,
  event: DomainEvent,
): AuditEntry {
  const { usage: _, ...rest } = event;
  // What is hashed is what will be read back.
  const kept: AuditEntry['event'] = JSON.parse(JSON.stringify(rest));
  return sealEntry((last?.sequence ?? 0) + 1, kept, last?.hash ?? CHAIN_START);
}

function sealEntry(sequence: number, event: AuditEntry['event'], previous: string): AuditEntry {
  const hash = createHash('sha256').update(canonicalJson({ sequence, event, previous })).digest('hex');
  return { sequence, event, previous, hash };
}

/** Recomputes a chain from its entries in order; the first that does not fit is told. */
export async function verifyChain(
  entries: AsyncIterable<AuditEntry>,
): Promise<{ entries: number; head: string; brokenAt?: number }> {
  let count = 0;
  let head = CHAIN_START;
  for await (const entry of entries) {
    const expected = sealEntry(count + 1, entry.event, head);
    if (entry.sequence !== expected.sequence || entry.previous !== head || entry.hash !== expected.hash) {
      return { entries: count, head, brokenAt: count + 1 };
    }
    head = entry.hash;
    count += 1;
  }
  return { entries: count, head };
}
