import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { parseCertificate } from '../../server/pki/certificate.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { profileByName } from '../../server/signing/appearance/load-profile.ts';
import { planAppearance } from '../../server/signing/appearance/plan-appearance.ts';
import type { VisibleSignature } from '../../server/signing/begin-signature.ts';
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
  let file = await document.source(folder);
  for (const [nth, signature] of document.signatures.entries()) {
    const signer = await workshop.signerOf(tested, nth);
    const terms = {
      ...algorithm.wish,
      ...signature,
      ...(await shownByProfile(signature, file, signer)),
      ...outside,
      clock: systemClock,
      level,
    };
    file = await provider.sign({ file, signer, terms });
  }
  const { password, wrong } = document;
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
