import { sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { type KeyInput, keyInput } from '../../server/signing/key-input.ts';
import { signFile } from '../../server/signing/sign-file.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import type { Identity, KeyKind } from '../../test/signing/identities.ts';
import { providerOf } from '../../test/signing/providers.ts';
import { dssPeer, npmPeers, type PeerKind, pyhankoPeer } from './install-peers.ts';
import type { Work } from './measure.ts';
import { libpdf, type NodePeer, signpdfPdfLib, signpdfPlain } from './node-peers.ts';

export const keyKinds = ['rsa-2048', 'rsa-3072', 'p-256'] as const satisfies readonly KeyKind[];
export type BenchKey = (typeof keyKinds)[number];

interface Told {
  readonly name: string;
  /** Why it cannot sign with a kind of key. */
  readonly refuses?: (key: BenchKey) => string | undefined;
}

/** Measured in a Node process of its own. */
export interface NodeSubject extends Told {
  readonly kind: 'node';
  readonly peer?: PeerKind;
  /** Default 1. */
  readonly atOnce?: number;
  /** Whether the bare key takes turns with it, for the share of its rate. */
  readonly besideRaw?: boolean;
  /** `peer` is what installing it gave. */
  readonly prepare: (identity: Identity, pdf: Buffer, peer: string) => Work | Promise<Work>;
}

/** Another program, which measures itself. */
export interface OutsideSubject extends Told {
  readonly kind: 'outside';
  readonly peer: PeerKind;
  readonly command: (peer: string) => readonly [string, ...string[]];
}

export type Subject = NodeSubject | OutsideSubject;

/** The bare key in the fastest way node:crypto has: what the machine can do at best. RSA with PSS, as all of ours. */
export function rawWork({ privateKey }: Identity): Work {
  const attributes = Buffer.alloc(250, 1);
  const scheme = privateKey.asymmetricKeyType === 'rsa' ? 'rsa-pss' : 'ecdsa';
  const key: KeyInput = keyInput(privateKey, { scheme, digestAlgorithm: 'SHA-256' });
  return () => sign('sha256', attributes, key);
}

const clock = { now: () => new Date() };

/** All of it: checks, reading the PDF, update, digest, CMS, verification of the new signature; in memory, as the peers. */
function ourWork(identity: Identity, pdf: Buffer): Work {
  const provider = providerOf(identity);
  return async () => {
    const { appended } = await signPdf({ source: bytesSource(pdf), provider, clock, reason: 'Ký duyệt' });
    return Buffer.concat([pdf, appended]);
  };
}

/** From a file to a file that is on the disk, as `anso sign` does. */
function ourFileWork(identity: Identity, pdf: Buffer): Work {
  const folder = mkdtempSync(join(tmpdir(), 'anso-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [input, output] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')];
  writeFileSync(input, pdf);
  const provider = providerOf(identity);
  return () => signFile(input, output, { provider, clock, reason: 'Ký duyệt' });
}

const npmPeer = (name: string, prepare: NodePeer, refuses?: Told['refuses']): NodeSubject => ({
  kind: 'node',
  name,
  peer: npmPeers,
  prepare: (identity, pdf, folder) => prepare(folder, identity, pdf),
  ...(refuses && { refuses }),
});

const noEllipticCurves = (key: BenchKey): string | undefined =>
  key === 'p-256' ? 'node-forge signs with RSA only' : undefined;

const peerFile = (name: string): string => join(import.meta.dirname, 'peers', name);

/** How many documents are in work together where the thread pool is to use every core. */
const AT_ONCE = 8;

export const subjects: readonly Subject[] = [
  { kind: 'node', name: 'node:crypto, the key alone', prepare: rawWork },
  { kind: 'node', name: 'anso', besideRaw: true, prepare: ourWork },
  { kind: 'node', name: `anso, ${AT_ONCE} at once`, atOnce: AT_ONCE, besideRaw: true, prepare: ourWork },
  { kind: 'node', name: 'anso, file to file', prepare: ourFileWork },
  npmPeer('@libpdf/core', libpdf),
  npmPeer('@signpdf, placeholder-plain', signpdfPlain, noEllipticCurves),
  npmPeer('@signpdf, placeholder-pdf-lib', signpdfPdfLib, noEllipticCurves),
  {
    kind: 'outside',
    name: 'pyHanko',
    peer: pyhankoPeer,
    command: (python) => [python, peerFile('sign_pyhanko.py')],
  },
  {
    kind: 'outside',
    name: 'EU DSS',
    peer: dssPeer,
    command: (classPath) => ['java', '-cp', classPath, peerFile('SignDss.java')],
  },
];
