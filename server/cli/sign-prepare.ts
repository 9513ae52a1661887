import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodedError } from '../errors/coded-error.ts';
import { bytesSource } from '../pdf/byte-source.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { certificateLabels, readPemOrDer } from '../pki/pem.ts';
import type { AppearanceWish } from '../signing/appearance/plan-appearance.ts';
import { LONGEST_WAIT_DAYS } from '../signing/deferred/longest-wait.ts';
import {
  type DeferredRequest,
  type DeferredSignature,
  prepareDeferred,
} from '../signing/deferred/prepare-deferred.ts';
import { base64, type DeferredState, deferredLevels } from '../signing/deferred/state.ts';
import { SigningError } from '../signing/errors.ts';
import { openSource } from '../signing/sign-file.ts';
import { UsageMeter } from '../signing/usage-meter.ts';
import { onlyNewNames, writeSignedFile } from '../signing/write-signed-file.ts';
import { APPEARANCE_OPTIONS, warningLine, wishedAppearance } from './appearance-flags.ts';
import { type CommandIo, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';
import { readInput } from './read-input.ts';
import { completedName } from './sign-complete.ts';
import { signatureTerms, TERMS_OPTIONS } from './signature-terms.ts';
import { usageSink } from './usage-sink.ts';

const OPTIONS = {
  ...TERMS_OPTIONS,
  ...APPEARANCE_OPTIONS,
  certificate: { type: 'string' },
  chain: { type: 'string', multiple: true, default: [] as string[] },
  days: { type: 'string', default: '7' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `anso sign prepare`: see deferred-help.ts. */
export async function prepare(argv: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(argv, OPTIONS);
  const [file, ...more] = positionals;
  const { certificate: certificateFile, out } = values;
  if (file === undefined || more.length > 0 || certificateFile === undefined || out === undefined) {
    throw new UsageError('say: sign prepare IN --certificate FILE --out STATE');
  }
  const waitDays = Number(values.days);
  if (!(Number.isInteger(waitDays) && waitDays >= 1 && waitDays <= LONGEST_WAIT_DAYS)) {
    throw new UsageError(`--days is 1 to ${LONGEST_WAIT_DAYS}`);
  }
  const [certificate, ...others] = await readCertificates(certificateFile);
  if (!certificate) throw new UsageError(`${certificateFile} holds no certificate`);
  const chain = [...others, ...(await Promise.all(values.chain.map(readCertificates))).flat()];
  const level = deferredLevels.find((one) => one === values.level);
  if (!level)
    throw new UsageError(
      `--level is one of ${deferredLevels.join(', ')} here; a finished file can be raised`,
    );
  const terms = { ...(await signatureTerms(values, io)), level };
  const appearance = await wishedAppearance(values);
  const meter = new UsageMeter({ sink: usageSink(io), context: { channel: 'deferred' }, ...terms });
  try {
    if (appearance instanceof CodedError) throw appearance;
    const prepared = await prepareFile(file, { ...terms, certificate, chain, waitDays }, appearance, io);
    await writeState(out, { ...prepared.state, file: resolve(file) });
    report(prepared, { file, out, asJson: values.json }, io);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    await meter.failed(certificate.fingerprint, error);
    if (values.json) printJson(io.stdout, { file, state: null, code: error.code });
    else printLine(io.stderr, `${file}: refused: ${error.message} (${error.code})`);
    return exitCodes.failed;
  }
}

async function prepareFile(
  file: string,
  request: Omit<DeferredRequest, 'source'>,
  wish: AppearanceWish | undefined,
  io: CommandIo,
): Promise<DeferredSignature> {
  const source = openSource(file);
  try {
    if (wish === undefined) return await prepareDeferred({ ...request, source });
    const { planAppearance } = await import('../signing/appearance/plan-appearance.ts');
    const { visible, warnings } = await planAppearance(wish, { ...request, source });
    for (const warning of warnings) printLine(io.stderr, warningLine(file, warning));
    return await prepareDeferred({ ...request, source, ...(visible && { visible }) });
  } finally {
    source.close();
  }
}

async function readCertificates(path: string): Promise<Certificate[]> {
  const bytes = await readInput(path);
  try {
    return readPemOrDer(bytes, certificateLabels).map(parseCertificate);
  } catch (error) {
    if (error instanceof CodedError) throw new UsageError(`${path} holds no certificate (${error.code})`);
    throw error;
  }
}

/** An earlier state is not overwritten: its signature may be on its way. Nor is the name of a completed one used again. */
async function writeState(path: string, state: DeferredState): Promise<void> {
  if (existsSync(completedName(path))) {
    throw new SigningError('signing.output_exists', `${completedName(path)} is there: say another --out`);
  }
  const text = Buffer.from(`${JSON.stringify(state)}\n`);
  await writeSignedFile(path, bytesSource(text), NOTHING, onlyNewNames);
}

const NOTHING = new Uint8Array();

function report(
  { algorithm, digest, toBeSigned, field, state }: DeferredSignature,
  { file, out, asJson }: { readonly file: string; readonly out: string; readonly asJson: boolean },
  { stdout }: CommandIo,
): void {
  const hex = digest && Buffer.from(digest).toString('hex');
  const { expiresAt } = state;
  if (asJson) {
    const shown = { digest: hex ?? null, digestBase64: digest ? base64(digest) : null };
    printJson(stdout, {
      ...{ file, state: out, code: null, field, ...algorithm, ...shown },
      ...{ toBeSigned: base64(toBeSigned), expiresAt },
    });
    return;
  }
  printLine(stdout, `${file}: prepared, field ${field}; state in ${out}, good until ${expiresAt}`);
  const salt = algorithm.scheme === 'rsa-pss' && digest ? `, salt of ${digest.length} octets` : '';
  printLine(stdout, `sign with ${algorithm.scheme}, ${algorithm.digestAlgorithm}${salt}`);
  if (digest) printLine(stdout, `the digest\n  hex     ${hex}\n  base64  ${base64(digest)}`);
  printLine(
    stdout,
    `${digest ? 'or, for a key that hashes, ' : ''}the attributes\n  base64  ${base64(toBeSigned)}`,
  );
}
