import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Identity } from '../../test/signing/identities.ts';
import { makePkcs12 } from '../../test/signing/make-pkcs12.ts';
import type { Work } from './measure.ts';

/** Gets one of the packages of peers/package.json ready to sign the document. */
export type NodePeer = (folder: string, identity: Identity, pdf: Buffer) => Promise<Work>;

const PASSPHRASE = 'bench';
const texts = { reason: 'Ky duyet', contactInfo: '', name: 'Nguyen Van A', location: '' };
const p12Of = (identity: Identity): Buffer =>
  makePkcs12({ keys: [identity], certificates: [identity] }, PASSPHRASE);

/** Signs as the README of @signpdf shows it; a new P12Signer for each document, since it works once only. */
async function signpdf(folder: string, identity: Identity): Promise<(pdf: Buffer) => Promise<Buffer>> {
  const p12 = p12Of(identity);
  const { P12Signer } = await load<{ P12Signer: new (p12: Buffer, options: object) => object }>(
    folder,
    '@signpdf/signer-p12',
  );
  const { SignPdf } = await load<{
    SignPdf: new () => { sign(pdf: Buffer, signer: object): Promise<Buffer> };
  }>(folder, '@signpdf/signpdf');
  return (pdf) => new SignPdf().sign(pdf, new P12Signer(p12, { passphrase: PASSPHRASE }));
}

/** With the placeholder written as text behind the file. */
export const signpdfPlain: NodePeer = async (folder, identity, pdfBuffer) => {
  const sign = await signpdf(folder, identity);
  const { plainAddPlaceholder } = await load<{ plainAddPlaceholder: (options: object) => Buffer }>(
    folder,
    '@signpdf/placeholder-plain',
  );
  return () => sign(plainAddPlaceholder({ pdfBuffer, ...texts }));
};

/** With the placeholder added by pdf-lib, which writes the whole file anew. */
export const signpdfPdfLib: NodePeer = async (folder, identity, pdf) => {
  const sign = await signpdf(folder, identity);
  const { pdflibAddPlaceholder } = await load<{ pdflibAddPlaceholder: (options: object) => void }>(
    folder,
    '@signpdf/placeholder-pdf-lib',
  );
  const { PDFDocument } = await load<{
    PDFDocument: { load(pdf: Buffer): Promise<{ save(options: object): Promise<Uint8Array> }> };
  }>(folder, 'pdf-lib');
  return async () => {
    const pdfDoc = await PDFDocument.load(pdf);
    pdflibAddPlaceholder({ pdfDoc, ...texts });
    return sign(Buffer.from(await pdfDoc.save({ useObjectStreams: false })));
  };
};

/** With its own P12Signer, opened once. */
export const libpdf: NodePeer = async (folder, identity, pdf) => {
  const { PDF, P12Signer } = await load<{
    PDF: { load(pdf: Uint8Array): Promise<{ sign(options: object): Promise<unknown> }> };
    P12Signer: { create(p12: Uint8Array, passphrase: string): Promise<object> };
  }>(folder, '@libpdf/core');
  const signer = await P12Signer.create(p12Of(identity), PASSPHRASE);
  return async () => (await PDF.load(pdf)).sign({ signer, reason: texts.reason });
};

async function load<T>(folder: string, name: string): Promise<T> {
  const { resolve } = createRequire(join(folder, 'package.json'));
  return (await import(pathToFileURL(entry(resolve, folder, name)).href)) as T;
}

/** @libpdf/core is a module only, which `require.resolve` does not see. */
function entry(resolve: NodeJS.RequireResolve, folder: string, name: string): string {
  return name === '@libpdf/core' ? join(folder, 'node_modules', name, 'dist/index.mjs') : resolve(name);
}
