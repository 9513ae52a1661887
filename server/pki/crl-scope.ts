import type { Certificate } from './certificate.ts';
import type { Crl } from './crl.ts';
import {
  type DistributionPoint,
  type DistributionPointName,
  type ReasonFlag,
  reasonFlags,
} from './extensions.ts';
import { type GeneralName, sameGeneralName } from './general-name.ts';
import { Name } from './name.ts';
import { ExtensionType } from './oids.ts';

/** Every reason a certificate may be revoked for; a status is known when all of them have been asked about. */
export const allReasons: ReadonlySet<ReasonFlag> = new Set(reasonFlags);

/**
 * RFC 5280 6.3.3 (b): whether the CRL speaks about `certificate` under this distribution point. A point without name
 * and issuer stands for "any CRL of the certificate's issuer".
 */
export function isInScope(crl: Crl, certificate: Certificate, point: DistributionPoint): boolean {
  return issuerFits(crl, certificate, point) && pointFits(crl, certificate, point);
}

/** 6.3.3 (d): the reasons this CRL answers for under this point. */
export function coveredReasons(crl: Crl, point: DistributionPoint): ReadonlySet<ReasonFlag> {
  const byCrl = crl.issuingDistributionPoint?.onlySomeReasons ?? allReasons;
  return point.reasons ? byCrl.intersection(point.reasons) : byCrl;
}

/** 6.3.3 (c): whether the delta may be applied to the complete CRL. */
export function deltaApplies(delta: Crl, complete: Crl): boolean {
  if (delta.baseCrlNumber === undefined || delta.crlNumber === undefined) return false;
  if (complete.crlNumber === undefined) return false;
  return (
    delta.issuer.equals(complete.issuer) &&
    sameBytes(idpOf(delta), idpOf(complete)) &&
    sameBytes(delta.authorityKeyIdentifier, complete.authorityKeyIdentifier) &&
    complete.crlNumber >= delta.baseCrlNumber &&
    complete.crlNumber < delta.crlNumber
  );
}

function issuerFits(crl: Crl, certificate: Certificate, point: DistributionPoint): boolean {
  if (!point.crlIssuer) return crl.issuer.equals(certificate.issuer);
  return crl.isIndirect && point.crlIssuer.some((n) => n.kind === 'directory' && n.name.equals(crl.issuer));
}

function pointFits(crl: Crl, certificate: Certificate, point: DistributionPoint): boolean {
  const idp = crl.issuingDistributionPoint;
  if (!idp) return true;
  if (idp.onlyAttributeCertificates) return false;
  if (idp.onlyUserCertificates && certificate.isCa) return false;
  if (idp.onlyCaCertificates && !certificate.isCa) return false;
  if (!idp.name) return true;
  const published = fullNames(idp.name, crl.issuer);
  const issuerNames: readonly GeneralName[] = point.crlIssuer ?? [
    { kind: 'directory', name: certificate.issuer },
  ];
  const wanted = point.name
    ? fullNames(point.name, directoryOf(issuerNames) ?? certificate.issuer)
    : issuerNames;
  return wanted.some((name) => published.some((other) => sameGeneralName(name, other)));
}

/** A name relative to the CRL issuer becomes the issuer's name with one more RDN. */
function fullNames(name: DistributionPointName, issuer: Name): readonly GeneralName[] {
  if (name.kind === 'full') return name.names;
  return [{ kind: 'directory', name: new Name(new Uint8Array(), [...issuer.rdns, name.rdn]) }];
}

function directoryOf(names: readonly GeneralName[]): Name | undefined {
  return names.flatMap((name) => (name.kind === 'directory' ? [name.name] : []))[0];
}

const idpOf = (crl: Crl): Uint8Array | undefined =>
  crl.extensions.get(ExtensionType.issuingDistributionPoint)?.value;

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b) return a === b;
  return Buffer.compare(a, b) === 0;
}
