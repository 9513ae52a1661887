import { expect } from 'chai';
import { readDer } from '../../server/asn1/read.ts';
import { buildSignedData, type SigningHash, type SigningScheme } from '../../server/cms/build-signed-data.ts';
import { digestOf } from '../../server/cms/digest.ts';
import { Oid } from '../../server/cms/oids.ts';
import { parseSignedData } from '../../server/cms/parse-signed-data.ts';
import { contentOf, verifySignerInfo } from '../../server/cms/verify-signer-info.ts';
import { type Identity, type KeyKind, makeIdentity } from '../signing/identities.ts';
import { missingOpenssl, opensslVerify } from './openssl.ts';
import { signWith } from './sign-with.ts';

const content = Buffer.from('Quyết định số 01/QĐ-UBND');

const cases: readonly [KeyKind, SigningScheme, SigningHash][] = [
  ['rsa-2048', 'rsa-pss', 'SHA-256'],
  ['rsa-2048', 'rsa-pss', 'SHA-384'],
  ['rsa-2048', 'rsa-pkcs1', 'SHA-256'],
  ['rsa-2048', 'rsa-pkcs1', 'SHA-512'],
  ['rsa-3072', 'rsa-pss', 'SHA-512'],
  ['p-256', 'ecdsa', 'SHA-256'],
  ['p-384', 'ecdsa', 'SHA-384'],
  ['p-521', 'ecdsa', 'SHA-512'],
  ['ed25519', 'eddsa', 'SHA-512'],
];

describe('a detached CMS signature', () => {
  for (const [kind, scheme, hash] of cases) {
    describe(`by ${kind} with ${scheme} and ${hash}`, () => {
      let identity: Identity;
      let cms: Uint8Array;
      before(async () => {
        identity = makeIdentity(kind);
        cms = await build(identity, scheme, hash);
      });

      it('is verified by our own verifier with every fact as it should be', () => {
        const signedData = parseSignedData(cms);
        expect(signedData.certificates).to.deep.equal([Buffer.from(identity.der)]);
        const [signer] = signedData.signerInfos;
        if (!signer) throw new Error('no signer');
        expect(verifySignerInfo(signer, contentOf(content), identity)).to.deep.equal({
          messageDigestMatches: true,
          signatureValid: true,
          hasSignedAttributes: true,
          signedAttributesEncoding: 'as-is',
          contentTypeMatches: true,
          identifierMatches: true,
          signingCertificateAttribute: 'v2',
          algorithmProtection: 'matches',
          digestHash: hash,
          signatureHash: hash,
        });
      });

      // openssl 3.0 does not know Ed25519 in CMS.
      if (scheme === 'eddsa') return;
      it(`is verified by openssl${missingOpenssl}`, function () {
        if (missingOpenssl) this.skip();
        opensslVerify(cms, content, identity);
        expect(() => opensslVerify(cms, Buffer.from('khác'), identity)).to.throw();
      });
    });
  }

  it('signs exactly the attributes PAdES allows, and never a signing time', async () => {
    const cms = await build(makeIdentity('p-256'), 'ecdsa', 'SHA-256');
    const oids = parseSignedData(cms).signerInfos[0]?.signedAttributes?.attributes.map(({ oid }) => oid);
    expect(oids).to.have.members([
      Oid.contentType,
      Oid.messageDigest,
      Oid.signingCertificateV2,
      Oid.algorithmProtection,
    ]);
  });

  it('is DER down to its sets, whatever the order of the chain', async () => {
    const identity = makeIdentity('p-256');
    const ca = makeIdentity('rsa-2048', { ca: true, subject: 'CN=CA' });
    const other = makeIdentity('rsa-2048', { ca: true, subject: 'CN=Root CA with a longer name' });
    const build2 = (chain: Identity[]) =>
      buildSignedData({
        contentDigest: digestOf('SHA-256', content),
        digestAlgorithm: 'SHA-256',
        certificate: identity,
        chain,
        scheme: 'ecdsa',
        sign: () => Uint8Array.of(1),
      });
    const cms = await build2([ca, other]);
    expect(Buffer.compare(cms, await build2([other, ca]))).to.equal(0);
    const signedData = readDer(cms).at(1).at(0);
    const sets = [signedData.at(3), signedData.at(4).at(0).at(3)];
    for (const { children } of sets) {
      const encodings = children.map(({ bytes }) => bytes);
      expect(encodings).to.deep.equal(encodings.toSorted(Buffer.compare));
    }
  });

  it('keeps unsigned attributes outside of what is signed', async () => {
    const identity = makeIdentity('p-256');
    const cms = await buildSignedData({
      contentDigest: digestOf('SHA-256', content),
      digestAlgorithm: 'SHA-256',
      certificate: identity,
      chain: [],
      scheme: 'ecdsa',
      sign: signWith(identity, 'ecdsa', 'SHA-256'),
      unsignedAttributes: [Buffer.from('300f06092a864886f70d01090531020500', 'hex')],
    });
    const [signer] = parseSignedData(cms).signerInfos;
    expect(signer?.unsignedAttributes.map(({ oid }) => oid)).to.deep.equal([Oid.signingTime]);
    if (signer) expect(verifySignerInfo(signer, contentOf(content), identity).signatureValid).to.equal(true);
  });
});

function build(identity: Identity, scheme: SigningScheme, hash: SigningHash): Promise<Uint8Array> {
  return buildSignedData({
    contentDigest: digestOf(hash, content),
    digestAlgorithm: hash,
    certificate: identity,
    chain: [],
    scheme,
    sign: signWith(identity, scheme, hash),
  });
}
