import type { CertificateSources } from './certificate-status.ts';
import type { SignatureFacts } from './signature-facts.ts';
import { documentTimeStamp, signatureTimeStamps, type TimeStamp } from './time-stamps.ts';

/** The time stamps over one signature or document time stamp, and what they prove. */
export interface Proof {
  readonly stamps: readonly TimeStamp[];
  /** Document time stamps among them, with what they cover, oldest first. */
  readonly covering: readonly DocumentStamp[];
  /** Earliest moment at which it is proven to have been there. */
  readonly provenTime?: Date;
}

export interface DocumentStamp {
  readonly facts: SignatureFacts;
  readonly stamp: TimeStamp;
}

/**
 * Proofs of existence (EN 319 102-1 5.6.2.3) by time stamps: the newest document time stamp is judged for the present,
 * each one before it for the moment its successors prove, and signatures last.
 */
export function proofsOfExistence(
  all: readonly SignatureFacts[],
  sources: CertificateSources,
  at: Date,
): (facts: SignatureFacts) => Proof {
  const documentStamps: DocumentStamp[] = [];
  for (const facts of all.filter(({ entry }) => entry.type === 'timestamp').toReversed()) {
    const proven = earliest(documentStamps.filter((later) => covers(later.facts, facts)));
    documentStamps.unshift({ facts, stamp: documentTimeStamp(facts, sources, { at, proven }) });
  }
  return (facts) => {
    const covering = documentStamps.filter((stamp) => covers(stamp.facts, facts));
    const own = signatureTimeStamps(facts, sources, { at, proven: earliest(covering) });
    const stamps = [...own, ...covering.map(({ stamp }) => stamp)];
    const provenTime = earliest(stamps.map((stamp) => ({ stamp })));
    return { stamps, covering, ...(provenTime && { provenTime }) };
  };
}

function earliest(stamps: readonly { readonly stamp: TimeStamp }[]): Date | undefined {
  const times = stamps.flatMap(({ stamp }) => (stamp.trusted && stamp.time ? [stamp.time.getTime()] : []));
  return times.length > 0 ? new Date(times.reduce((a, b) => Math.min(a, b))) : undefined;
}

/** A document time stamp proves what lies in the revisions before its own (ISO 32000-2 12.8.5). */
function covers(stamp: SignatureFacts, facts: SignatureFacts): boolean {
  return (
    stamp.entry !== facts.entry &&
    stamp.coveredRevision > facts.coveredRevision &&
    stamp.coverage.startsWith('whole')
  );
}
