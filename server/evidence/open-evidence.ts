import type { Clock } from '../platform/clock.ts';
import { guardedFetch } from '../platform/guarded-fetch.ts';
import type { Logger, TrustMaterial } from '../platform/services.ts';
import { trustStore } from '../verification/trust-store.ts';
import { issuerSource } from './issuer-source.ts';
import type { EvidenceServices } from './ports.ts';
import { revocationSource } from './revocation-source.ts';
import { timeStamper } from './time-stamper.ts';
import type { EvidenceTrust } from './trusted-authority.ts';

export interface EvidenceSettings {
  /** Addresses, asked in their order; none: no time stamps. */
  readonly timeStampAuthorities?: readonly string[] | undefined;
  /** With `off` nothing named inside a certificate is fetched. */
  readonly network: 'off' | 'on';
  /** Hosts that may be reached although their addresses are private. */
  readonly privateHosts?: readonly string[] | undefined;
  readonly fetchSeconds: number;
}

/** Whoever says nothing for so long says nothing more. */
const IDLE_SECONDS = 5;

/** The sources of this installation, with one cache between them. They hold nothing open. */
export function openEvidence(
  { timeStampAuthorities = [], network, privateHosts = [], fetchSeconds }: EvidenceSettings,
  { trust, clock, logger }: { readonly trust: TrustMaterial; readonly clock: Clock; readonly logger: Logger },
): EvidenceServices {
  const fetch = guardedFetch({
    totalMilliseconds: fetchSeconds * 1000,
    idleMilliseconds: Math.min(fetchSeconds, IDLE_SECONDS) * 1000,
    privateHosts,
  });
  const named = network === 'on' ? fetch : undefined;
  const known = async (): Promise<EvidenceTrust> => trustStore(await trust.current());
  return {
    stamper: timeStamper({
      authorities: timeStampAuthorities.map((url) => ({ url })),
      fetch,
      clock,
      logger,
      trust: known,
    }),
    revocations: revocationSource({ fetch: named, clock, trust: known }),
    issuers: issuerSource({ fetch: named, logger }),
  };
}
