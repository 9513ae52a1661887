import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeIdentity } from '../../test/signing/identities.ts';
import { makePkcs12 } from '../../test/signing/make-pkcs12.ts';
import { samplePdf } from '../../test/signing/sample-pdf.ts';
import { median } from './measure.ts';

/** A new process that signs one file, beside one that only hashes it. */
export interface ColdRow {
  readonly bytes: number;
  readonly hashMilliseconds: number;
  readonly signMilliseconds: number;
  /** How many times as long signing takes; of each pair of runs, the middle one. */
  readonly ratio: number;
  /** MiB. */
  readonly hashPeakRss: number;
  readonly signPeakRss: number;
}

const anso = join(import.meta.dirname, '../../server/anso.js');
const HASH = `const { createHash } = require('node:crypto');
const hash = createHash('sha256');
require('node:fs').createReadStream(process.argv[1]).on('data', (part) => hash.update(part)).on('end', () => console.log(hash.digest('hex')));`;
const tellPeakRss = new URL('./tell-peak-rss.ts', import.meta.url).href;

/** Pairs of runs, one of each kind, so that both meet the same machine; the first pair fills the caches and does not count. */
export function benchCold(bytes: number, pairs: number, folder: string): ColdRow {
  const identity = makeIdentity('rsa-2048');
  const [input, p12, output] = ['in.pdf', 'key.p12', 'out.pdf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(input, samplePdf({ size: bytes }));
  writeFileSync(p12, makePkcs12({ keys: [identity], certificates: [identity] }, 'bench'), { mode: 0o600 });
  const hash = ['-e', HASH, input];
  const sign = [anso, 'sign', input, output, '--p12', p12, '--pin-env', 'BENCH_PIN'];
  run(hash);
  run(sign);
  const times = Array.from({ length: pairs }, () => ({ hash: run(hash).time, sign: run(sign).time }));
  return {
    bytes,
    hashMilliseconds: median(times.map((pair) => pair.hash)),
    signMilliseconds: median(times.map((pair) => pair.sign)),
    ratio: median(times.map((pair) => pair.sign / pair.hash)),
    hashPeakRss: peakRssOf(hash),
    signPeakRss: peakRssOf(sign),
  };
}

function run(args: readonly string[]): { time: number; stderr: string } {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { ...process.env, BENCH_PIN: 'bench' },
  });
  const time = performance.now() - started;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { time, stderr };
}

/** In a run of its own: what asks for it is loaded too. */
const peakRssOf = (args: readonly string[]): number =>
  Number(
    run(['--import', tellPeakRss, ...args])
      .stderr.trim()
      .split('\n')
      .at(-1),
  );
