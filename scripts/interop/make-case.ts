import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { CertificatePool } from '../../server/pki/certificate-pool.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { profileByName } from '../../server/signing/appearance/load-profile.ts';
import { planAppearance } from '../../server/signing/appearance/plan-appearance.ts';
import { augmentPdf } from '../../server/signing/augment-pdf.ts';
import type { VisibleSignature } from '../../server/signing/begin-signature.ts';
import type { PadesLevel } from '../../server/signing/levels.ts';
import { derOf, type SignerFiles } from './authority.ts';
import type { Case } from './cases.ts';
import type { Signature } from './documents.ts';
import type { JudgedFile } from './judge.ts';
import type { Outside } from './outside.ts';
import type { OpenProvider } from './provider.ts';

export interface Workshop {
  /** Whoever signs the nth time with a key of the case's kind. */
  readonly signerOf: (tested: Case, nth: number) => Promise<SignerFiles>;
  readonly providerOf: (tested: Case) => Promise<OpenProvider>;
  readonly outside: Outside;
  readonly folder: string;
}

/**
 * Signs the document of a case, once or several times and each time as somebody else, into a file of the folder.
 * @throws whatever signing throws.
 */
export async function makeCase(tested: Case, workshop: Workshop): Promise<JudgedFile> {
  const { id, level, algorithm, document } = tested;
  const { folder, outside } = workshop;
  const provider = await workshop.providerOf(tested);
  // Certificates first: what is signed before its certificate begins is refused.
  const signed: (readonly [Signature, SignerFiles])[] = [];
  for (const [nth, signature] of document.signatures.entries()) {
    signed.push([signature, await workshop.signerOf(tested, nth)]);
  }
  let file = await document.source(folder);
  for (const [signature, signer] of signed) {
    const terms = {
      ...algorithm.wish,
      ...signature,
      ...(await shownByProfile(signature, file, signer)),
      ...outside,
      clock: systemClock,
      level: document.raised ? 'B-B' : level,
    } as const;
    file = await provider.sign({ file, signer, terms });
  }
  const { password, wrong } = document;
  for (let times = document.raised ?? 0; times > 0; times -= 1) {
    file = await raised(file, level, outside, password);
  }
  const path = join(folder, `${id}.pdf`);
  await writeFile(path, wrong?.damage ? wrong.damage(file) : file);
  return {
    id,
    path,
    level,
    signatures: document.signatures.length,
    ...(password !== undefined && { password }),
  };
}

/** Every signature of a file brought to the level. */
async function raised(
  file: Buffer,
  to: PadesLevel,
  { issuers, ...sources }: Outside,
  password?: string,
): Promise<Buffer> {
  if (to === 'B-B') return file;
  const options = { ...sources, to, pool: new CertificatePool(issuers), clock: systemClock };
  const { appended } = await augmentPdf(bytesSource(file), {
    ...options,
    ...(password !== undefined && { password }),
  });
  return Buffer.concat([file, appended]);
}

async function shownByProfile(
  { profile, password, reason }: Signature,
  file: Buffer,
  signer: SignerFiles,
): Promise<{ readonly visible?: VisibleSignature }> {
  if (!profile) return {};
  const wish = { profile: profileByName(profile.name), ...(profile.values && { values: profile.values }) };
  const { visible } = await planAppearance(wish, {
    source: bytesSource(file),
    certificate: parseCertificate(derOf(await readFile(signer.certificate, 'utf8'))),
    ...(password !== undefined && { password }),
    ...(reason !== undefined && { reason }),
  });
  return visible ? { visible } : {};
}
