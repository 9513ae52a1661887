import { openEvidence } from '../../server/evidence/open-evidence.ts';
import type { EvidenceServices } from '../../server/evidence/ports.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/services.ts';

/** What an installation has that set up nothing: no time-stamp authority, no network, no CRLs. */
export const offlineEvidence = (): EvidenceServices =>
  openEvidence(
    { network: 'off', fetchSeconds: 1 },
    {
      trust: { current: async () => ({ anchors: [], intermediates: [], crls: [] }) },
      clock: systemClock,
      logger: silentLogger,
    },
  );
