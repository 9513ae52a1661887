import { type EvidenceSettings, openEvidence } from '../evidence/open-evidence.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger, TrustMaterial } from '../platform/services.ts';
import { trustStore } from '../verification/trust-store.ts';
import type { DocumentPorts } from './services.ts';

/** Where the proofs of documents come from; undefined when no time-stamp authority is set up. */
export function documentProofs(
  settings: EvidenceSettings,
  services: { readonly trust: TrustMaterial; readonly clock: Clock; readonly logger: Logger },
): DocumentPorts['proofs'] {
  if (!settings.timeStampAuthorities?.length) return undefined;
  const { stamper, revocations, issuers: issuerSource } = openEvidence(settings, services);
  return async () => {
    const { anchors, pool } = trustStore(await services.trust.current());
    return { stamper, revocations, issuerSource, anchors, pool };
  };
}
