import { spawnSync } from 'node:child_process';
import { windows } from '../../server/pdf/byte-source.ts';
import { withFileSource } from '../../server/platform/file-source.ts';
import { trustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';

/** What is asked of a signed file beside the file it was made from. Empty: no fault. */
export async function faultsOf(before: string, after: string): Promise<string[]> {
  return [...(await byteFaults(before, after)), ...(await signatureFaults(before, after))];
}

function byteFaults(before: string, after: string): Promise<string[]> {
  return withFileSource(before, (old) =>
    withFileSource(after, (fresh) => {
      if (fresh.length <= old.length) return ['bytes: the signed file is no longer'];
      let at = 0;
      for (const window of windows(old)) {
        if (Buffer.compare(window, fresh.read(at, at + window.length)) !== 0)
          return [`bytes: changed after ${at}`];
        at += window.length;
      }
      return [];
    }),
  );
}

interface Signature {
  readonly name: string;
  readonly isGood: boolean;
}

/** A signature that was intact stays so, and the new one is. Trust is not the question: nobody is trusted. */
async function signatureFaults(before: string, after: string): Promise<string[]> {
  const [old, fresh] = [await signaturesOf(before), await signaturesOf(after)];
  const known = new Map(fresh.map((signature) => [signature.name, signature]));
  const lost = old.filter(({ name, isGood }) => isGood && !known.get(name)?.isGood);
  const added = fresh.filter(({ name }) => !old.some((signature) => signature.name === name));
  const faults = lost.map(({ name }) => `signatures: "${name}" is no longer intact`);
  if (added.length !== 1 || !added[0]?.isGood) faults.push('signatures: not one new intact one');
  return faults;
}

function signaturesOf(file: string): Promise<Signature[]> {
  const trust = trustStore({ anchors: [], intermediates: [], crls: [] });
  return withFileSource(file, (source) =>
    verifyPdf(source, { trust, at: new Date() }).signatures.map(
      ({ field, integrity, coverage, permitted }) => ({
        name: field,
        isGood: integrity === 'intact' && coverage.startsWith('whole') && permitted,
      }),
    ),
  );
}

/** 0 no fault, 1 warnings, 2 errors; and whether qpdf calls the file damaged or wants a password. */
export interface QpdfVerdict {
  readonly rank: 0 | 1 | 2;
  readonly damaged: boolean;
  readonly locked: boolean;
}

const RANKS: Readonly<Record<number, QpdfVerdict['rank']>> = { 0: 0, 3: 1 };

/** Undefined when qpdf is not here. */
export function qpdfVerdict(file: string): QpdfVerdict | undefined {
  const { status, stdout, stderr, error } = spawnSync('qpdf', ['--check', file], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 2 ** 26,
  });
  if (error && 'code' in error && error.code === 'ENOENT') return undefined;
  const rank = RANKS[status ?? 2] ?? 2;
  const said = stdout + stderr;
  const locked = /invalid password|unsupported encryption/.test(said);
  return { rank, locked, damaged: !locked && (rank === 2 || said.includes('file is damaged')) };
}
