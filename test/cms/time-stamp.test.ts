import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import { integer, octetString, oid, sequence, setOf, tlv, utf8String } from '../../server/asn1/write.ts';
import { CmsError } from '../../server/cms/errors.ts';
import { Oid } from '../../server/cms/oids.ts';
import { timeStampRequest } from '../../server/cms/time-stamp-request.ts';
import { parseTimeStampResponse } from '../../server/cms/time-stamp-response.ts';
import { verifyTimeStampToken } from '../../server/cms/verify-time-stamp-token.ts';
import {
  granted,
  imprintOf,
  type Lies,
  readQuestion,
  rejected,
  stampingParty,
  tokenFor,
} from '../evidence/time-stamp-authority.ts';
import * as pki from '../pki/authority.ts';
import { missingOpenssl, openssl } from './openssl.ts';

const root = pki.authority('Root', { key: 0 });
const tsa = stampingParty(root, { key: 1 });
const digest = createHash('sha256').update('Quyết định').digest();
const imprint = { digestAlgorithm: 'SHA-256', digest } as const;
const question = { imprint: imprintOf(imprint), nonce: 42n };
const time = new Date('2026-06-01T00:00:00.5Z');

const check = (
  lies: Lies = {},
  expected: Parameters<typeof verifyTimeStampToken>[1] = { ...imprint, nonce: 42n },
) => verifyTimeStampToken(tokenFor(tsa, question, { time, ...lies }), expected);

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof CmsError) return error.code;
    throw error;
  }
  return 'nothing';
};

describe('a time-stamp request', () => {
  it('is read by openssl as meant', function () {
    if (missingOpenssl) this.skip();
    const query = timeStampRequest({ ...imprint, nonce: 0x80n, policy: '1.2.3.4' });
    const text = openssl(['ts', '-query', '-in', 'query', '-text'], { query }).toString();
    expect(text).to.match(/Hash Algorithm: sha256/);
    expect(text).to.match(/Policy OID: 1\.2\.3\.4/);
    expect(text).to.match(/Nonce: 0x80/);
    expect(text).to.match(/Certificate required: yes/);
    expect(text.toLowerCase()).to.include(
      digest
        .subarray(0, 8)
        .toString('hex')
        .replace(/(..)(?!$)/g, '$1 ')
        .slice(0, 11),
    );
  });

  it('carries any nonce as it is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (nonce) => {
        expect(readQuestion(timeStampRequest({ ...imprint, nonce })).nonce).to.equal(nonce);
      }),
    );
  });
});

describe('a time-stamp response', () => {
  it('is granted with a token, or not and without', () => {
    const token = tokenFor(tsa, question);
    expect(parseTimeStampResponse(granted(token))).to.deep.include({ status: 'granted', failures: [] });
    expect(Buffer.from(parseTimeStampResponse(granted(token)).token ?? []).equals(token)).to.equal(true);
    const withMods = sequence(sequence(integer(1)), token);
    expect(parseTimeStampResponse(withMods).status).to.equal('grantedWithMods');
  });

  it('names the failure', () => {
    const failures: readonly (readonly [number, string])[] = [
      [0, 'badAlg'],
      [2, 'badRequest'],
      [5, 'badDataFormat'],
      [14, 'timeNotAvailable'],
      [15, 'unacceptedPolicy'],
      [16, 'unacceptedExtension'],
      [17, 'addInfoNotAvailable'],
      [25, 'systemFailure'],
      [9, 'bit 9'],
    ];
    for (const [bit, name] of failures) {
      expect(parseTimeStampResponse(rejected(2, bit))).to.deep.equal({
        status: 'rejection',
        text: '',
        failures: [name],
      });
    }
  });

  it('shortens what the authority says and puts it on one line', () => {
    const { text } = parseTimeStampResponse(rejected(2, undefined, `a\r\nb\u0000\u202e ${'x'.repeat(1000)}`));
    expect(text)
      .to.match(/^a b x+$/)
      .and.have.length(300);
  });

  it('is malformed when status and token do not agree', () => {
    const token = tokenFor(tsa, question);
    expect(codeOf(() => parseTimeStampResponse(sequence(sequence(integer(0)))))).to.equal('cms.malformed');
    expect(codeOf(() => parseTimeStampResponse(sequence(sequence(integer(2)), token)))).to.equal(
      'cms.malformed',
    );
    expect(codeOf(() => parseTimeStampResponse(sequence()))).to.equal('cms.malformed');
  });

  it('that is anything else ends in a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(codeOf(() => parseTimeStampResponse(bytes))).to.be.oneOf(['cms.malformed', 'nothing']);
      }),
    );
  });
});

describe('facts about a time-stamp token', () => {
  it('are its statement, its signer and no problem', () => {
    const facts = check({ accuracySeconds: 2 });
    expect(facts.problems).to.deep.equal([]);
    expect(facts.info).to.deep.include({ time, nonce: 42n, policy: '1.2.3.4', accuracyMilliseconds: 2000 });
    expect(facts.certificate?.fingerprint).to.equal(tsa.certificate.fingerprint);
    expect(facts.signer).to.include({ signatureValid: true, signingCertificateAttribute: 'v2' });
  });

  it('are all problems, not only the first', () => {
    const facts = check(
      { nonce: 1n, names: 'nobody', imprint: imprintOf({ ...imprint, digest: Buffer.alloc(32) }), key: root },
      { ...imprint, nonce: 42n, policy: '1.1', between: { from: new Date(0), to: new Date(1) } },
    );
    expect(facts.problems).to.have.members([
      'imprint_mismatch',
      'nonce_mismatch',
      'policy_mismatch',
      'time_too_late',
      'signature_invalid',
      'signing_certificate_missing',
    ]);
  });

  it('allow the time to be off by its accuracy', () => {
    const later = (milliseconds: number) => new Date(time.getTime() + milliseconds);
    const between = { from: later(1500), to: later(5000) };
    expect(check({}, { ...imprint, between }).problems).to.deep.equal(['time_too_early']);
    expect(check({ accuracySeconds: 2 }, { ...imprint, between }).problems).to.deep.equal([]);
    expect(check({ accuracySeconds: 1 }, { ...imprint, between }).problems).to.deep.equal(['time_too_early']);
  });

  it('compare the digest algorithm as well as the digest', () => {
    const other = { digestAlgorithm: 'SHA3-256', digest } as const;
    expect(check({}, other).problems).to.deep.equal(['imprint_mismatch']);
  });

  it('are none of what is no token', () => {
    const data = sequence(
      oid(Oid.signedData),
      tlv(
        contextTag(0),
        sequence(
          integer(1),
          setOf([]),
          sequence(oid(Oid.data), tlv(contextTag(0), octetString(digest))),
          tlv(Tag.set),
        ),
      ),
    );
    expect(codeOf(() => verifyTimeStampToken(data, imprint))).to.equal('cms.malformed');
    expect(codeOf(() => verifyTimeStampToken(utf8String('x'), imprint))).to.equal('cms.malformed');
    expect(codeOf(() => verifyTimeStampToken(sequence(oid(Oid.data)), imprint))).to.equal(
      'cms.not_signed_data',
    );
  });

  it('name a key that cannot be used', () => {
    const odd = stampingParty(root, {
      key: 1,
      spki: sequence(sequence(oid('1.2.3.4')), tlv(Tag.bitString, Uint8Array.of(0, 1))),
    });
    expect(verifyTimeStampToken(tokenFor(odd, question, { time }), imprint).problems).to.deep.equal([
      'key_unsupported',
    ]);
  });

  it('never tell another story after any change of one octet', () => {
    const token = tokenFor(tsa, question, { time });
    const said = verifyTimeStampToken(token, imprint).info;
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(token);
        changed[at] = (changed[at] ?? 0) ^ flip;
        const outcome = codeOf(() => {
          const { problems, info } = verifyTimeStampToken(changed, { ...imprint, nonce: 42n });
          if (problems.length === 0) expect(info).to.deep.equal(said);
        });
        expect(outcome).to.be.oneOf([
          'nothing',
          'cms.malformed',
          'cms.not_signed_data',
          'cms.unsupported_algorithm',
          'cms.too_large',
        ]);
      }),
    );
  });
});
