import { composeDocument } from '../../../server/composition/compose-document.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import type { PdfObject } from '../../../server/pdf/objects.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { pageAt } from '../../../server/pdf/pages.ts';
import { IncrementalUpdate } from '../../../server/pdf/update/incremental-update.ts';
import {
  type AppearanceWish,
  planAppearance,
  type SigningContext,
} from '../../../server/signing/appearance/plan-appearance.ts';
import type { Warning } from '../../../server/signing/appearance/warnings.ts';
import { signPdf } from '../../../server/signing/sign-pdf.ts';
import { documentWith, now } from '../../composition/sample-document.ts';
import { type Identity, makeIdentity } from '../identities.ts';
import { providerOf } from '../providers.ts';
import { samplePdf } from '../sample-pdf.ts';

export const signingTime = new Date('2026-11-22T03:15:30.000Z');

/** Signs visibly; what differs from the plain way is said. */
export async function signVisibly(
  pdf: Uint8Array,
  wish: AppearanceWish,
  context: Partial<Omit<SigningContext, 'source' | 'certificate'>> & { readonly identity?: Identity } = {},
): Promise<{ pdf: Buffer; page: number; rect: readonly number[]; warnings: readonly Warning[] }> {
  const { identity = makeIdentity('p-256', { subject: documentWith().signer.name }), ...terms } = context;
  const provider = providerOf(identity);
  const source = bytesSource(pdf);
  const { certificate } = provider;
  const { visible, warnings } = await planAppearance(wish, { ...terms, source, certificate });
  const { appended } = await signPdf({
    ...terms,
    source,
    provider,
    clock: { now: () => signingTime },
    ...(visible && { visible }),
  });
  const { page = -1, rect = [] } = visible ?? {};
  return { pdf: Buffer.concat([pdf, appended]), page, rect, warnings };
}

/** An official document of one page, with its empty signature fields taken away by nobody. */
export async function officialDocument(signer?: string): Promise<Uint8Array> {
  const usual = documentWith();
  const changed = signer === undefined ? usual : documentWith({ signer: { ...usual.signer, name: signer } });
  return (await composeDocument(changed, { now })).bytes;
}

/** An empty page of 595 by 842 points with these entries. */
export function pageWith(entries: Readonly<Record<string, PdfObject>>): Buffer {
  const pdf = samplePdf();
  const doc = openPdf(bytesSource(pdf));
  const update = new IncrementalUpdate(doc);
  const page = pageAt(doc, 0);
  update.set(page.ref, page.dict.with(entries));
  return Buffer.concat([pdf, update.finish().bytes]);
}
