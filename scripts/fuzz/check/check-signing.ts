import { createHash } from 'node:crypto';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { PdfDict } from '../../../server/pdf/objects.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import type { KeyProvider } from '../../../server/signing/key-provider.ts';
import { type SignPdfOptions, signPdf } from '../../../server/signing/sign-pdf.ts';
import type { TrustStore } from '../../../server/verification/trust-store.ts';
import { verifyPdf } from '../../../server/verification/verify-pdf.ts';
import { AT } from './check-verification.ts';
import { isAnswer } from './problem.ts';

const PACKAGES = ['signing', 'pdf', 'pki'];

/** Signs the bytes: refused with a code, or every earlier byte is there, the new signature is right and none is spoilt. */
export function signingChecker(
  provider: KeyProvider,
  trust: TrustStore,
): (bytes: Buffer) => Promise<string | undefined> {
  return async (bytes) => {
    const original = createHash('sha256').update(bytes).digest('hex');
    const signed = await sign(bytes, provider);
    if (createHash('sha256').update(bytes).digest('hex') !== original)
      return 'signing wrote into the file it was given';
    if (!signed) return undefined;
    const file = Buffer.concat([bytes, signed.appended]);
    openPdf(bytesSource(file));
    const judge = (pdf: Buffer) => verifyPdf(bytesSource(pdf), { trust, at: AT }).signatures;
    const after = judge(file);
    const own = after.filter(({ field }) => field === signed.field);
    if (own.length !== 1) return `there are ${own.length} signatures in the field that was signed`;
    if (own[0]?.integrity !== 'intact' || own[0].coverage !== 'whole-file')
      return 'the new signature is not right';
    const spoilt = judge(bytes)
      .filter(
        ({ integrity, permitted, coverage }) =>
          integrity === 'intact' && permitted && coverage.startsWith('whole'),
      )
      .filter(
        ({ field }) => !after.some((s) => s.field === field && s.integrity === 'intact' && s.permitted),
      );
    return spoilt.length > 0 ? `the signature of ${spoilt[0]?.field} was spoilt by signing` : undefined;
  };
}

async function sign(bytes: Buffer, provider: KeyProvider) {
  const options = { source: bytesSource(bytes), provider, clock: { now: () => AT }, ...wishes(bytes) };
  try {
    return await signPdf(options);
  } catch (error) {
    if (isAnswer(PACKAGES, error)) return undefined;
    throw error;
  }
}

/** What is asked for follows from the bytes, so that the same case asks for the same. */
function wishes(bytes: Buffer): Partial<SignPdfOptions> {
  const [a = 0, b = 0, c = 0] = createHash('sha256').update('wishes').update(bytes).digest();
  const fields = [undefined, undefined, 'ky', 'dau_co_quan', 'so', 'trong'];
  const field = fields[a % fields.length];
  const appearance = () => ({ content: Buffer.from('0 0 m 9 9 l S'), resources: new PdfDict() });
  return {
    reason: 'Ký duyệt',
    ...(field && { field }),
    ...(b % 8 < 3 && { docMdp: ((b % 3) + 1) as 1 | 2 | 3 }),
    ...(b % 5 === 0 && { lock: { action: 'Include' as const, fields: ['so'] } }),
    ...(c % 2 === 0 && { visible: { page: c % 3, rect: [0, 0, 200, 50] as const, appearance } }),
  };
}
