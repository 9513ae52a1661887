import { expect } from 'chai';
import express, { type Express } from 'express';
import multer from 'multer';
import request from 'supertest';
import { Type } from 'typebox';
import { HttpError } from '../../server/http/errors.ts';
import { createIdempotency } from '../../server/http/idempotency.ts';
import { problemHandler } from '../../server/http/problem-handler.ts';
import { registerRoutes } from '../../server/http/register-routes.ts';
import { assignRequestId, contextOf } from '../../server/http/request-context.ts';
import { newId } from '../../server/platform/ids.ts';
import { defineRoute } from '../../server/platform/route.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { type Fixture, openApp } from './app-fixture.ts';

/** A route that counts how often it really runs, and does what the test tells it to. */
describe('the Idempotency-Key header', () => {
  let fixture: Fixture;
  let app: Express;
  let runs: string[];
  let work: (note: string) => Promise<unknown>;

  beforeEach(async () => {
    fixture = await openApp();
    runs = [];
    work = async (note) => ({ note, run: runs.length });
    const { store, clock } = fixture;
    const idempotency = await createIdempotency({ store, clock, serverKey: Buffer.alloc(32, 1) });
    const run = async (note: string, requestId: string | undefined): Promise<unknown> => {
      runs.push(requestId ?? 'none');
      return work(note);
    };
    const route = (path: string, required: 'required' | 'optional') =>
      defineRoute({
        method: 'post',
        path,
        summary: 'x',
        tag: 'x',
        access: 'signed-in',
        status: 201,
        idempotency: required,
        body: Type.Object({ note: Type.String() }),
        handle: ({ body, requestId }) => run(body.note, requestId),
      });
    const upload = defineRoute({
      method: 'post',
      path: '/upload',
      summary: 'x',
      tag: 'x',
      access: 'signed-in',
      idempotency: 'required',
      upload: {
        middleware: multer({ storage: multer.memoryStorage() }).single('file'),
        schema: Type.Object({}),
      },
      handle: ({ requestId }) => run('file', requestId),
    });
    app = express();
    app.use(assignRequestId(newId), (req, res, next) => {
      const accountId = String(req.headers['x-account'] ?? 'a');
      contextOf(res).actor = { accountId, login: 'l', name: 'n', agencyId: 'g', roles: [], via: 'token' };
      next();
    });
    registerRoutes(app, [route('/sign', 'required'), route('/note', 'optional'), upload], {
      idempotency,
      jsonLimit: 10_000,
    });
    app.use(problemHandler(silentLogger));
  });
  afterEach(() => fixture.close());

  const post = (path: string, key: string | undefined, note = 'x', account = 'a') =>
    request(app)
      .post(path)
      .set({ 'X-Account': account, ...(key === undefined ? {} : { 'Idempotency-Key': key }) })
      .send({ note });
  const codeOf = (answer: { text: string }): string => JSON.parse(answer.text).code;

  it('is demanded where a repeat would do harm, and must look like one', async () => {
    expect(codeOf(await post('/sign', undefined).expect(400))).to.equal('http.idempotency_key_missing');
    for (const bad of ['short', 'with space inside', 'x'.repeat(201)]) {
      expect(codeOf(await post('/sign', bad).expect(400))).to.equal('http.idempotency_key_bad');
    }
    await post('/note', undefined).expect(201);
    expect(runs).to.deep.equal(['none']);
  });

  it('gives the same answer to the same request and runs it once', async () => {
    const first = await post('/sign', 'key-00001').expect(201);
    const again = await post('/sign', 'key-00001').expect(201).expect('Idempotency-Replayed', 'true');
    expect(again.text).to.equal(first.text);
    expect(again.type).to.equal('application/json');
    expect(runs).to.have.length(1);
  });

  it('refuses the key with another content', async () => {
    await post('/sign', 'key-00001', 'one').expect(201);
    expect(codeOf(await post('/sign', 'key-00001', 'two').expect(422))).to.equal(
      'http.idempotency_key_reused',
    );
  });

  it('belongs to one account and one route', async () => {
    await post('/sign', 'key-00001').expect(201);
    await post('/sign', 'key-00001', 'x', 'another').expect(201);
    await post('/note', 'key-00001').expect(201);
    expect(new Set(runs).size).to.equal(3);
  });

  it('answers 409 while the first one runs', async () => {
    let finish: (value: unknown) => void = () => {};
    const started = new Promise<void>((resolve) => {
      work = () => {
        resolve();
        return new Promise((done) => {
          finish = done;
        });
      };
    });
    const first = post('/sign', 'key-00001').then((answer) => answer);
    await started;
    const second = await post('/sign', 'key-00001').expect(409);
    expect(codeOf(second)).to.equal('http.request_in_progress');
    expect(second.headers['retry-after']).to.equal('2');
    finish({ done: true });
    expect((await first).status).to.equal(201);
    expect(runs).to.have.length(1);
  });

  it('does not stay locked when a run hangs: the lease ends, and the verb gets the same request id', async () => {
    let finish: (value: unknown) => void = () => {};
    const started = new Promise<void>((resolve) => {
      work = () => {
        resolve();
        return new Promise((done) => {
          finish = done;
        });
      };
    });
    const hanging = post('/sign', 'key-00001').then((answer) => answer);
    await started;
    work = async () => ({ recovered: true });
    await post('/sign', 'key-00001').expect(409);
    fixture.clock.advance(2 * 60_000 + 1);
    await post('/sign', 'key-00001').expect(201, { recovered: true });
    expect(runs).to.have.length(2);
    expect(runs[0]).to.equal(runs[1]);
    finish({ late: true });
    await hanging;
    await post('/sign', 'key-00001').expect(201, { recovered: true });
  });

  it('keeps a refusal that would come again, and lets go of what may pass', async () => {
    work = async () => {
      throw new HttpError('http.invalid', 'refused for good');
    };
    const refused = await post('/sign', 'key-00001').expect(422);
    work = async () => ({ now: 'well' });
    const again = await post('/sign', 'key-00001').expect(422);
    expect(codeOf(again)).to.equal(codeOf(refused));

    for (const code of ['http.not_ready', 'http.internal', 'http.too_many_requests'] as const) {
      work = async () => {
        throw new HttpError(code, 'for now');
      };
      await post('/sign', `key-${code}`);
      work = async () => ({ now: 'well' });
      await post('/sign', `key-${code}`).expect(201);
    }
  });

  it('knows an upload again by what is in its files', async () => {
    const send = (content: string) =>
      request(app)
        .post('/upload')
        .set('Idempotency-Key', 'key-00001')
        .attach('file', Buffer.from(content), 'a.pdf');
    await send('one').expect(200);
    await send('one').expect(200).expect('Idempotency-Replayed', 'true');
    expect(codeOf(await send('two').expect(422))).to.equal('http.idempotency_key_reused');
    expect(runs).to.have.length(1);
  });

  it('keeps no digest from which a PIN could be guessed', async () => {
    const { store, clock } = fixture;
    const [one, other] = await Promise.all(
      [1, 2].map((fill) => createIdempotency({ store, clock, serverKey: Buffer.alloc(32, fill) })),
    );
    expect(one?.digest(['1234'])).to.not.equal(other?.digest(['1234']));
    expect(one?.digest(['12', '34'])).to.not.equal(one?.digest(['1', '234']));
  });

  it('forgets after a day', async () => {
    await post('/sign', 'key-00001').expect(201);
    fixture.clock.advance(24 * 3_600_000 + 1);
    await fixture.app.tidy();
    await post('/sign', 'key-00001').expect(201);
    expect(runs).to.have.length(2);
  });
});
