import { createRequire } from 'node:module';
import type { Identity } from '../../test/signing/identities.ts';
import { makePkcs12 } from '../../test/signing/make-pkcs12.ts';

type Work = () => Promise<unknown>;
type Loaded = Record<string, unknown> &
  (new (
    ...args: unknown[]
  ) => { sign(...args: unknown[]): Promise<Buffer> });

const peer = createRequire(new URL('./package.json', import.meta.url));

/** Packages of scripts/bench/package.json; undefined when any of them is not installed. */
function load<const Names extends readonly string[]>(
  names: Names,
): Record<Names[number], Loaded> | undefined {
  try {
    return Object.fromEntries(names.map((name) => [name, peer(name) as Loaded])) as Record<
      Names[number],
      Loaded
    >;
  } catch {
    return undefined;
  }
}

const member = (module: Loaded, name: string): Loaded => module[name] as Loaded;
const call = (module: Loaded, name: string, argument: unknown): unknown =>
  (module[name] as (argument: unknown) => unknown)(argument);

const texts = { reason: 'Ky duyet', contactInfo: '', name: 'Nguyen Van A', location: '' };

/** A new P12Signer for each document: it works once only. */
function signer(modules: Record<'@signpdf/signpdf' | '@signpdf/signer-p12', Loaded>, identity: Identity) {
  const p12 = makePkcs12({ keys: [identity], certificates: [identity] }, 'bench');
  const P12Signer = member(modules['@signpdf/signer-p12'], 'P12Signer');
  const SignPdf = member(modules['@signpdf/signpdf'], 'SignPdf');
  return (pdf: unknown): Promise<Buffer> =>
    new SignPdf().sign(pdf, new P12Signer(p12, { passphrase: 'bench' }));
}

/** @signpdf as its README shows it, with the placeholder written as text. */
export function signpdfPlain(identity: Identity, pdfBuffer: Buffer): Work | undefined {
  const modules = load(['@signpdf/signpdf', '@signpdf/signer-p12', '@signpdf/placeholder-plain']);
  if (!modules) return undefined;
  const sign = signer(modules, identity);
  return async () =>
    sign(call(modules['@signpdf/placeholder-plain'], 'plainAddPlaceholder', { pdfBuffer, ...texts }));
}

/** @signpdf with the placeholder added by pdf-lib, which writes the whole file anew. */
export function signpdfPdfLib(identity: Identity, pdfBuffer: Buffer): Work | undefined {
  const modules = load([
    '@signpdf/signpdf',
    '@signpdf/signer-p12',
    '@signpdf/placeholder-pdf-lib',
    'pdf-lib',
  ]);
  if (!modules) return undefined;
  const sign = signer(modules, identity);
  const PDFDocument = member(modules['pdf-lib'], 'PDFDocument');
  return async () => {
    const pdfDoc = (await call(PDFDocument, 'load', pdfBuffer)) as {
      save(options: object): Promise<Uint8Array>;
    };
    call(modules['@signpdf/placeholder-pdf-lib'], 'pdflibAddPlaceholder', { pdfDoc, ...texts });
    return sign(Buffer.from(await pdfDoc.save({ useObjectStreams: false })));
  };
}
