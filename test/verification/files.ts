import { bytesSource } from '../../server/pdf/byte-source.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { type SignPdfOptions, signPdf } from '../../server/signing/sign-pdf.ts';
import type { SignatureReport, VerificationReport } from '../../server/verification/report.ts';
import { trustStore } from '../../server/verification/trust-store.ts';
import { verifyPdf } from '../../server/verification/verify-pdf.ts';
import { type Identity, makeIdentity } from '../signing/identities.ts';
import { makeCrl } from '../signing/make-crl.ts';
import { providerOf } from '../signing/providers.ts';

/** The moment everything below is judged for. */
export const now = new Date('2026-06-01T00:00:00Z');

export const root = makeIdentity('rsa-2048', { ca: true, subject: 'Root' });
export const leader = makeIdentity('p-256', { issuer: root, subject: 'Nguyễn Văn A', serial: 0x11 });
export const agency = makeIdentity('p-384', { issuer: root, subject: 'Sở Y tế', serial: 0x22 });

export const crl = (serials: readonly number[] = [], from = '2026-05-01', to = '2026-07-01'): Uint8Array =>
  makeCrl(root, { serials, thisUpdate: new Date(from), nextUpdate: new Date(to) });

/** Object numbers of {@link formPdf}. */
export const N = {
  catalog: 1,
  pages: 2,
  page: 3,
  content: 4,
  form: 5,
  text: 6,
  look: 7,
  font: 8,
  sign: 9,
  info: 10,
} as const;

/** Bodies of the objects of a one-page form: a text field `so`, an empty signature field `ky`. */
export const formObjects: Readonly<Record<number, string>> = {
  [N.catalog]: '<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Note 11 0 R >>',
  [N.pages]: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
  [N.page]:
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [6 0 R 9 0 R] /Resources << /Font << /F 8 0 R >> >> >>',
  [N.content]: stream('BT /F 12 Tf 72 720 Td (Quyet dinh) Tj ET'),
  [N.form]: '<< /Fields [6 0 R 9 0 R] /DR << /Font << /F 8 0 R >> >> /DA (/F 12 Tf 0 g) >>',
  [N.text]:
    '<< /Type /Annot /Subtype /Widget /FT /Tx /T (so) /V (01) /P 3 0 R /F 4 /Rect [72 700 200 715] /AP << /N 7 0 R >> >>',
  [N.look]: stream('BT (01) Tj ET', '/Type /XObject /Subtype /Form /BBox [0 0 128 15]'),
  [N.font]: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  [N.sign]: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (ky) /P 3 0 R /F 132 /Rect [0 0 0 0] >>',
  [N.info]: '<< /Title (Quyet dinh) /ModDate (D:20260101000000Z) >>',
};

export function stream(data: string, dict = ''): string {
  return `<< ${dict} /Length ${data.length} >>\nstream\n${data}\nendstream`;
}

/** A file written by hand, so that nothing of the code under test is believed; `changes` replace bodies. */
export function formPdf(changes: Readonly<Record<number, string>> = {}): Buffer {
  const start = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');
  return withSection(start, { ...formObjects, ...changes }, { trailer: '/Root 1 0 R /Info 10 0 R' });
}

export interface UpdateParts {
  /** Whole trailer but /Size and /Prev; default as in {@link formPdf}. */
  readonly trailer?: string;
  /** Numbers to free. */
  readonly freed?: readonly number[];
  /** Bytes in front of the section that no section names. */
  readonly stray?: string;
  /** Offsets for object numbers, whatever stands there. */
  readonly places?: Readonly<Record<number, number>>;
  readonly prev?: number;
}

/** Where the newest section of a file begins. */
export const startOf = (file: Uint8Array): number =>
  Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(Buffer.from(file).toString('latin1'))?.[1]);

/** An incremental update by hand: object numbers to their new bodies. */
export function updated(
  file: Uint8Array,
  objects: Readonly<Record<number, string>>,
  parts: UpdateParts = {},
): Buffer {
  return withSection(file, objects, { prev: startOf(file), ...parts });
}

/** The same without looking at what stands there already. */
export function withSection(
  file: Uint8Array,
  objects: Readonly<Record<number, string>>,
  { trailer = '/Root 1 0 R /Info 10 0 R', freed = [], stray = '', places = {}, prev }: UpdateParts,
): Buffer {
  const parts = [Buffer.from(file)];
  let length = file.length;
  const write = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1');
    parts.push(bytes);
    length += bytes.length;
  };
  const rows = new Map<number, string>([[0, '0000000000 65535 f \n']]);
  for (const [number, body] of Object.entries(objects)) {
    rows.set(Number(number), `${String(length).padStart(10, '0')} 00000 n \n`);
    write(`${number} 0 obj\n${body}\nendobj\n`);
  }
  for (const [number, place] of Object.entries(places)) {
    rows.set(Number(number), `${String(place).padStart(10, '0')} 00000 n \n`);
  }
  for (const number of freed) rows.set(number, '0000000000 00001 f \n');
  write(stray);
  const at = length;
  const table = [...rows].toSorted(([a], [b]) => a - b).map(([number, row]) => `${number} 1\n${row}`);
  const back = prev === undefined ? '' : `/Prev ${prev} `;
  write(`xref\n${table.join('')}trailer\n<< /Size 200 ${back}${trailer} >>\nstartxref\n${at}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** Signs as an incremental update at `time`, by default a day before {@link now}. */
export async function signed(
  file: Uint8Array,
  identity: Identity = leader,
  options: Partial<SignPdfOptions> & { readonly time?: Date } = {},
): Promise<Buffer> {
  const { time = new Date('2026-05-31T00:00:00Z'), ...rest } = options;
  const { appended } = await signPdf({
    source: bytesSource(file),
    provider: providerOf(identity),
    clock: { now: () => time },
    ...rest,
  });
  return Buffer.concat([file, appended]);
}

export interface Trusting {
  readonly anchors?: readonly Uint8Array[];
  readonly intermediates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
  readonly at?: Date;
}

/** Judged with the root trusted and a fresh CRL at hand, unless a test says otherwise. */
export function judged(file: Uint8Array, given: Trusting = {}): VerificationReport {
  const trust = trustStore({
    anchors: given.anchors ?? [root.der],
    intermediates: given.intermediates ?? [],
    crls: given.crls ?? [crl()],
  });
  return verifyPdf(bytesSource(file), { trust, at: given.at ?? now });
}

/** The report on one signature. */
export function reportOn(report: VerificationReport, field: string): SignatureReport {
  const found = report.signatures.find((signature) => signature.field === field);
  if (!found) throw new Error(`no signature ${field}`);
  return found;
}

export const fingerprintOf = (identity: Identity): string => parseCertificate(identity.der).fingerprint;
