import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeDocument } from '../../server/composition/compose-document.ts';
import { documentType } from '../../server/composition/document-type.ts';
import { readImage } from '../../server/composition/images/read-image.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { profileByName } from '../../server/signing/appearance/load-profile.ts';
import { type AppearanceWish, planAppearance } from '../../server/signing/appearance/plan-appearance.ts';
import { PrivateKeyProvider } from '../../server/signing/private-key-provider.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { makeIdentity } from '../../test/signing/identities.ts';
import { sampleSealSvg, sampleSignatureSvg } from './sample-seal.ts';

/**
 * Makes the pictures of docs/appearances.md: a document of an agency that does not exist, signed with the shipped
 * profiles and drawn by pdftoppm. Run by hand: `npx node scripts/docs/appearance-pictures.ts`.
 */
const now = new Date('2026-11-22T03:15:30.000Z');
const folder = join(import.meta.dirname, '../../docs/appearances');
const dotsPerInch = 110;

const document = async (): Promise<Uint8Array> => {
  const { bytes } = await composeDocument(
    {
      agency: { name: 'Ủy ban nhân dân tỉnh Sông Xanh', place: 'Sông Xanh' },
      type: documentType('QĐ', now),
      symbol: 'QĐ-UBND',
      subject: 'Về việc sử dụng chữ ký số năm 2027',
      legalBasis: ['Căn cứ Luật Giao dịch điện tử'],
      addressees: [],
      body: 'Điều 1. Ban hành Kế hoạch.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.',
      recipients: ['Như Điều 2'],
      filing: 'VT, VP',
      signer: { competence: 'TM.', onBehalfOf: 'Ủy ban nhân dân', position: 'Chủ tịch', name: 'Nguyễn Minh' },
    },
    { now },
  );
  return bytes;
};

async function sign(pdf: Uint8Array, subject: string, wish: AppearanceWish): Promise<Buffer> {
  const { privateKey, der } = makeIdentity('p-256', { subject });
  const provider = new PrivateKeyProvider(privateKey, parseCertificate(der), []);
  const terms = { source: bytesSource(pdf), reason: 'Phê duyệt', location: 'Sông Xanh' };
  const { visible } = await planAppearance(wish, { ...terms, certificate: provider.certificate });
  const { appended } = await signPdf({
    ...terms,
    provider,
    clock: { now: () => now },
    ...(visible && { visible }),
  });
  return Buffer.concat([pdf, appended]);
}

/** A part of the first page, in millimetres from its upper left corner. */
function draw(
  name: string,
  pdf: Uint8Array,
  [x, y, width, height]: readonly [number, number, number, number],
): void {
  const temporary = mkdtempSync(join(tmpdir(), 'anso-pictures-'));
  const px = (value: number): string => String(Math.round((value / 25.4) * dotsPerInch));
  try {
    writeFileSync(join(temporary, 'in.pdf'), pdf);
    const crop = ['-x', px(x), '-y', px(y), '-W', px(width), '-H', px(height)];
    const target = join(folder, name);
    const options = ['-r', String(dotsPerInch), '-f', '1', '-l', '1', '-singlefile', '-png', ...crop];
    execFileSync('pdftoppm', [...options, join(temporary, 'in.pdf'), target]);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

const signature = readImage(Buffer.from(sampleSignatureSvg));
const seal = readImage(Buffer.from(sampleSealSvg()));
const personal = await sign(await document(), 'Nguyễn Minh', {
  profile: profileByName('nd30-personal'),
  image: signature,
});
draw('nd30-personal', personal, [95, 95, 105, 60]);
const sealed = await sign(personal, 'UBND tỉnh Sông Xanh', {
  profile: profileByName('nd30-organization'),
  image: seal,
});
draw('nd30-organization', sealed, [95, 95, 105, 60]);
const attachment = await sign(await document(), 'UBND tỉnh Sông Xanh', {
  profile: profileByName('nd30-attachment'),
  values: { number: '05/QĐ-UBND' },
});
draw('nd30-attachment', attachment, [95, 0, 115, 45]);
const copy = await sign(await document(), 'UBND tỉnh Sông Xanh', {
  profile: profileByName('nd30-copy'),
  values: { copyForm: 'SAO Y', agency: 'Ủy ban nhân dân tỉnh Sông Xanh' },
});
draw('nd30-copy', copy, [95, 0, 115, 45]);
const free = await sign(await document(), 'Nguyễn Minh', {
  profile: profileByName('free'),
  image: signature,
  values: {
    title: 'Chủ tịch',
    agency: 'UBND tỉnh Sông Xanh',
    verificationUrl: 'https://kiemtra.example.vn/?sha256=',
  },
});
draw('free', free, [90, 240, 115, 45]);
