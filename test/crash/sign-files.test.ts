import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { makeIdentity } from '../signing/identities.ts';
import { signatureFacts } from '../signing/judges.ts';
import { makePkcs12 } from '../signing/make-pkcs12.ts';
import { samplePdf } from '../signing/sample-pdf.ts';

const FILES = Number(process.env.ANSO_TEST_BATCH_FILES ?? 500);
const KILLS = Number(process.env.ANSO_TEST_BATCH_KILLS ?? 10);
const LONGEST_LIFE_MS = 3000;
const PIN = 'mã pin';
const entry = fileURLToPath(new URL('../../server/anso.js', import.meta.url));

describe(`anso sign over ${FILES} files with up to ${KILLS} SIGKILLs`, () => {
  let folder: string;
  let kills = 0;
  const at = (name: string): string => join(folder, name);
  const names = Array.from({ length: FILES }, (_, index) => `${index + 1}.pdf`);
  const signer = makeIdentity('rsa-2048');

  /** Resolves to the exit code; null when it was killed. */
  async function sign(lifetime: number | undefined, resume: boolean): Promise<number | null> {
    const argv = [
      'sign',
      ...names.map(at),
      '--out-dir',
      at('out'),
      '--p12',
      at('key.p12'),
      '--pin-env',
      'ANSO_PIN',
    ];
    const child = spawn(process.execPath, [entry, ...argv, ...(resume ? ['--resume'] : [])], {
      stdio: 'ignore',
      env: { ...process.env, ANSO_PIN: PIN, ANSO_USAGE_LOG: at('usage.ndjson'), ANSO_DATA_DIR: at('data') },
    });
    const gone = once(child, 'exit') as Promise<[number | null]>;
    if (lifetime !== undefined) await Promise.race([wait(lifetime), gone]);
    if (lifetime !== undefined) child.kill('SIGKILL');
    const [code] = await gone;
    return code;
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-sign-crash-'));
    for (const name of names) writeFileSync(at(name), samplePdf({ size: 20_000 }));
    writeFileSync(at('key.p12'), makePkcs12({ keys: [signer], certificates: [signer] }, PIN));
    const hasJournal = (): boolean =>
      readdirSync(folder).includes('out') && readdirSync(at('out')).includes('.anso-sign.journal');
    for (; kills < KILLS; kills++) {
      if ((await sign(200 + randomInt(LONGEST_LIFE_MS), hasJournal())) !== null) break;
    }
    if (kills === KILLS) expect(await sign(undefined, hasJournal())).to.equal(0);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('signs each file exactly once and leaves nothing else behind', () => {
    expect(readdirSync(at('out')).sort()).to.deep.equal([...names].sort());
    for (const name of names) {
      const signed = readFileSync(join(folder, 'out', name));
      const source = readFileSync(at(name));
      expect(signed.subarray(0, source.length).equals(source), name).to.equal(true);
      const facts = signatureFacts(signed);
      expect(
        facts.map(({ signatureValid, messageDigestMatches }) => signatureValid && messageDigestMatches),
      ).to.deep.equal([true]);
    }
  });

  it('counts each file exactly once', function () {
    if (this.test) this.test.title += ` (${kills} kills)`;
    const lines = readFileSync(at('usage.ndjson'), 'utf8').trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { id: string; outcome: string });
    expect(new Set(events.map(({ outcome }) => outcome))).to.deep.equal(new Set(['signed']));
    expect(new Set(events.map(({ id }) => id))).to.have.length(FILES);
  });
});
