import { CodedError } from '../errors/coded-error.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { CertificatePool } from '../pki/certificate-pool.ts';
import { systemClock } from '../platform/clock.ts';
import { augmentFile } from '../signing/augment-file.ts';
import { isPadesLevel } from '../signing/levels.ts';
import { type Command, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';
import { proofSources } from './proof-sources.ts';
import { secretOf } from './secret-of.ts';

const OPTIONS = {
  to: { type: 'string', default: 'B-LTA' },
  tsa: { type: 'string', multiple: true, default: [] as string[] },
  'password-env': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const command: Command = {
  name: 'augment',
  summary: 'raise the signatures of a PDF to a higher level, or renew its archive time stamp',
  usage: `anso augment IN OUT [--to LEVEL] [--tsa URL]... [--password-env NAME] [--json]

Adds what proves every signature of IN in the long run, as incremental updates: every byte of IN stays. OUT appears whole or
not at all, and may be IN. No key is needed. With B-LTA a file that has an archive time stamp gets another one over fresh
proofs of the one before: do that before the certificate of its authority expires.

  --to LEVEL      B-T (time stamp), B-LT (certificates and revocation data), B-LTA (archive time stamp; default)
  --tsa URL       a time-stamp authority instead of those of ANSO_TSA_URLS; may be repeated, asked in this order
  --password-env NAME
                  the environment variable with the password of an encrypted file; without one the empty password is tried
  --json          one line of JSON: {"file","out","code","signatures":[{"field","level"}],"warnings":[]}; code is null
                  when the level was reached. Level CMS: proven, but no PAdES signature. Warnings:
                  certified_against_changes (some readers take proofs for forbidden changes), not_baseline

Certificates have to lead to the roots of ANSO_TRUST_ANCHORS_DIR. Revocation data comes from ANSO_CRL_DIR, and with
ANSO_NETWORK=on from where the certificates say.

Exit codes: 0 the level was reached, 1 refused and nothing written, 64 wrong command line.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, OPTIONS);
    const [file, out, ...more] = positionals;
    if (!file || !out || more.length > 0) throw new UsageError('say: augment IN OUT --to LEVEL');
    const { to } = values;
    if (!isPadesLevel(to) || to === 'B-B') throw new UsageError('--to is one of B-T, B-LT, B-LTA');
    const variable = values['password-env'];
    const password = variable === undefined ? undefined : secretOf(variable, io);
    const { intermediates } = await io.trust().current();
    const options = {
      ...(await proofSources(values.tsa, io)),
      to,
      pool: new CertificatePool(intermediates.map((der) => parseCertificate(der))),
      clock: systemClock,
      ...(password !== undefined && { password }),
    };
    try {
      const { signatures, warnings } = await augmentFile(file, out, options);
      if (values.json) printJson(io.stdout, { file, out, code: null, signatures, warnings });
      else {
        for (const { field, level } of signatures)
          printLine(io.stdout, `${file} -> ${out}: ${field}: ${level}`);
        for (const warning of warnings) printLine(io.stderr, `${file}: ${warning}`);
      }
      return exitCodes.ok;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      const { code, message } = error;
      if (values.json) printJson(io.stdout, { file, out: null, code, signatures: [], warnings: [] });
      else printLine(io.stderr, `${file}: refused: ${message} (${code})`);
      return exitCodes.failed;
    }
  },
};
