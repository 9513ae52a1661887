import { expect } from 'chai';
import { readDer } from '../../server/asn1/read.ts';
import { contextTag } from '../../server/asn1/tag.ts';
import { octetString, oid, sequence, setOf, tlv } from '../../server/asn1/write.ts';
import { buildSignedData, signedAttributes } from '../../server/cms/build-signed-data.ts';
import { digestOf } from '../../server/cms/digest.ts';
import { Oid } from '../../server/cms/oids.ts';
import { parseSignedData } from '../../server/cms/parse-signed-data.ts';
import { contentOf, type SignerFacts, verifySignerInfo } from '../../server/cms/verify-signer-info.ts';
import { type Identity, type KeyKind, keyIdentifierOf, makeIdentity } from '../signing/identities.ts';
import { missingOpenssl, opensslSign } from './openssl.ts';
import { signWith } from './sign-with.ts';

const content = Buffer.from('Kính gửi: Ủy ban nhân dân tỉnh\n');

/** What openssl's signatures are like when nothing is out of order; tests state what differs. */
const usual: SignerFacts = {
  messageDigestMatches: true,
  signatureValid: true,
  hasSignedAttributes: true,
  signedAttributesEncoding: 'as-is',
  contentTypeMatches: true,
  identifierMatches: true,
  signingCertificateAttribute: 'absent',
  algorithmProtection: 'absent',
  digestHash: 'SHA-256',
  signatureHash: 'SHA-256',
};

const { contentTypeMatches: _type, signedAttributesEncoding: _encoding, ...rest } = usual;
/** The same without signed attributes. */
const bare: SignerFacts = { ...rest, hasSignedAttributes: false };

function factsOf(cms: Uint8Array, identity: Identity, signed: Uint8Array = content): SignerFacts {
  const { signerInfos, encapsulated } = parseSignedData(cms);
  const [signer] = signerInfos;
  if (!signer) throw new Error('no signer');
  const certificate = { ...identity, subjectKeyIdentifier: keyIdentifierOf(identity.publicKey) };
  const { signingTime, ...facts } = verifySignerInfo(
    signer,
    contentOf(signed),
    certificate,
    encapsulated.contentType,
  );
  if (signingTime) expect(signingTime.getUTCFullYear()).to.be.greaterThan(2020);
  return facts;
}

describe('facts about a signature made by openssl', () => {
  const cases: readonly [string, KeyKind, readonly string[], Partial<SignerFacts>][] = [
    ['RSA PKCS#1', 'rsa-2048', ['-md', 'sha256'], {}],
    [
      'SHA-1, which is a fact and no verdict',
      'rsa-2048',
      ['-md', 'sha1'],
      { digestHash: 'SHA-1', signatureHash: 'SHA-1' },
    ],
    [
      'SHA-512/256',
      'rsa-2048',
      ['-md', 'sha512-256'],
      { digestHash: 'SHA-512/256', signatureHash: 'SHA-512/256' },
    ],
    ['RSA PSS with every parameter usual', 'rsa-2048', pss('sha256', 'sha256', 32), {}],
    ['RSA PSS with a longer salt', 'rsa-2048', pss('sha256', 'sha256', 64), {}],
    ['RSA PSS without salt', 'rsa-2048', pss('sha256', 'sha256', 0), {}],
    ['RSA PSS with another mask digest', 'rsa-2048', pss('sha256', 'sha1', 20), {}],
    [
      'RSA PSS with SHA-512 and its own mask digest',
      'rsa-2048',
      pss('sha512', 'sha384', 20),
      { digestHash: 'SHA-512', signatureHash: 'SHA-512' },
    ],
    [
      'RSA PSS with the defaults of SHA-1',
      'rsa-2048',
      pss('sha1', 'sha1', 20),
      { digestHash: 'SHA-1', signatureHash: 'SHA-1' },
    ],
    ['ECDSA P-256', 'p-256', ['-md', 'sha256'], {}],
    [
      'ECDSA P-384 with SHA-384',
      'p-384',
      ['-md', 'sha384'],
      { digestHash: 'SHA-384', signatureHash: 'SHA-384' },
    ],
    [
      'ECDSA P-521 with SHA-512',
      'p-521',
      ['-md', 'sha512'],
      { digestHash: 'SHA-512', signatureHash: 'SHA-512' },
    ],
    [
      'RSA with SHA3-512',
      'rsa-2048',
      ['-md', 'sha3-512'],
      { digestHash: 'SHA3-512', signatureHash: 'SHA3-512' },
    ],
    ['the signer named by key identifier', 'rsa-2048', ['-keyid'], {}],
    ['a signing-certificate-v2 attribute', 'rsa-2048', ['-cades'], { signingCertificateAttribute: 'v2' }],
    [
      'a signing-certificate (v1) attribute',
      'rsa-2048',
      ['-cades', '-md', 'sha1'],
      { signingCertificateAttribute: 'v1', digestHash: 'SHA-1', signatureHash: 'SHA-1' },
    ],
    ['no certificates inside', 'rsa-2048', ['-nocerts'], {}],
    ['encapsulated content', 'rsa-2048', ['-nodetach'], {}],
    ['BER with indefinite lengths', 'rsa-2048', ['-nodetach', '-stream'], {}],
    ['no signed attributes', 'rsa-2048', ['-noattr'], {}],
    ['no signed attributes, PSS', 'rsa-2048', ['-noattr', ...pss('sha256', 'sha256', 32)], {}],
    ['no signed attributes, ECDSA', 'p-256', ['-noattr'], {}],
  ];
  for (const [name, kind, options, differs] of cases) {
    it(`with ${name}${missingOpenssl}`, function () {
      if (missingOpenssl) this.skip();
      const identity = makeIdentity(kind);
      const cms = opensslSign(content, identity, options);
      expect(factsOf(cms, identity)).to.deep.equal({
        ...(options.includes('-noattr') ? bare : usual),
        ...differs,
      });
      const changed = factsOf(cms, identity, Buffer.from('Kính gửi: người khác\n'));
      expect(changed.messageDigestMatches).to.equal(false);
      expect(changed.signatureValid).to.equal(usual.signatureValid && changed.hasSignedAttributes);
    });
  }
});

describe('facts about our own signature', () => {
  const identity = makeIdentity('p-256');
  const options = {
    contentDigest: digestOf('SHA-256', content),
    digestAlgorithm: 'SHA-256',
    certificate: identity,
    chain: [],
    scheme: 'ecdsa',
  } as const;
  const ours = { ...usual, signingCertificateAttribute: 'v2', algorithmProtection: 'matches' } as const;
  const sign = signWith(identity, 'ecdsa', 'SHA-256');
  let cms: Uint8Array;
  before(async () => {
    cms = await buildSignedData({ ...options, sign });
  });

  it('holds for attributes written out of DER order that were signed as they stand', () => {
    const attributes = reversed(signedAttributes(options));
    const odd = signedOver(attributes, sign);
    expect(factsOf(odd, identity)).to.deep.equal(ours);
  });

  it('holds for attributes written out of DER order that were signed as DER', () => {
    const odd = signedOver(reversed(signedAttributes(options)), () => sign(signedAttributes(options)));
    expect(factsOf(odd, identity)).to.deep.equal({ ...ours, signedAttributesEncoding: 'der' });
  });

  it('tells another certificate with the same key from the signer by its attribute and its number', () => {
    const other = makeIdentity('p-256', { serial: 7 });
    expect(factsOf(cms, other)).to.deep.equal({
      ...ours,
      identifierMatches: false,
      signingCertificateAttribute: 'mismatch',
    });
  });

  it('does not verify with another key, whatever its kind', () => {
    for (const kind of ['p-384', 'rsa-2048', 'ed25519'] as const) {
      expect(factsOf(cms, makeIdentity(kind)).signatureValid, kind).to.equal(false);
    }
  });

  it('sees an algorithm changed behind the protected one', () => {
    const sha384 = sequence(oid('2.16.840.1.101.3.4.2.2'));
    const attributes = signedAttributes(options);
    expect(factsOf(rebuild(attributes, sign(attributes), sha384), identity)).to.deep.equal({
      ...ours,
      digestHash: 'SHA-384',
      messageDigestMatches: false,
      algorithmProtection: 'mismatch',
    });
  });

  it('does not take a message digest that stands twice', () => {
    const twice = setOf([
      ...readDer(signedAttributes(options)).children.map(({ bytes }) => bytes),
      sequence(oid(Oid.messageDigest), setOf([octetString(digestOf('SHA-256', content))])),
    ]);
    const facts = factsOf(signedOver(twice, sign), identity);
    expect(facts.signatureValid).to.equal(true);
    expect(facts.messageDigestMatches).to.equal(false);
  });

  it('is broken by any single bit of the attributes or the signature', () => {
    const { signerInfos } = parseSignedData(cms);
    const [signer] = signerInfos;
    if (!signer?.signedAttributes) throw new Error('no attributes');
    const { attributes, bytes, der } = signer.signedAttributes;
    for (let at = 0; at < signer.signature.length; at++) {
      const signature = flipped(signer.signature, at);
      expect(
        verifySignerInfo({ ...signer, signature }, contentOf(content), identity).signatureValid,
      ).to.equal(false);
    }
    for (let at = 0; at < bytes.length; at += 7) {
      const signed = { attributes, bytes: flipped(bytes, at), der: flipped(der, at) };
      expect(
        verifySignerInfo({ ...signer, signedAttributes: signed }, contentOf(content), identity)
          .signatureValid,
      ).to.equal(false);
    }
  });

  const signedOver = (attributes: Uint8Array, signer: (bytes: Uint8Array) => Uint8Array): Uint8Array =>
    rebuild(attributes, signer(attributes));

  /** Our CMS with other signed attributes (and another digest algorithm) in its SignerInfo. */
  function rebuild(attributes: Uint8Array, signature: Uint8Array, digestAlgorithm?: Uint8Array): Uint8Array {
    const parts = readDer(cms).at(1).at(0).children;
    const info =
      parts
        .at(-1)
        ?.at(0)
        .children.map(({ bytes }) => bytes) ?? [];
    const implicit = Buffer.from(attributes);
    implicit[0] = contextTag(0);
    info[2] = digestAlgorithm ?? info[2] ?? implicit;
    info[3] = implicit;
    info[5] = octetString(signature);
    const signedData = sequence(...parts.slice(0, -1).map(({ bytes }) => bytes), setOf([sequence(...info)]));
    return sequence(oid(Oid.signedData), tlv(contextTag(0), signedData));
  }
});

function pss(md: string, mgf: string, salt: number): string[] {
  const keyOptions = ['rsa_padding_mode:pss', `rsa_mgf1_md:${mgf}`, `rsa_pss_saltlen:${salt}`];
  return ['-md', md, ...keyOptions.flatMap((option) => ['-keyopt', option])];
}

const reversed = (set: Uint8Array): Uint8Array =>
  tlv(
    0x31,
    ...readDer(set)
      .children.toReversed()
      .map(({ bytes }) => bytes),
  );

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
