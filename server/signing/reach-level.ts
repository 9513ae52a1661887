import { EvidenceError } from '../evidence/errors.ts';
import type { IssuerSource, RevocationSource, TimeStamper } from '../evidence/ports.ts';
import { type ByteSource, joinedSource } from '../pdf/byte-source.ts';
import type { Certificate } from '../pki/certificate.ts';
import { CertificatePool, type TrustAnchor } from '../pki/certificate-pool.ts';
import type { Clock } from '../platform/clock.ts';
import type { SignedPdf } from './finish-signature.ts';
import { isAtLeast, type PadesLevel, stamperFor } from './levels.ts';

/** What proves a signature beyond its own day. */
export interface ProofSources {
  /** Needed for every level above B-B. */
  readonly stamper?: TimeStamper;
  /** Needed for B-LT and B-LTA, with the anchors that certificates have to lead to. */
  readonly revocations?: RevocationSource;
  readonly anchors?: readonly TrustAnchor[];
  readonly issuerSource?: IssuerSource;
}

/**
 * The rest of the way from a signature just made to the level asked for; other signatures of the file are left as they
 * are. What is handed out is one piece: the signature and the revisions with its proofs.
 * @throws as augmentPdf
 */
export async function reachLevel(
  signed: SignedPdf,
  source: ByteSource,
  level: PadesLevel,
  options: ProofSources & {
    readonly clock: Clock;
    readonly password?: string;
    readonly issuers?: readonly Certificate[];
  },
): Promise<SignedPdf> {
  if (level === 'B-B' || isAtLeast(signed.level, level)) return signed;
  const { revocations, anchors = [], issuerSource, clock, password, issuers = [] } = options;
  if (!revocations) {
    throw new EvidenceError('evidence.no_revocation_data', 'no source of revocation data is set up');
  }
  const { augmentPdf } = await import('./augment-pdf.ts');
  const { appended } = await augmentPdf(joinedSource(source, signed.appended), {
    to: level,
    stamper: stamperFor(level, options.stamper),
    revocations,
    anchors,
    pool: new CertificatePool(issuers),
    clock,
    only: [signed.field],
    ...(issuerSource && { issuerSource }),
    ...(password !== undefined && { password }),
  });
  return { ...signed, level, appended: Buffer.concat([signed.appended, appended]) };
}
