import type { IssuedCertificate, UsageDeps } from './ports.ts';
import type { CertificateLine } from './schema.ts';
import type { Tally } from './tally.ts';

/** One certificate of a report: who holds it, its status at a moment, how it was used. */
export async function certificateLine(
  { people }: Pick<UsageDeps, 'people'>,
  certificate: IssuedCertificate,
  tally: Tally,
  moment: Date,
): Promise<CertificateLine> {
  const { id, fingerprint, agencyId } = certificate;
  return {
    certificateId: id,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    holderKind: certificate.holderKind,
    holderName: certificate.holderName,
    agencyId,
    agency: (await people.agency(agencyId))?.name ?? agencyId,
    medium: certificate.medium,
    issuer: certificate.issuer,
    serial: certificate.serial,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    status: certificate.statusAt(moment),
    ...tally,
  };
}
