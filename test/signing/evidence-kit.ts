import { oid, sequence } from '../../server/asn1/write.ts';
import type { TimeStamper } from '../../server/evidence/ports.ts';
import { ExtendedKeyUsage, ExtensionType } from '../../server/pki/oids.ts';
import * as pki from '../pki/authority.ts';
import { tokenOver } from '../verification/sign-anything.ts';

const stampingOnly = pki.extension(
  ExtensionType.extendedKeyUsage,
  sequence(oid(ExtendedKeyUsage.timeStamping)),
  true,
);

/** A certificate that may stamp. */
export const stampingParty = (issuer: pki.Party, parts: pki.CertificateParts = {}): pki.Party =>
  pki.certify({ subject: 'TSA', key: 1, issuer, keyUsage: 0xc0, extensions: [stampingOnly], ...parts });

/** A time-stamp authority without a network: `now` is its clock. */
export function stamperOf(tsa: pki.Party, issuer: pki.Party, now: () => Date): TimeStamper {
  return {
    stamp: async ({ digest }) => ({
      token: tokenOver(tsa, digest, now()),
      time: now(),
      certificate: tsa.certificate,
      chain: [issuer.certificate],
    }),
    tokenSize: async () => 2000,
  };
}
