import { createHash } from 'node:crypto';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import type { PdfDocument } from '../../../server/pdf/document.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { listSignatures, type SignatureEntry } from '../../../server/pdf/signatures/list-signatures.ts';
import type { SignatureReport, VerificationReport } from '../../../server/verification/report.ts';
import type { TrustStore } from '../../../server/verification/trust-store.ts';
import { verifyPdf } from '../../../server/verification/verify-pdf.ts';
import type { SeedFile } from '../fuzz-case.ts';
import { guarded } from './problem.ts';
import { visible } from './visible.ts';

export const AT = new Date('2026-06-01T00:00:00Z');
const FAILED = ['verification.failed', 'verification.too_complex'];

/**
 * Verifies the bytes. Whatever was done to them, a signature that is called intact covers bytes that somebody signed,
 * leaves out nothing but its own value, and what follows is white space or a change that shows nothing else.
 */
export function verificationChecker(
  seeds: readonly SeedFile[],
  trust: TrustStore,
): (bytes: Buffer) => string | undefined {
  let everything: ReadonlySet<string> | undefined;
  const isSigned = (digest: string): boolean => {
    everything ??= new Set([...new Set(seeds)].flatMap(({ bytes }) => signedDigests(bytes, trust)));
    return everything.has(digest);
  };
  return (bytes) => {
    const report = verifyPdf(bytesSource(bytes), { trust, at: AT });
    if (FAILED.includes(report.code ?? '')) return `verification gave up: ${report.code}`;
    if (report.verdict === 'valid' && report.documentIntegrity !== 'intact') return 'valid and not intact';
    if (report.verdict === 'unreadable' || report.signatures.length === 0) return undefined;
    const document = openPdf(bytesSource(bytes));
    for (const [signature, entry] of pairs(document, report)) {
      if (signature.integrity !== 'intact') continue;
      const problem =
        (isSigned(coveredDigest(bytes, entry)) ? undefined : 'intact over bytes that nobody signed') ??
        acceptedProblem(document, bytes, signature, entry);
      if (problem) return `${signature.field}: ${problem}`;
    }
    return undefined;
  };
}

const pairs = (
  document: PdfDocument,
  { signatures }: VerificationReport,
): readonly (readonly [SignatureReport, SignatureEntry])[] =>
  listSignatures(document).flatMap((entry, i) => {
    const report = signatures[i];
    return report ? [[report, entry] as const] : [];
  });

function coveredDigest(bytes: Buffer, { byteRange = [] }: SignatureEntry): string {
  const hash = createHash('sha256');
  for (let i = 0; i < byteRange.length; i += 2) {
    const start = byteRange[i] ?? 0;
    hash.update(bytes.subarray(start, start + (byteRange[i + 1] ?? 0)));
  }
  return hash.digest('hex');
}

function signedDigests(bytes: Buffer, trust: TrustStore): string[] {
  const report = verifyPdf(bytesSource(bytes), { trust, at: AT });
  if (report.signatures.length === 0) return [];
  return pairs(openPdf(bytesSource(bytes)), report).map(([, entry]) => coveredDigest(bytes, entry));
}

/** Only for a signature that is called whole and permitted; any other has its warning already. */
function acceptedProblem(
  document: PdfDocument,
  bytes: Buffer,
  { coverage, permitted, modifications }: SignatureReport,
  { byteRange = [] }: SignatureEntry,
): string | undefined {
  if (!permitted || !coverage.startsWith('whole')) return undefined;
  const [start = 0, length = 0, second = 0, rest = 0] = byteRange;
  if (start !== 0) return 'the first bytes are not covered';
  const gap = bytes.toString('latin1', length, second);
  if (!/^<[0-9a-fA-F\s\0]*>$/.test(gap)) return 'something but the signature value is left out';
  const end = second + rest;
  const tail = bytes.toString('latin1', end);
  if (modifications === 'none') {
    return /^[\s\0]*$/.test(tail) ? undefined : 'bytes were appended and are not reported';
  }
  const options = { annotations: modifications !== 'annotations' };
  const before = guarded(['pdf'], () => visible(openPdf(bytesSource(bytes.subarray(0, end))), options));
  if (before === undefined) return 'what was signed cannot be read by itself';
  return before === visible(document, options) ? undefined : 'something else is shown than what was signed';
}
