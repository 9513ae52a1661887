import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { type DevPki, makeDevPki, pem } from '../../scripts/dev-pki/make-dev-pki.ts';
import { issuedCertificates } from '../../server/certificates/issued-certificates.ts';
import { certificatesRoutes } from '../../server/certificates/routes.ts';
import { createIdempotency } from '../../server/http/idempotency.ts';
import { problemHandler } from '../../server/http/problem-handler.ts';
import { registerRoutes } from '../../server/http/register-routes.ts';
import { contextOf } from '../../server/http/request-context.ts';
import type { Actor } from '../../server/platform/route.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { usageRoutes } from '../../server/usage/routes.ts';
import { administrator, leader, official, openWorld, type World } from './world.ts';

/** The routes of both features behind an actor that the test chooses. */
async function serve(world: World, actor: Actor) {
  const { deps } = world;
  const usage = { ...deps, ledger: deps.store.usage, certificates: issuedCertificates(deps.store) };
  const app = express();
  app.use((_req, res, next) => {
    contextOf(res).actor = actor;
    next();
  });
  const idempotency = await createIdempotency({ ...deps, serverKey: new Uint8Array(32) });
  registerRoutes(app, [...certificatesRoutes(deps), ...usageRoutes(usage)], {
    idempotency,
    jsonLimit: 2 ** 20,
  });
  app.use(problemHandler(silentLogger));
  return request(app);
}

describe('the routes of certificates and usage', () => {
  let pki: DevPki;
  let world: World;
  const holding = { agencyId: 'xa', accountId: 'lanh-dao', medium: 'file' };
  const der = (id: string) => pki.certificate(id).certificate;

  before(async () => {
    pki = await makeDevPki({ only: ['person', 'public-person'] });
  });
  beforeEach(async () => {
    world = await openWorld(new Date().toISOString());
  });
  afterEach(() => world.close());

  async function register(id: string, certificate: string) {
    const http = await serve(world, administrator);
    const answer = await http.post('/api/v1/certificates').send({ ...holding, certificate });
    expect(answer.status, answer.text).to.equal(201);
    expect(answer.body).to.include({ holderKind: 'person', status: 'active' });
    return { id: String(answer.body.id), p12: pki.certificate(id) };
  }

  it('register a certificate given as PEM or as base64', async () => {
    await register('person', pem('CERTIFICATE', der('person')));
    await register('public-person', Buffer.from(der('public-person')).toString('base64'));
    const list = await (await serve(world, leader)).get('/api/v1/certificates?limit=1');
    expect(list.body.items).to.have.lengthOf(1);
    expect(list.body.next).to.be.a('string');
  });

  for (const [what, certificate] of Object.entries({
    'nothing readable': '!!!',
    'a PEM of something else': pem('PUBLIC KEY', new Uint8Array(9)),
    'half a certificate': 'MIIC',
  })) {
    it(`refuse ${what} with a code`, async () => {
      const http = await serve(world, administrator);
      const answer = await http.post('/api/v1/certificates').send({ ...holding, certificate });
      expect(answer.status).to.equal(422);
      expect(answer.body.code).to.match(/^pki\.malformed/);
    });
  }

  it('keep the picture of a signature, give it to its holder as an attachment, and forget it', async () => {
    const { id } = await register('person', pem('CERTIFICATE', der('person')));
    const http = await serve(world, leader);
    const image = `/api/v1/certificates/${id}/image`;
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>';
    const put = (bytes: string) =>
      http.put(image).send({ image: Buffer.from(bytes).toString('base64'), width: 40 });
    const kept = await put(svg);
    expect(kept.status, kept.text).to.equal(200);
    expect(kept.body.image).to.include({ mediaType: 'image/svg+xml', width: 40, height: 40 });
    const got = await http.get(image);
    expect(got.headers['content-disposition']).to.match(/^attachment; filename=.*\.svg"/);
    expect(Buffer.from(got.body).toString() || got.text).to.equal(svg);
    expect((await put('<svg><script/></svg>')).body.code).to.equal('composition.image_damaged');
    expect((await (await serve(world, official)).get(image)).status).to.equal(404);
    expect((await http.delete(image)).body).to.not.have.property('image');
    expect((await http.get(image)).body.code).to.equal('certificates.no_image');
  });

  it('take the holder’s key and never say its PIN or passphrase', async () => {
    const { id, p12 } = await register('person', pem('CERTIFICATE', der('person')));
    const http = await serve(world, leader);
    const body = { p12: Buffer.from(p12.p12).toString('base64'), passphrase: p12.pin, pin: '918273' };
    const wrong = await http
      .post(`/api/v1/certificates/${id}/key`)
      .send({ ...body, passphrase: 'not-it-77' });
    expect(wrong.body.code).to.equal('signing.p12_wrong_passphrase');
    const right = await http.post(`/api/v1/certificates/${id}/key`).send(body);
    expect(right.status, right.text).to.equal(201);
    const detail = await http.get(`/api/v1/certificates/${id}`);
    expect(detail.body.key).to.include({ locked: false, triesLeft: 5 });
    for (const text of [wrong.text, right.text, detail.text]) {
      expect(text).to.not.match(new RegExp(`not-it-77|918273|${p12.pin}`));
    }
  });

  it('revoke with a reason, which the certificate then shows', async () => {
    const { id } = await register('person', pem('CERTIFICATE', der('person')));
    const http = await serve(world, administrator);
    const change = { action: 'revoke', reason: 'keyCompromise', note: 'Lộ khóa' };
    await http.post(`/api/v1/certificates/${id}/state`).send(change);
    const { body } = await http.get(`/api/v1/certificates/${id}`);
    expect(body).to.deep.include({ status: 'revoked' });
    expect(body.revocation).to.include({ reason: 'keyCompromise', note: 'Lộ khóa' });
    expect(body.changes).to.have.lengthOf(2);
    const again = await http.post(`/api/v1/certificates/${id}/state`).send(change);
    expect([again.status, again.body.code]).to.deep.equal([409, 'certificates.bad_transition']);
  });

  it('report the use as JSON and as a spreadsheet, for the agencies beneath', async () => {
    await register('person', pem('CERTIFICATE', der('person')));
    const http = await serve(world, leader);
    const json = await http.get('/api/v1/usage/report');
    expect(json.body).to.include({ issued: 1, personal: 1, regular: 0, rate: 0 });
    const csv = await http.get('/api/v1/usage/report.csv');
    expect(csv.headers).to.include({ 'content-type': 'text/csv; charset=utf-8' });
    expect(csv.text).to.include('Nguyễn Thị Minh Ánh').and.include('different days');
    const one = await http.get(`/api/v1/usage/certificates/${json.body.certificates[0].fingerprint}`);
    expect(one.body.certificate).to.include({ group: 'never' });
  });

  it('keep the report from officials and odd questions from the report', async () => {
    expect((await (await serve(world, official)).get('/api/v1/usage/report')).status).to.equal(403);
    const http = await serve(world, leader);
    for (const query of ['asOf=31/12/2026', 'minimumDays=0', 'windowDays=x', 'holderKind=dog', 'other=1']) {
      expect((await http.get(`/api/v1/usage/report?${query}`)).body.code, query).to.equal('http.invalid');
    }
    expect((await http.get('/api/v1/usage/report?asOf=2999-01-01')).body.code).to.equal('usage.bad_period');
  });
});
