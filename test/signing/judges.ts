import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSignedData } from '../../server/cms/parse-signed-data.ts';
import { contentOf, type SignerFacts, verifySignerInfo } from '../../server/cms/verify-signer-info.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { type OpenOptions, openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';

/** Empty, or why a test is skipped: put into its title so that the skip can be read. */
export const missingPdfJudges = ['pdfsig', 'qpdf']
  .filter((tool) => spawnSync(tool, ['--version']).error !== undefined)
  .map((tool) => ` (skipped: ${tool} is not installed)`)
  .join('');

/** Says of each signature that poppler finds whether it is valid; throws when qpdf finds fault with the file. */
export function pdfJudges(
  pdf: Uint8Array,
  password?: string,
): { valid: number; total: number; wholeDocument: number } {
  const folder = mkdtempSync(join(tmpdir(), 'anso-judges-'));
  try {
    const file = join(folder, 'signed.pdf');
    const forQpdf = password === undefined ? [] : [`--password=${password}`];
    const forPdfsig = password === undefined ? [] : ['-upw', password, '-opw', password];
    writeFileSync(file, pdf);
    const checked = spawnSync('qpdf', ['--check', ...forQpdf, file], { encoding: 'utf8' });
    if (checked.status !== 0) throw new Error(`qpdf: ${checked.stdout}${checked.stderr}`);
    const { stdout } = spawnSync('pdfsig', ['-nocert', ...forPdfsig, file], {
      encoding: 'utf8',
      cwd: folder,
    });
    const count = (text: string): number => stdout.split(text).length - 1;
    return {
      total: count('Signature #'),
      valid: count('Signature is Valid.'),
      wholeDocument: count('Total document signed'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The facts of every signature of a file by our own verifier, oldest first; its byte range is taken as it stands. */
export function signatureFacts(
  pdf: Uint8Array,
  options: OpenOptions = {},
): (SignerFacts & { field: string | undefined })[] {
  return listSignatures(openPdf(bytesSource(pdf), options)).map(({ contents, byteRange, fieldName }) => {
    const [a = 0, b = 0, c = 0, d = 0] = byteRange ?? [];
    const signedData = parseSignedData(contents);
    const [signer] = signedData.signerInfos;
    const certificates = signedData.certificates.map(parseCertificate);
    const certificate = certificates.find((one) => !one.isCa) ?? certificates[0];
    if (!signer || !certificate) throw new Error('a signature without signer');
    const content = Buffer.concat([pdf.subarray(a, a + b), pdf.subarray(c, c + d)]);
    return { field: fieldName, ...verifySignerInfo(signer, contentOf(content), certificate) };
  });
}
