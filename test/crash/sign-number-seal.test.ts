import { createHash, randomInt } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { type CallOptions, insist } from '../../scripts/demo/client.ts';
import { DocumentRun } from '../../scripts/demo/document-run.ts';
import { putIntoEffect } from '../../scripts/demo/main-job.ts';
import { Narrator } from '../../scripts/demo/narrator.ts';
import { type Office, openOffice, type Person, trustDevelopmentPki } from '../../scripts/demo/office.ts';
import { type ServerProcess, startServer } from '../../scripts/demo/server-process.ts';
import { makeDevPki } from '../../scripts/dev-pki/make-dev-pki.ts';

const KILLS = Number(process.env.ANSO_TEST_KILLS ?? 100);
/** A kill comes this long after the server listens: long enough for a few acts, short enough to fall into one. */
const LONGEST_LIFE_MS = 1200;
/** Tries of 25 ms: a busy machine may need long to start a server again. */
const PATIENCE = 2400;

const notice = {
  type: 'TB',
  subject: 'lịch tiếp công dân',
  body: 'Ủy ban nhân dân xã thông báo lịch tiếp công dân.',
  recipients: ['Các đơn vị'],
  urgency: 'normal',
  signerPosition: 'Chủ tịch',
  signerName: 'Nguyễn Thị Minh Ánh',
};

/** A person does not give up while the server is away, and repeats the same request with the same key. */
const stubborn = <T>(person: Person, path: string, options: CallOptions): Promise<T> => {
  const key = options.key ?? crypto.randomUUID();
  return insist(() => person.client.call<T>(path, { ...options, key }), PATIENCE);
};

describe(`the sign-number-seal run with ${KILLS} SIGKILLs at random moments`, () => {
  let dataFolder: string;
  let server: ServerProcess;
  let office: Office;
  const finished: DocumentRun[] = [];
  const start = (port: number): Promise<ServerProcess> =>
    startServer({ dataFolder, port, env: { ANSO_REQUESTS_PER_MINUTE: '1000000' } });

  before(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'anso-crash-'));
    const pki = await makeDevPki({ only: ['person', 'organization'] });
    await trustDevelopmentPki(dataFolder, pki);
    const port = await freePort();
    server = await start(port);
    office = await openOffice(server, pki);
    await putIntoEffect(office, new Narrator(true));

    let stopped = false;
    const work = (async () => {
      while (!stopped) finished.push(await runOnce(office));
    })();
    for (let kills = 0; kills < KILLS; kills++) {
      await Promise.race([wait(randomInt(LONGEST_LIFE_MS)), work]);
      await server.kill();
      server = await start(port);
    }
    stopped = true;
    await work;
    // Starting has copied every event a kill left behind; a last restart makes that so for the last documents as well.
    await server.stop();
    server = await start(port);
  });

  after(async () => {
    await server?.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  it('brings documents to their end between the kills', function () {
    if (this.test) this.test.title += ` (${finished.length} documents)`;
    expect(finished).to.not.be.empty;
    expect(finished.map(({ view }) => view.state)).to.satisfy((states: string[]) =>
      states.every((state) => state === 'completed'),
    );
  });

  it('gives numbers without a gap or a repeat, in the order of the documents', () => {
    const expected = finished.map((_, at) => `${String(at + 1).padStart(2, '0')}/TB-UBND`);
    expect(finished.map(({ view }) => view.number)).to.deep.equal(expected);
  });

  it('counts each signature exactly once', async () => {
    const usage = await office.people.auditor.client.call<{
      certificates: { holderKind: string; signed: number; failed: number }[];
    }>('/api/v1/usage/report');
    for (const { holderKind, signed } of usage.certificates) {
      expect(signed, holderKind).to.equal(finished.length);
    }
    expect(usage.certificates).to.have.length(2);
  });

  it('writes each act into the audit log once, and the chain is intact', async () => {
    const { client } = office.people.auditor;
    const chain = await client.call<{ entries: number; brokenAt?: number }>('/api/v1/audit/verification');
    expect(chain.brokenAt).to.equal(undefined);
    const types = await auditTypes(office.people.auditor);
    expect(types.get('document.signed')).to.equal(finished.length * 2);
    expect(types.get('document.numbered')).to.equal(finished.length);
    expect(types.get('document.released')).to.equal(finished.length);
  });

  it('leaves every document with two signatures and a file that is judged valid', async () => {
    for (const run of finished) {
      const pdf = await run.pdf(office.people.auditor);
      const form = new FormData();
      form.set('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'signed.pdf');
      const report = await office.people.auditor.client.call<{ verdict: string; signatures: unknown[] }>(
        '/api/v1/verifications',
        { form },
      );
      expect(report.signatures).to.have.length(2);
      expect(report.verdict).to.equal('valid');
    }
  });

  it('leaves no half file', async () => {
    const blobs = await filesBelow(join(dataFolder, 'blobs'));
    expect(blobs).to.not.be.empty;
    for (const path of blobs) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      expect(name, path).to.match(/^[0-9a-f]{64}$/);
      expect(
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      ).to.equal(name);
    }
  });
});

async function runOnce(office: Office): Promise<DocumentRun> {
  const { official, unitLeader, clerk, leader } = office.people;
  const run = await DocumentRun.start(office, notice, { send: stubborn });
  await run.complete(official, 'submit');
  await run.complete(unitLeader, 'approve');
  await run.complete(clerk, 'pass');
  await run.complete(leader, 'approve');
  await run.sign(leader, office.pins.leader);
  await run.register();
  await run.sign(clerk, office.pins.seal);
  await run.release();
  await run.complete(clerk, 'filed');
  return run;
}

async function auditTypes({ client }: Person): Promise<Map<string, number>> {
  const types = new Map<string, number>();
  for (let after = 0; ; ) {
    const { items, next } = await client.call<{ items: { type: string }[]; next?: number }>(
      `/api/v1/audit?after=${after}&limit=1000`,
    );
    for (const { type } of items) types.set(type, (types.get(type) ?? 0) + 1);
    if (next === undefined) return types;
    after = next;
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
