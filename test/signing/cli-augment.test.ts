import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { command as augment } from '../../server/cli/augment.ts';
import { type Command, type CommandIo, UsageError } from '../../server/cli/command.ts';
import { command as sign } from '../../server/cli/sign.ts';
import { command as verify } from '../../server/cli/verify.ts';
import { openEvidence } from '../../server/evidence/open-evidence.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { silentLogger } from '../../server/platform/services.ts';
import { closeServers, deadUrl, serve, type TestServer } from '../evidence/http-server.ts';
import { granted, readQuestion, stampingParty, tokenFor } from '../evidence/time-stamp-authority.ts';
import * as pki from '../pki/authority.ts';
import { makePkcs12 } from './make-pkcs12.ts';
import { samplePdf } from './sample-pdf.ts';

const DAY = 86_400_000;

describe('anso sign and anso augment with time stamps', () => {
  const root = pki.authority('Root', { key: 0 });
  const signer = pki.certify({ subject: 'Signer', key: 1, issuer: root, keyUsage: 0xc0 });
  const tsa = stampingParty(root, { key: 2 });
  const day = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
  const crl = pki.revoke(root, { thisUpdate: day(-1), nextUpdate: day(6) });
  let folder: string;
  let server: TestServer;
  let printed: { stdout: string; stderr: string };
  let crls: readonly Uint8Array[];
  const at = (name: string): string => join(folder, name);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-augment-'));
    server = await serve(({ body }) => granted(tokenFor(tsa, readQuestion(body))));
    crls = [crl.der];
    const identity = { ...signer, der: signer.certificate.der, subject: 'Signer' };
    writeFileSync(at('in.pdf'), samplePdf());
    writeFileSync(at('key.p12'), makePkcs12({ keys: [identity], certificates: [identity] }, '123456'));
  });
  afterEach(async () => {
    await closeServers();
    rmSync(folder, { recursive: true });
  });

  function io(): CommandIo {
    const into = (name: 'stdout' | 'stderr') =>
      new Writable({
        write: (chunk, _encoding, done) => {
          printed[name] += chunk;
          done();
        },
      });
    const trust = {
      current: async () => ({ anchors: [root.certificate.der], intermediates: [], crls }),
    };
    return {
      stdout: into('stdout'),
      stderr: into('stderr'),
      stdin: Readable.from([]),
      env: { PIN: '123456' },
      isTTY: false,
      openServices: () => Promise.reject(new Error('no store is needed')),
      trust: () => trust,
      evidence: (timeStampAuthorities) =>
        openEvidence(
          { timeStampAuthorities, network: 'off', privateHosts: ['127.0.0.1'], fetchSeconds: 5 },
          { trust, clock: systemClock, logger: silentLogger },
        ),
      usageLog: () => undefined,
    };
  }

  /** Exit code and the one line of JSON. */
  async function run(
    command: Command,
    ...argv: string[]
  ): Promise<readonly [number, Record<string, unknown>]> {
    printed = { stdout: '', stderr: '' };
    const code = await command.run([...argv, '--json'], io());
    return [code, JSON.parse(printed.stdout) as Record<string, unknown>];
  }
  const signing = (out: string, ...more: string[]) =>
    run(sign, at('in.pdf'), at(out), '--p12', at('key.p12'), '--pin-env', 'PIN', '--field', 'ky', ...more);
  const levelOf = async (file: string): Promise<unknown> => {
    const [, line] = await run(verify, at(file));
    return (line.signatures as readonly { readonly level: unknown; readonly field: unknown }[]).find(
      ({ field }) => field === 'ky',
    )?.level;
  };

  it('reach every level, which verification then finds', async () => {
    for (const level of ['B-T', 'B-LT', 'B-LTA']) {
      const [code, line] = await signing(`${level}.pdf`, '--level', level, '--tsa', server.url);
      expect([code, line.code, line.level]).to.deep.equal([0, null, level]);
      expect(await levelOf(`${level}.pdf`)).to.equal(level);
    }
    expect(server.asked.every(({ type }) => type === 'application/timestamp-query')).to.equal(true);
  });

  it('raise a file step by step, and renew its archive time stamp', async () => {
    await signing('file.pdf');
    for (const level of ['B-T', 'B-LT', 'B-LTA', 'B-LTA']) {
      const before = readFileSync(at('file.pdf'));
      const [code, line] = await run(
        augment,
        at('file.pdf'),
        at('file.pdf'),
        '--to',
        level,
        '--tsa',
        server.url,
      );
      expect(code).to.equal(0);
      expect(line).to.deep.include({ code: null, signatures: [{ field: 'ky', level }], warnings: [] });
      const after = readFileSync(at('file.pdf'));
      expect(after.subarray(0, before.length).equals(before)).to.equal(true);
      expect(after.length).to.be.greaterThan(before.length);
      expect(await levelOf('file.pdf')).to.equal(level);
    }
  });

  it('ask the next authority when one is down', async () => {
    const [code] = await signing('out.pdf', '--level', 'B-T', '--tsa', await deadUrl(), '--tsa', server.url);
    expect(code).to.equal(0);
  });

  it('write nothing when no authority answers, or nobody knows of a revocation', async () => {
    const [code, line] = await signing('out.pdf', '--level', 'B-T', '--tsa', await deadUrl());
    expect([code, line.code, line.out]).to.deep.equal([1, 'evidence.no_time_stamp', null]);
    crls = [];
    const [later, why] = await signing('out.pdf', '--level', 'B-LT', '--tsa', server.url);
    expect([later, why.code]).to.deep.equal([1, 'evidence.no_revocation_data']);
    await signing('signed.pdf');
    const [last, told] = await run(augment, at('signed.pdf'), at('out.pdf'), '--tsa', server.url);
    expect([last, told.code, told.out]).to.deep.equal([1, 'evidence.no_revocation_data', null]);
    expect(readdirSync(folder).toSorted()).to.deep.equal(['in.pdf', 'key.p12', 'signed.pdf']);
  });

  it('know no other levels and no other addresses', async () => {
    for (const argv of [['a', 'b', '--to', 'B-B'], ['a', 'b', '--tsa', 'ftp://x'], ['a']]) {
      const error = await augment.run(argv, io()).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UsageError);
    }
    const [code, line] = await run(augment, at('none.pdf'), at('out.pdf'), '--tsa', server.url);
    expect([code, line.code]).to.deep.equal([1, 'signing.source_missing']);
  });
});
