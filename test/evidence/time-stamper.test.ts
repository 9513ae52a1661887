import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { EvidenceError } from '../../server/evidence/errors.ts';
import type { Imprint } from '../../server/evidence/ports.ts';
import { type TimeStamperOptions, timeStamper } from '../../server/evidence/time-stamper.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import type { Crl } from '../../server/pki/crl.ts';
import { ExtendedKeyUsage } from '../../server/pki/oids.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { guardedFetch } from '../../server/platform/guarded-fetch.ts';
import { silentLogger } from '../../server/platform/services.ts';
import * as pki from '../pki/authority.ts';
import {
  type Answer,
  closeServers,
  deadUrl,
  drip,
  flood,
  httpStatus,
  redirect,
  serve,
  silent,
} from './http-server.ts';
import {
  granted,
  imprintOf,
  type Lies,
  readQuestion,
  rejected,
  stampingParty,
  stampingPurpose,
  tokenFor,
} from './time-stamp-authority.ts';

const root = pki.authority('Root', { key: 0 });
const issuing = pki.authority('Issuing', { key: 1, issuer: root });
const tsa = stampingParty(issuing, { key: 2, serial: 0x77 });
const stranger = pki.authority('Stranger', { key: 3 });

const digest = createHash('sha256').update('Quyết định').digest();
const imprint: Imprint = { digestAlgorithm: 'SHA-256', digest };
const otherImprint = imprintOf({ digestAlgorithm: 'SHA-256', digest: Buffer.alloc(32, 1) });

/** Answers every question with a token; tests state how it lies. */
const stamping =
  (lies: Lies = {}, party = tsa): Answer =>
  ({ body }) =>
    granted(tokenFor(party, readQuestion(body), { chain: [issuing], ...lies }));

const hour = 3_600_000;
const fromNow = (milliseconds: number): Date => new Date(Date.now() + milliseconds);

function stamper(
  urls: readonly string[],
  options: Partial<TimeStamperOptions> & { readonly crls?: readonly Crl[] } = {},
) {
  const { crls = [], ...rest } = options;
  return timeStamper({
    authorities: urls.map((url) => ({ url })),
    fetch: guardedFetch({ totalMilliseconds: 300, idleMilliseconds: 150 }),
    clock: systemClock,
    logger: silentLogger,
    trust: async () => ({
      anchors: [{ certificate: root.certificate }],
      pool: new CertificatePool(),
      crls,
    }),
    ...rest,
  });
}

/** Why each authority was passed over. */
async function refusals(urls: readonly string[], options: Parameters<typeof stamper>[1] = {}) {
  try {
    await stamper(urls, options).stamp(imprint);
  } catch (error) {
    if (error instanceof EvidenceError && error.code === 'evidence.no_time_stamp') {
      return (error.details.refusals as { source: string; why: string }[]).map(({ why }) => why);
    }
    throw error;
  }
  throw new Error('a time stamp was given');
}

describe('asking for a time stamp', () => {
  afterEach(closeServers);

  it('gives the token with its time, the authority and the chain up to the anchor', async () => {
    const server = await serve(stamping());
    const before = fromNow(-2000);
    const { token, time, certificate, chain } = await stamper([server.url]).stamp(imprint);
    expect(readQuestion(server.asked[0]?.body ?? Buffer.of())).to.have.property('nonce');
    expect(server.asked[0]).to.include({ method: 'POST', type: 'application/timestamp-query' });
    expect(Buffer.from(token).includes(digest)).to.equal(true);
    expect(time).to.be.within(before, fromNow(2000));
    expect(certificate.fingerprint).to.equal(tsa.certificate.fingerprint);
    expect(chain.map(({ subject }) => subject.toString())).to.deep.equal(['CN=Issuing', 'CN=Root']);
  });

  it('asks with another nonce each time', async () => {
    const server = await serve(stamping());
    const client = stamper([server.url]);
    await client.stamp(imprint);
    await client.stamp(imprint);
    const nonces = server.asked.map(({ body }) => readQuestion(body).nonce);
    expect(new Set(nonces).size).to.equal(2);
  });

  it('takes a token that names its certificate by the old attribute, with accuracy or with fractions of seconds', async () => {
    for (const lies of [{ names: 'v1' }, { accuracySeconds: 1 }, { time: new Date() }] as const) {
      const server = await serve(stamping(lies));
      expect((await stamper([server.url]).stamp(imprint)).certificate.serial).to.equal('77');
    }
  });

  it('asks the policy that is set up, and takes no other', async () => {
    const server = await serve(stamping());
    const authorities = [{ url: server.url, policy: '1.3.6.1.4.1.99999.1' }];
    await stamper([], { authorities }).stamp(imprint);
    expect(readQuestion(server.asked[0]?.body ?? Buffer.of()).policy).to.equal('1.3.6.1.4.1.99999.1');
    const other = await serve(stamping({ policy: '1.2.3' }));
    expect(await refusals([], { authorities: [{ url: other.url, policy: '1.2.4' }] })).to.deep.equal([
      'policy_mismatch',
    ]);
  });

  const lying: readonly (readonly [string, Answer, string])[] = [
    ['over another imprint', stamping({ imprint: otherImprint }), 'imprint_mismatch'],
    ['with another nonce', stamping({ nonce: 4n }), 'nonce_mismatch'],
    ['without the nonce', stamping({ nonce: null }), 'nonce_mismatch'],
    ['of an hour ago', stamping({ time: fromNow(-hour) }), 'time_too_early'],
    ['of an hour to come', stamping({ time: fromNow(hour) }), 'time_too_late'],
    ['by a stranger', stamping({}, stampingParty(stranger, { key: 2 })), 'untrusted'],
    [
      'by somebody who may stamp and do other things',
      stamping(
        {},
        stampingParty(issuing, {
          extensions: [stampingPurpose([ExtendedKeyUsage.timeStamping, ExtendedKeyUsage.codeSigning])],
        }),
      ),
      'purpose_not_time_stamping',
    ],
    [
      'by somebody without that purpose',
      stamping({}, pki.certify({ issuer: issuing })),
      'purpose_not_time_stamping',
    ],
    [
      'by somebody whose purpose may be overlooked',
      stamping({}, stampingParty(issuing, { extensions: [stampingPurpose(undefined, false)] })),
      'purpose_not_critical',
    ],
    [
      'by somebody with another key usage',
      stamping({}, stampingParty(issuing, { keyUsage: 0x20 })),
      'key_usage',
    ],
    [
      'by somebody whose certificate has expired',
      stamping({}, stampingParty(issuing, { to: '2026-01-01T00:00:00Z' })),
      'outside_validity',
    ],
    ['signed with another key', stamping({ key: stranger }), 'signature_invalid'],
    ['whose digest is of something else', stamping({ falseDigest: true }), 'digest_mismatch'],
    [
      'whose content is said to be data',
      stamping({ contentType: '1.2.840.113549.1.7.1' }),
      'content_type_mismatch',
    ],
    ['that does not name its certificate', stamping({ names: 'nobody' }), 'signing_certificate_missing'],
    ['that names another certificate', stamping({ names: stranger }), 'signing_certificate_mismatch'],
    ['without the certificate', stamping({ withoutCertificate: true }), 'no_signing_certificate'],
    ['that is garbage', () => 'Xin chào', 'cms.malformed'],
    ['that is empty', () => '', 'cms.malformed'],
    ['that is no token', () => granted(Buffer.from([0x30, 0])), 'cms.malformed'],
    ['without token though granted', () => Buffer.from('30053003020100', 'hex'), 'cms.malformed'],
    ['that goes on for ever', flood, 'platform.fetch_too_large'],
    ['that comes drop by drop', drip, 'platform.fetch_timeout'],
    ['that stops in the middle', silent, 'platform.fetch_timeout'],
    ['that is a refusal', () => rejected(2, 15, 'Chính sách\nkhông được phép'), 'status_rejection'],
    ['that is put off', () => rejected(3), 'status_waiting'],
    ['that is another status', () => rejected(9), 'status_unknown'],
    ['of HTTP 404', httpStatus(404), 'platform.fetch_status'],
    ['of HTTP 503', httpStatus(503), 'platform.fetch_status'],
    ['that leads to the neighbours', redirect('http://127.0.0.2:9/'), 'platform.fetch_refused'],
  ];
  for (const [what, answer, why] of lying) {
    it(`takes no token ${what}`, async () => {
      const server = await serve(answer);
      expect(await refusals([server.url])).to.deep.equal([why]);
    });
  }

  it('takes no token of an authority that was revoked', async () => {
    const server = await serve(stamping());
    const crl = pki.revoke(issuing, { nextUpdate: '2034-01-01T00:00:00Z', entries: [{ serial: 0x77 }] });
    expect(await refusals([server.url], { crls: [crl] })).to.deep.equal(['revoked']);
  });

  it('goes on to the next authority and tells of each in the end', async () => {
    const dead = await deadUrl();
    const lying = await serve(stamping({ nonce: 1n }));
    const good = await serve(stamping());
    expect((await stamper([dead, lying.url, good.url]).stamp(imprint)).certificate.serial).to.equal('77');
    expect(await refusals([dead, lying.url])).to.deep.equal(['platform.fetch_failed', 'nonce_mismatch']);
  });

  it('asks again where the answer may be another one, and only there', async () => {
    const busy = await serve(({ body }) =>
      busy.asked.length < 2
        ? rejected(2, 25)
        : granted(tokenFor(tsa, readQuestion(body), { chain: [issuing] })),
    );
    await stamper([busy.url]).stamp(imprint);
    expect(busy.asked).to.have.length(2);
    const lying = await serve(stamping({ nonce: 1n }));
    await refusals([lying.url]);
    expect(lying.asked).to.have.length(1);
  });

  it('leaves an authority that failed for last for a while', async () => {
    const failing = await serve(httpStatus(404));
    const good = await serve(stamping());
    const client = stamper([failing.url, good.url]);
    await client.stamp(imprint);
    await client.stamp(imprint);
    expect(failing.asked).to.have.length(1);
    expect(good.asked).to.have.length(2);
  });

  it('shows a refusal in one line', async () => {
    const server = await serve(() => rejected(2, 15, 'Chính sách\nkhông\u202e được phép'));
    const error = await stamper([server.url])
      .stamp(imprint)
      .catch((thrown) => thrown);
    expect(error.details.refusals).to.deep.equal([
      { source: server.url, why: 'status_rejection', text: 'unacceptedPolicy Chính sách không được phép' },
    ]);
  });

  it('refuses a digest of another length and a client without authorities', async () => {
    const wrong = stamper(['http://127.0.0.1:9/']).stamp({ digestAlgorithm: 'SHA-384', digest });
    expect(await wrong.catch(({ code }) => code)).to.equal('evidence.bad_imprint');
    expect(
      await stamper([])
        .stamp(imprint)
        .catch(({ code }) => code),
    ).to.equal('evidence.no_authority');
    expect(
      await stamper([])
        .tokenSize()
        .catch(({ code }) => code),
    ).to.equal('evidence.no_authority');
  });

  it('learns once how large tokens are, from every authority', async () => {
    const small = await serve(stamping());
    const large = await serve(stamping({ chain: [issuing, root, stranger] }));
    const client = stamper([small.url, large.url, await deadUrl()]);
    const size = await client.tokenSize();
    const { token } = await stamper([large.url]).stamp(imprint);
    expect(size).to.be.within(token.length, token.length + 1024);
    expect(await client.tokenSize()).to.equal(size);
    expect(small.asked).to.have.length(1);
  });

  it('tells nobody what follows the path of an address, and asks those that failed to tell their size last', async () => {
    const failing = await serve(httpStatus(404));
    const good = await serve(stamping());
    const client = stamper([`${failing.url}tsr?key=secret`, good.url]);
    await client.tokenSize();
    await client.stamp(imprint);
    expect(failing.asked).to.have.length(1);
    const error = await stamper([`${failing.url}tsr?key=secret`])
      .stamp(imprint)
      .catch((thrown) => thrown);
    expect(JSON.stringify(error.details)).to.include('/tsr"').and.not.include('secret');
    expect(error.message).not.to.include('secret');
  });

  it('learns again when nobody could tell', async () => {
    const server = await serve((exchange, response) =>
      server.asked.length < 2 ? httpStatus(404)(exchange, response) : stamping()(exchange, response),
    );
    const client = stamper([server.url]);
    expect(await client.tokenSize().catch(({ code }) => code)).to.equal('evidence.no_time_stamp');
    expect(await client.tokenSize()).to.be.greaterThan(500);
  });
});
