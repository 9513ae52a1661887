import { parseCertificate } from '../pki/certificate.ts';
import type { ProofSources } from '../signing/reach-level.ts';
import { type CommandIo, UsageError } from './command.ts';

/**
 * Where proofs come from: the time-stamp authorities named, or the configured ones, and what the trust folders hold.
 * @throws UsageError for what is no address
 */
export async function proofSources(tsa: readonly string[], io: CommandIo): Promise<Required<ProofSources>> {
  for (const url of tsa) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new UsageError(`--tsa is no address: ${url}`);
  }
  const { stamper, revocations, issuers } = io.evidence(tsa.length > 0 ? tsa : undefined);
  const { anchors } = await io.trust().current();
  return {
    stamper,
    revocations,
    issuerSource: issuers,
    anchors: anchors.map((der) => ({ certificate: parseCertificate(der) })),
  };
}
