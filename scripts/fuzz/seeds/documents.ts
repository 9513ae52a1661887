import { composeDocument } from '../../../server/composition/compose-document.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { PdfDict } from '../../../server/pdf/objects.ts';
import { type SignPdfOptions, signPdf } from '../../../server/signing/sign-pdf.ts';
import { documentWith } from '../../../test/composition/sample-document.ts';
import { compressedPdf, FileBuilder, minimalPdf } from '../../../test/pdf/file-builder.ts';
import type { Identity } from '../../../test/signing/identities.ts';
import { formObjects, formPdf, updated } from '../../../test/verification/files.ts';
import type { SeedFile } from '../fuzz-case.ts';
import { office, providerOf } from './office.ts';

const SIGNED_AT = new Date('2026-05-31T00:00:00Z');

async function signed(
  file: Uint8Array,
  who: Identity,
  field: string,
  wishes: Partial<SignPdfOptions> = {},
): Promise<Buffer> {
  const { appended } = await signPdf({
    source: bytesSource(file),
    provider: providerOf(who),
    clock: { now: () => SIGNED_AT },
    field,
    reason: 'Ký duyệt',
    ...wishes,
  });
  return Buffer.concat([file, appended]);
}

/** The document of the main job: composed, signed by a person, then by the agency, whose field locks number and date. */
async function composed(): Promise<Record<string, Buffer>> {
  const { bytes, places } = await composeDocument(documentWith(), { now: SIGNED_AT });
  const { ky_lanh_dao: place } = places;
  const once = await signed(bytes, office.leader, 'ky_lanh_dao', {
    visible: {
      ...place,
      appearance: () => ({ content: Buffer.from('0 0 m 9 9 l S'), resources: new PdfDict() }),
    },
  });
  const twice = await signed(once, office.agency, 'dau_co_quan');
  return { composed: Buffer.from(bytes), once, twice };
}

/** Files by hand, as small as they can be, each with structure the composed one does not have. */
function handMade(): Record<string, Buffer> {
  const form = formPdf();
  return {
    minimal: minimalPdf().bytes,
    form,
    compressed: compressedPdf().bytes,
    'filled form': updated(form, {
      6: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (so) /V (02) /P 3 0 R /F 4 /Rect [72 700 200 715] /AP << /N 7 0 R >> >>',
    }),
    filters: minimalPdf({
      4: '<< /Length 7 /Filter /ASCIIHexDecode >>\nstream\n717171>\nendstream',
      5: '<< /Length 9 /Filter [/ASCII85Decode /RunLengthDecode] >>\nstream\n!<N?+~>   \nendstream',
      6: '<< /Length 9 /Filter /LZWDecode /DecodeParms << /EarlyChange 1 /Predictor 2 >> >>\nstream\n\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01\nendstream',
    }).bytes,
    plain: plainStreams(),
  };
}

/** Object and cross-reference streams without compression, so that damage reaches what is in them. */
function plainStreams(): Buffer {
  const file = new FileBuilder().object(1, '<< /Type /Catalog /Pages 2 0 R >>');
  const hex = (value: number): string => value.toString(16).padStart(4, '0');
  const [catalogAt, objectsAt] = [15, file.length];
  const head = '2 0 3 44 ';
  const pages = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'.padEnd(44);
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>';
  file.stream(5, `/Type /ObjStm /N 2 /First ${head.length}`, head + pages + page);
  const at = file.length;
  const rows = [`01${hex(catalogAt)}00`, '02000500', '02000501', `01${hex(objectsAt)}00`, `01${hex(at)}00`];
  return file
    .stream(
      6,
      '/Type /XRef /Size 7 /W [1 2 1] /Index [1 3 5 2] /Root 1 0 R /Filter /ASCIIHexDecode',
      `${rows.join(' ')}>`,
    )
    .text(`startxref\n${at}\n%%EOF\n`).bytes;
}

async function signedByHand(): Promise<Record<string, Buffer>> {
  const form = formPdf();
  const files: Record<string, Buffer> = {
    'form signed': await signed(form, office.leader, 'ky'),
    'form signed twice': await signed(await signed(form, office.leader, 'ky'), office.agency, 'dau'),
    'field without widget': await signed(
      formPdf({ 9: '<< /FT /Sig /T (trong) >>', 3: (formObjects[3] ?? '').replace('9 0 R', '') }),
      office.leader,
      'ky',
    ),
    'compressed signed': await signed(compressedPdf().bytes, office.leader, 'ky'),
    'form locked': await signed(form, office.leader, 'ky', { lock: { action: 'All', fields: [] } }),
  };
  for (const docMdp of [1, 2, 3] as const) {
    files[`form certified ${docMdp}`] = await signed(form, office.leader, 'ky', { docMdp });
  }
  return files;
}

const seedFiles = (files: Readonly<Record<string, Buffer>>): SeedFile[] =>
  Object.entries(files).map(([name, bytes]) => ({ name, bytes }));

/** PDF files made here, the same each time. */
export async function ownDocuments(): Promise<{
  readonly signed: SeedFile[];
  readonly unsigned: SeedFile[];
}> {
  const { composed: blank, ...office } = await composed();
  return {
    signed: seedFiles({ ...office, ...(await signedByHand()) }),
    unsigned: seedFiles({ ...(blank && { composed: blank }), ...handMade() }),
  };
}
