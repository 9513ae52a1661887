import type { TimeStamper } from '../evidence/ports.ts';
import type { DocumentServices } from './services.ts';

/**
 * B-T where time stamps can be had, else B-B: what is set up decides, not the process, which knows nothing of this
 * installation. Where it is B-T, a signature without time stamp is none.
 */
export async function signingLevel(
  deps: Pick<DocumentServices, 'proofs'>,
): Promise<{ readonly level: 'B-B' | 'B-T'; readonly stamper?: TimeStamper }> {
  const proofs = await deps.proofs?.();
  return proofs ? { level: 'B-T', stamper: proofs.stamper } : { level: 'B-B' };
}
