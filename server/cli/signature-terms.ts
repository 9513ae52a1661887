import type { DocMdp, FieldLock } from '../pdf/signatures/locks.ts';
import { hashByCryptoName } from '../pki/algorithm.ts';
import { parseCertificate } from '../pki/certificate.ts';
import { parseCrl } from '../pki/crl.ts';
import { systemClock } from '../platform/clock.ts';
import { isPadesLevel, padesLevels } from '../signing/levels.ts';
import type { SignPdfOptions } from '../signing/sign-pdf.ts';
import { type CommandIo, UsageError } from './command.ts';
import type { parseOptions } from './parse-options.ts';
import { proofSources } from './proof-sources.ts';
import { secretOf } from './secret-of.ts';

/** Options that say what a signature is to be, whatever key makes it and whenever. */
export const TERMS_OPTIONS = {
  field: { type: 'string' },
  reason: { type: 'string' },
  location: { type: 'string' },
  level: { type: 'string', default: 'B-B' },
  tsa: { type: 'string', multiple: true, default: [] as string[] },
  rsa: { type: 'string', default: 'pss' },
  digest: { type: 'string' },
  certify: { type: 'string' },
  lock: { type: 'string', multiple: true },
  'password-env': { type: 'string' },
} as const;

export const TERMS_HELP = `  --field NAME        the signature field: an empty one of that name, or a new one
  --reason TEXT       why, as it is shown by readers
  --location TEXT     where
  --level LEVEL       B-B (default), B-T (time stamp), B-LT (and all that proves it later), B-LTA (and an archive time stamp);
                      a level that cannot be reached is a refusal, and nothing is written
  --tsa URL           a time-stamp authority instead of those of ANSO_TSA_URLS; may be repeated, asked in this order
  --rsa pss|pkcs1     padding of RSA keys; default pss
  --digest NAME       sha256, sha384, sha512, sha3-256, sha3-384 or sha3-512; default: as strong as the key
  --certify 1|2|3     certify the document, as its first signature: nothing may change any more, fields may be filled and
                      signatures added, or comments as well
  --lock all|NAME,... form fields that may not change any more: all, the ones named, or with except:NAME,... all others
  --password-env NAME the environment variable with the password of encrypted files (of the user or the owner); without
                      one the empty password is tried. Files stay encrypted as they are.`;

type Values = Omit<ReturnType<typeof parseOptions<typeof TERMS_OPTIONS>>['values'], 'tsa'> & {
  readonly tsa?: readonly string[];
};

/** What the options and the trust folders say of a signature: all but the file and the key. @throws UsageError */
export async function signatureTerms(
  values: Values,
  io: CommandIo,
): Promise<Omit<SignPdfOptions, 'source' | 'provider'>> {
  const { rsa, level, field, reason, location } = values;
  if (!isPadesLevel(level)) throw new UsageError(`--level is one of ${padesLevels.join(', ')}`);
  if (rsa !== 'pss' && rsa !== 'pkcs1') throw new UsageError('--rsa is pss or pkcs1');
  const digestAlgorithm = values.digest === undefined ? undefined : hashByCryptoName(values.digest);
  if (values.digest !== undefined && !digestAlgorithm)
    throw new UsageError('--digest is no digest known here');
  const { certify, lock } = values;
  const variable = values['password-env'];
  const password = variable === undefined ? undefined : secretOf(variable, io);
  const trust = await io.trust().current();
  const proofs = level === 'B-B' ? {} : await proofSources(values.tsa ?? [], io);
  return {
    ...proofs,
    clock: systemClock,
    rsa,
    ...(digestAlgorithm && { digestAlgorithm }),
    level,
    ...(certify !== undefined && { docMdp: readCertify(certify) }),
    ...(lock !== undefined && { lock: readLock(lock) }),
    ...(field !== undefined && { field }),
    ...(reason !== undefined && { reason }),
    ...(location !== undefined && { location }),
    ...(password !== undefined && { password }),
    crls: trust.crls.map((der) => parseCrl(der)),
    issuers: [...trust.intermediates, ...trust.anchors].map((der) => parseCertificate(der)),
  };
}

function readCertify(value: string): DocMdp {
  const permission = Number(value);
  if (permission === 1 || permission === 2 || permission === 3) return permission;
  throw new UsageError('--certify is 1, 2 or 3');
}

/** `all`, names between commas, or `except:` and names; several options name more. */
function readLock(values: readonly string[]): FieldLock {
  const text = values.join(',');
  if (text === 'all') return { action: 'All', fields: [] };
  const others = text.startsWith('except:');
  const fields = text.slice(others ? 'except:'.length : 0).split(',');
  if (fields.some((field) => field === ''))
    throw new UsageError('--lock is all, NAME,... or except:NAME,...');
  return { action: others ? 'Exclude' : 'Include', fields };
}
