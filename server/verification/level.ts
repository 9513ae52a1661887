import type { Evidence } from './embedded-evidence.ts';
import type { SignatureFacts } from './signature-facts.ts';
import type { TimeStamp } from './time-stamps.ts';

/**
 * The baseline level reached (EN 319 142-1 6), by what is there and intact; whom to trust is another question. The
 * SubFilter alone makes no PAdES signature: the signing certificate has to be bound and signing-time absent.
 */
export function levelOf(
  facts: SignatureFacts,
  stamps: readonly TimeStamp[],
  evidence: Evidence,
  stampedAfterStore: boolean,
): string | null {
  const { entry, signerFacts } = facts;
  if (!signerFacts) return null;
  const bound =
    signerFacts.signingCertificateAttribute === 'v1' || signerFacts.signingCertificateAttribute === 'v2';
  if (entry.subFilter !== 'ETSI.CAdES.detached' || !bound || signerFacts.signingTime) return 'CMS';
  const stamped = stamps.some(({ integrity }) => integrity === 'intact');
  if (!stamped) return 'B-B';
  if (!evidence.hasStoredRevocation) return 'B-T';
  return stampedAfterStore ? 'B-LTA' : 'B-LT';
}
