import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inParallel } from '../in-parallel.ts';
import type { Judge, JudgedFile, Verdict } from '../judge.ts';
import { missingTool, mustRun, runTool } from '../run-tool.ts';

/** Poppler with NSS: every signature valid, its certificate trusted, the last one over the whole file. */
export const pdfsig: Judge = {
  name: 'pdfsig',
  missing: async () => {
    const tool = missingTool('pdfsig', 'certutil');
    return tool && `${tool} is not installed`;
  },
  version: async () => (await runTool('pdfsig', ['-v'])).stderr.split('\n')[0] ?? '',
  judge: async (files, { root, folder }) => {
    const nss = join(folder, 'nss');
    await mkdir(nss);
    await mustRun('certutil', ['-N', '-d', `sql:${nss}`, '--empty-password']);
    await mustRun('certutil', ['-A', '-d', `sql:${nss}`, '-n', 'root', '-t', 'C,C,C', '-a', '-i', root]);
    return inParallel(files, (file) => judgeOne(file, nss));
  },
};

async function judgeOne(
  { id, path, password, signatures, level }: JudgedFile,
  nss: string,
): Promise<Verdict> {
  const secret = password === undefined ? [] : ['-upw', password];
  // Revocation is what the other judges look at: poppler asks the network for it, and never looks into the file.
  const { stdout, stderr } = await runTool('pdfsig', ['-no-ocsp', '-nssdir', `sql:${nss}`, ...secret, path], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  const found = stdout
    .split(/^Signature #\d+:$/m)
    .slice(1)
    .filter((text) => !text.includes('field is not signed'));
  const judged = found.filter((text) => !isTimeStamp(text));
  // At B-LT the security store comes after the last signature.
  const isWhole = level === 'B-LT' || (found.at(-1)?.includes('  - Total document signed') ?? false);
  const accepted = judged.length === signatures && isWhole && judged.every(isTrusted);
  const said = [...stdout.matchAll(/(?:Signature|Certificate) Validation: (.*)/g)].map(([, text]) => text);
  const whole = isWhole ? [] : ['not the total document signed'];
  return {
    file: id,
    accepted,
    says: [`${judged.length} signatures`, ...said, ...whole, stderr.trim()].join('; '),
  };
}

const isTrusted = (text: string): boolean =>
  text.includes('Signature Validation: Signature is Valid.') &&
  text.includes('Certificate Validation: Certificate is Trusted.');

/** Poppler lists document time stamps, but says that it is unable to validate this type of signature. */
const isTimeStamp = (text: string): boolean =>
  /Signature Type: (unknown|ETSI\.RFC3161)/.test(text) && text.includes('has not yet been verified');
