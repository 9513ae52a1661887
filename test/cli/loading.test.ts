import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeIdentity } from '../signing/identities.ts';
import { makePkcs12 } from '../signing/make-pkcs12.ts';
import { samplePdf } from '../signing/sample-pdf.ts';

/** Writes the address of every module that is loaded to standard error. */
const TELL = `data:text/javascript,import{registerHooks}from'node:module';
registerHooks({load(url,context,next){console.error(url);return next(url,context)}})`;
const anso = join(import.meta.dirname, '../../server/anso.js');

describe('a command that signs one file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-loading-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('loads nothing of what only the server, appearances, tokens, old keys or higher levels need', () => {
    const identity = makeIdentity('p-256');
    const [input, output, p12] = ['in.pdf', 'out.pdf', 'key.p12'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(input, samplePdf());
    writeFileSync(p12, makePkcs12({ keys: [identity], certificates: [identity] }, 'secret'));
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', TELL, anso, 'sign', input, output, '--p12', p12, '--pin-env', 'THE_PIN'],
      { encoding: 'utf8', env: { PATH: process.env.PATH, THE_PIN: 'secret' } },
    );
    expect(status, stderr).to.equal(0);
    const loaded = stderr.split('\n');
    expect(loaded.filter((url) => url.endsWith('/server/signing/sign-pdf.ts'))).to.have.length(1);
    const heavy =
      /node_modules\/(?!@signpdf\/utils\/dist\/Sign)|server\/(composition|verification)\/|repair-pdf/;
    expect(loaded.filter((url) => heavy.test(url))).to.deep.equal([]);
  });
});
