import { createHash, sign } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { expect } from 'chai';
import express from 'express';
import request from 'supertest';
import { documentsRoutes } from '../../server/documents/routes.ts';
import { createIdempotency } from '../../server/http/idempotency.ts';
import { problemHandler } from '../../server/http/problem-handler.ts';
import { registerRoutes } from '../../server/http/register-routes.ts';
import { assignRequestId, contextOf } from '../../server/http/request-context.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Actor, AnyRoute } from '../../server/platform/route.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { samplePdf } from '../signing/sample-pdf.ts';
import {
  clerk,
  colleague,
  drafter,
  fields,
  leader,
  type Office,
  openOffice,
  PIN,
  unitLeader,
} from './office.ts';

const people = [drafter, unitLeader, leader, clerk, colleague];

describe('Documents over HTTP', () => {
  let office: Office;
  let routes: AnyRoute[];
  let http: ReturnType<typeof request>;
  before(async () => {
    office = await openOffice();
    routes = documentsRoutes(office.deps);
    const idempotency = await createIdempotency({ ...office.deps, serverKey: Buffer.alloc(32, 7) });
    const app = express();
    app.use(assignRequestId(newId));
    app.use((req, res, next) => {
      const who = people.find(({ login }) => login === req.headers['x-actor']);
      if (who !== undefined) contextOf(res).actor = who;
      next();
    });
    registerRoutes(app, routes, { idempotency, jsonLimit: 1_000_000 });
    app.use(problemHandler(silentLogger));
    http = request(app);
  });
  after(() => office.close());

  const post = (who: Actor, path: string, body?: object, key = newId()) =>
    http.post(`/api/v1${path}`).set('X-Actor', who.login).set('Idempotency-Key', key).send(body);
  const get = (who: Actor, path: string) => http.get(`/api/v1${path}`).set('X-Actor', who.login);
  const begin = async (given: object = fields) =>
    (await post(drafter, '/documents', { process: 'QT.VT.01', fields: given }).expect(201)).body;
  const attach = (id: string, content: Buffer, filename: string, contentType = 'application/pdf') =>
    http
      .post(`/api/v1/documents/${id}/files`)
      .set('X-Actor', drafter.login)
      .attach('file', content, { filename, contentType });
  const uploads = async () => (await readdir(join(office.folder, 'tmp')).catch(() => [])).length;

  /** Works on a document to its end; each step says who and what. */
  async function play(id: string, moves: readonly (readonly [Actor, string, object?])[]) {
    let document = (await get(drafter, `/documents/${id}`)).body;
    for (const [who, verb, body] of moves) {
      const [task] = document.tasks;
      const answer = await post(who, `/documents/${id}/tasks/${task.visit}/${verb}`, body);
      expect(answer.status, answer.text).to.equal(200);
      document = answer.body;
    }
    return document;
  }
  const submitted = [
    [drafter, 'complete', { outcome: 'submit' }],
    [unitLeader, 'return', { outcome: 'return', reason: 'Thiếu căn cứ' }],
    [drafter, 'complete', { outcome: 'submit' }],
    [unitLeader, 'complete', { outcome: 'approve' }],
    [clerk, 'complete', { outcome: 'pass' }],
    [leader, 'claim'],
    [leader, 'complete', { outcome: 'approve' }],
  ] as const;
  const issued = [
    [leader, 'sign', { pin: PIN }],
    [clerk, 'register'],
    [clerk, 'sign', { pin: PIN }],
    [clerk, 'release'],
  ] as const;

  it('go from draft to release, and what is answered follows the documented schema', async () => {
    const { id } = await begin();
    const document = await play(id, [...submitted, ...issued]);
    expect(document).to.include({ number: '01/QĐ-UBND', date: '2026-11-23', released: true });
    const ajv = new Ajv2020({ strict: false });
    ajvFormats.default(ajv);
    for (const [path, route] of [
      [`/documents/${id}`, '/api/v1/documents/:id'],
      [`/documents/${id}/history`, '/api/v1/documents/:id/history'],
      ['/documents?scope=agency', '/api/v1/documents'],
      ['/work', '/api/v1/work'],
    ] as const) {
      const { response } = routes.find((one) => one.method === 'get' && one.path === route) ?? {};
      const { body } = await get(leader, path).expect(200);
      expect(ajv.validate(response ?? false, body), `${path}: ${ajv.errorsText()}`).to.equal(true);
    }
  });

  it('give their PDF as an attachment that is no page', async () => {
    const { id } = await begin();
    await get(drafter, `/documents/${id}/content`).expect(404);
    await get(drafter, `/documents/${id}/preview`).expect(200).expect('Content-Type', 'application/pdf');
    const document = await play(id, [...submitted, [leader, 'sign', { pin: PIN }]]);
    const answer = await get(drafter, `/documents/${id}/content`)
      .expect(200)
      .expect('Content-Type', 'application/pdf');
    expect(answer.headers['content-disposition']).to.match(/^attachment; filename="/);
    expect(answer.headers.etag).to.equal(`"${document.content.at(-1).sha256}"`);
    expect(Buffer.from(answer.body).toString('latin1', 0, 5)).to.equal('%PDF-');
  });

  it('answer a repeated signature with the first answer, and demand a key for it', async () => {
    const { id } = await begin();
    const { tasks } = await play(id, submitted);
    const path = `/documents/${id}/tasks/${tasks[0].visit}/sign`;
    const bare = await http.post(`/api/v1${path}`).set('X-Actor', leader.login).send({ pin: PIN });
    expect([bare.status, bare.body.code]).to.deep.equal([400, 'http.idempotency_key_missing']);
    const [first, again] = [
      await post(leader, path, { pin: PIN }, 'same-key'),
      await post(leader, path, { pin: PIN }, 'same-key'),
    ];
    expect([first.status, again.status]).to.deep.equal([200, 200]);
    expect(again.body).to.deep.equal(first.body);
    expect(first.body.signatures).to.have.length(1);
  });

  it('tell two who finish one task at once apart by 409', async () => {
    const { id } = await begin();
    const { tasks } = await play(id, submitted.slice(0, 4));
    const path = `/documents/${id}/tasks/${tasks[0].visit}/complete`;
    const answers = await Promise.all([1, 2].map(() => post(clerk, path, { outcome: 'pass' })));
    expect(answers.map(({ status }) => status)).to.have.members([200, 409]);
  });

  it('take files by their Vietnamese names and give them back', async () => {
    const { id } = await begin();
    const answer = await attach(id, samplePdf(), 'Phụ lục.pdf');
    expect(answer.status, answer.text).to.equal(201);
    const [file] = answer.body.files;
    expect(file).to.include({ name: 'Phụ lục.pdf', size: samplePdf().length });
    const download = await get(drafter, `/documents/${id}/files/${file.id}`).expect(200);
    expect(Buffer.from(download.body).equals(samplePdf())).to.equal(true);
    expect(await uploads()).to.equal(0);
  });

  it('refuse a file too large while it arrives, and leave nothing of it', async () => {
    const { id } = await begin();
    const answer = await attach(id, Buffer.alloc(3_000_000, 'x'), 'a.pdf');
    expect(answer.status).to.equal(413);
    const none = await http
      .post(`/api/v1/documents/${id}/files`)
      .set('X-Actor', drafter.login)
      .field('note', 'x');
    expect([none.status, none.body.code]).to.deep.equal([422, 'documents.file_missing']);
    expect(await uploads()).to.equal(0);
  });

  const refused: readonly (readonly [
    string,
    number,
    string,
    (id: string) => PromiseLike<request.Response>,
  ])[] = [
    ['a stranger', 401, 'http.not_signed_in', (id) => http.get(`/api/v1/documents/${id}`)],
    ['a document of others', 404, 'documents.not_found', (id) => get(colleague, `/documents/${id}`)],
    [
      'a PIN that is no text',
      422,
      'http.invalid',
      (id) => post(leader, `/documents/${id}/tasks/v1/sign`, { pin: 1 }),
    ],
    [
      'a field out of schema',
      422,
      'documents.fields_invalid',
      (id) => patch(id, { fields: { urgency: 'x' } }),
    ],
    [
      'an unknown task',
      404,
      'workflow.unknown_visit',
      (id) => post(drafter, `/documents/${id}/tasks/v9/claim`),
    ],
    [
      'an empty remark',
      422,
      'workflow.text_unusable',
      (id) => post(drafter, `/documents/${id}/comments`, { text: ' ' }),
    ],
    [
      'a cancellation without reason',
      422,
      'workflow.reason_missing',
      (id) => post(drafter, `/documents/${id}/cancel`, { reason: '' }),
    ],
    ['a bad cursor', 400, 'documents.bad_cursor', () => get(drafter, '/work?cursor=x')],
    [
      'a colleague of another role',
      409,
      'workflow.delegation_refused',
      (id) => post(drafter, `/documents/${id}/tasks/v1/delegate`, { to: 'clerk' }),
    ],
    [
      'giving up a task of another',
      409,
      'workflow.task_taken',
      (id) => post(unitLeader, `/documents/${id}/tasks/v1/complete`, { outcome: 'submit' }),
    ],
  ];
  const patch = (id: string, body: object) =>
    http.patch(`/api/v1/documents/${id}/fields`).set('X-Actor', drafter.login).send(body);
  for (const [what, status, code, ask] of refused) {
    it(`refuse ${what}`, async () => {
      const { id } = await begin();
      const answer = await ask(id);
      expect([answer.status, answer.body.code]).to.deep.equal([status, code]);
    });
  }

  it('sign with a key that is elsewhere: prepared in one request, completed in another, once', async () => {
    const { id } = await begin();
    const { tasks } = await play(id, submitted);
    const path = `/documents/${id}/tasks/${tasks[0].visit}/prepared-signatures`;
    const { personal } = office.identities;
    const certificate = Buffer.from(personal.der).toString('base64');
    const prepared = await post(leader, path, { certificate }, 'prepare-key');
    expect([prepared.status, prepared.body.scheme]).to.deep.equal([201, 'ecdsa']);
    expect((await post(leader, path, { certificate }, 'prepare-key')).body).to.deep.equal(prepared.body);
    const { toBeSigned, digest } = prepared.body;
    const octets = Buffer.from(toBeSigned, 'base64');
    expect(createHash('sha256').update(octets).digest('base64')).to.equal(digest);

    const complete = `${path}/${prepared.body.id}/complete`;
    const wrong = await post(leader, complete, { signature: 'AAAA' });
    expect([wrong.status, wrong.body.code]).to.deep.equal([422, 'signing.wrong_value']);
    const signature = sign('sha256', octets, personal.privateKey).toString('hex');
    const done = await post(leader, complete, { signature }, 'complete-key').expect(200);
    expect(done.body.signatures).to.have.length(1);
    expect((await post(leader, complete, { signature }, 'complete-key')).body).to.deep.equal(done.body);
    const late = await post(leader, complete, { signature });
    expect([late.status, late.body.code]).to.deep.equal([409, 'signing.deferred_completed']);
  });

  it('take no certificate that is none', async () => {
    const { id } = await begin();
    const { tasks } = await play(id, submitted);
    const path = `/documents/${id}/tasks/${tasks[0].visit}/prepared-signatures`;
    const answer = await post(leader, path, { certificate: 'AAAA' });
    expect(answer.status).to.equal(422);
    expect((await post(leader, path, { certificate: 'no base64!' })).status).to.equal(422);
  });

  it('change fields, take remarks, free tasks and end early', async () => {
    const { id } = await begin();
    await patch(id, { fields: { subject: 'Trích yếu khác' } }).expect(200);
    await post(drafter, `/documents/${id}/comments`, { text: 'Ghi chú' }).expect(200);
    await post(drafter, `/documents/${id}/tasks/v1/unclaim`).expect(200);
    const { body } = await post(drafter, `/documents/${id}/cancel`, { reason: 'Thôi' }).expect(200);
    expect(body).to.include({ state: 'cancelled', title: 'Trích yếu khác' }).and.deep.include({ tasks: [] });
  });
});
