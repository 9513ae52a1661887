import { createHash, sign } from 'node:crypto';
import { expect } from 'chai';
import { contextTag } from '../../server/asn1/tag.ts';
import { type Der, integer, octetString, oid, sequence, setOf, tlv } from '../../server/asn1/write.ts';
import { issuerAndSerial } from '../../server/cms/issuer-and-serial.ts';
import { Oid } from '../../server/cms/oids.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { trustStore } from '../../server/verification/trust-store.ts';
import { verifyWithEvidence } from '../../server/verification/verify-pdf.ts';
import { stampingParty } from '../evidence/time-stamp-authority.ts';
import * as pki from '../pki/authority.ts';
import { type AnswerParts, ocspAnswer, respondingParty } from '../pki/ocsp-authority.ts';
import { formObjects, formPdf, judged, N, reportOn, stream, updated } from './files.ts';
import { cmsBy, embedded, signatureTimeStamp, timeStampToken } from './sign-anything.ts';

const root = pki.authority('Root', { key: 0 });
const signer = pki.certify({ subject: 'Signer', key: 1, issuer: root, keyUsage: 0xc0, serial: 0x21 });
const responder = respondingParty(root, { key: 2 });
const tsa = stampingParty(root, { key: 3, serial: 0x31 });

const answer = (parts: Partial<AnswerParts> = {}): Der =>
  ocspAnswer({ certificate: signer, issuer: root, by: responder, ...parts });
const revoked = { status: { revoked: '2026-01-05T00:00:00Z', reason: 1 } } as const;
/** Before the file says it was signed, and after. */
const texts = { signingTime: new Date('2026-03-01T00:00:00Z') };

const judge = (file: Uint8Array, crls: readonly Uint8Array[] = []) =>
  judged(file, { anchors: [root.certificate.der], crls, at: pki.at });

/** Adds a document security store by hand. */
function withStore(file: Uint8Array, ...ocsps: readonly Uint8Array[]): Buffer {
  const numbers = ocsps.map((_, index) => 60 + index);
  const text = (der: Uint8Array): string => stream(Buffer.from(der).toString('latin1'));
  return updated(file, {
    [N.catalog]: `${formObjects[N.catalog]?.replace(/>>$/, '')}/DSS << /OCSPs [${numbers.map((n) => `${n} 0 R`).join(' ')}] >> >>`,
    ...Object.fromEntries(ocsps.map((der, index) => [60 + index, text(der)])),
  });
}

interface Inside {
  /** In Adobe's signed attribute (1.2.840.113583.1.1.8). */
  readonly adobe?: readonly Uint8Array[];
  /** In SignedData.crls as OtherRevocationInfo (RFC 5940). */
  readonly other?: readonly Uint8Array[];
}

/** A plain CMS signature that holds OCSP responses itself. */
const cmsHolding =
  ({ adobe = [], other = [] }: Inside) =>
  (digest: Uint8Array): Der => {
    const attribute = (type: string, value: Der): Der => sequence(oid(type), setOf([value]));
    const hash = createHash('sha256').update(signer.certificate.der).digest();
    const attributes = setOf([
      attribute(Oid.contentType, oid(Oid.data)),
      attribute(Oid.messageDigest, octetString(digest)),
      attribute(Oid.signingCertificateV2, sequence(sequence(sequence(octetString(hash))))),
      ...(adobe.length > 0
        ? [attribute(Oid.adobeRevocation, sequence(tlv(contextTag(1), sequence(...adobe))))]
        : []),
    ]);
    const implicit = Buffer.from(attributes);
    implicit[0] = contextTag(0);
    const { issuer, serial } = issuerAndSerial(signer.certificate.der);
    const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
    const info = sequence(
      integer(1),
      sequence(issuer, serial),
      sha256,
      implicit,
      sequence(oid('1.2.840.10045.4.3.2')),
      octetString(sign('sha256', attributes, signer.privateKey)),
    );
    const others = other.map((der) => tlv(contextTag(1), oid('1.3.6.1.5.5.7.16.2'), der));
    return sequence(
      oid(Oid.signedData),
      tlv(
        contextTag(0),
        sequence(
          integer(5),
          setOf([sha256]),
          sequence(oid(Oid.data)),
          tlv(contextTag(0), signer.certificate.der),
          ...(others.length > 0 ? [tlv(contextTag(1), ...others)] : []),
          setOf([info]),
        ),
      ),
    );
  };

const places: readonly (readonly [string, (...ocsps: readonly Uint8Array[]) => Promise<Uint8Array>])[] = [
  [
    'the document security store',
    async (...ocsps) => withStore(await embedded(formPdf(), cmsBy(signer), { texts }), ...ocsps),
  ],
  ["Adobe's signed attribute", (...adobe) => embedded(formPdf(), cmsHolding({ adobe }), { texts })],
  ['the revocation data of the CMS', (...other) => embedded(formPdf(), cmsHolding({ other }), { texts })],
];

for (const [place, fileWith] of places) {
  describe(`an OCSP response in ${place}`, () => {
    it('makes a signature valid without any CRL', async () => {
      expect(reportOn(judge(await fileWith(answer())), 'ky')).to.include({
        verdict: 'valid',
        trust: 'trusted',
        modifications: place.includes('store') ? 'lta' : 'none',
      });
    });

    it('makes it invalid when it tells of a revocation, whatever a CRL says', async () => {
      const file = await fileWith(answer(revoked));
      expect(reportOn(judge(file, [pki.revoke(root).der]), 'ky')).to.include({
        verdict: 'invalid',
        subIndication: 'REVOKED',
      });
    });

    it('changes nothing when it is old, or by a stranger, or unreadable', async () => {
      const stranger = respondingParty(pki.authority('Other', { key: 4 }), { key: 2 });
      for (const der of [
        answer({ nextUpdate: '2026-05-31T13:00:00Z' }),
        answer({ by: stranger }),
        Buffer.from([0x30, 0]),
      ]) {
        expect(reportOn(judge(await fileWith(der)), 'ky')).to.include({
          verdict: 'indeterminate',
          subIndication: 'TRY_LATER',
        });
      }
    });
  });
}

describe('OCSP responses as evidence', () => {
  it('are kept with the verdict that rests on them', async () => {
    const der = answer();
    const file = withStore(
      await embedded(formPdf(), cmsBy(signer), { texts }),
      answer({ certificate: tsa }),
      der,
    );
    const trust = trustStore({ anchors: [root.certificate.der], intermediates: [], crls: [] });
    const { evidence } = verifyWithEvidence(bytesSource(file), { trust, at: pki.at });
    expect(evidence.ocsps.map((kept) => Buffer.from(kept))).to.deep.equal([Buffer.from(der)]);
  });

  it('made after a proven time prove it when they are outdated themselves', async () => {
    const stamped = new Date('2026-02-01T00:00:00Z');
    const cms = cmsBy(signer, (value) => [signatureTimeStamp(timeStampToken(tsa, value, stamped))]);
    const file = await embedded(formPdf(), cms, { texts: { signingTime: stamped } });
    const then = { thisUpdate: '2026-02-01T00:00:30Z', nextUpdate: '2026-02-08T00:00:00Z' };
    const about = (certificate: pki.Party, parts: Partial<AnswerParts> = {}) =>
      answer({ certificate, ...then, ...parts });
    const whole = withStore(file, about(signer), about(tsa));
    expect(reportOn(judge(whole), 'ky')).to.include({ verdict: 'valid', signingTimeProven: true });
    const before = withStore(
      file,
      about(signer, { thisUpdate: '2026-01-01T00:00:00Z', nextUpdate: '2026-01-08T00:00:00Z' }),
      about(tsa),
    );
    expect(reportOn(judge(before), 'ky').verdict).to.equal('indeterminate');
  });
});
