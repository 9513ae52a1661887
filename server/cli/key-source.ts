import { CodedError } from '../errors/coded-error.ts';
import { systemClock } from '../platform/clock.ts';
import type { KeyProvider } from '../signing/key-provider.ts';
import { MeteredKeyProvider } from '../signing/metered-key-provider.ts';
import { UsageMeter } from '../signing/usage-meter.ts';
import { type CommandIo, UsageError } from './command.ts';
import { readInput } from './read-input.ts';
import { secretOf } from './secret-of.ts';
import { usageSink } from './usage-sink.ts';

/** Options that say which key signs. */
export const KEY_OPTIONS = {
  p12: { type: 'string' },
  pkcs11: { type: 'string' },
  token: { type: 'string' },
  certificate: { type: 'string' },
  'allow-final-try': { type: 'boolean', default: false },
  'pin-env': { type: 'string' },
  'pin-file': { type: 'string' },
} as const;

export const KEY_HELP = `  --p12 FILE          a key in a PKCS#12 file
  --pkcs11 MODULE     a key on a token or in an HSM, through its PKCS#11 library (anso tokens shows what is there)
  --token NAME        label or serial number of the token, when there are several
  --certificate HEX   which certificate, by the SHA-256 of its DER, when there are several
  --pin-env NAME      the environment variable with the PIN or passphrase
  --pin-file FILE     a file with it; leave both out where the PIN is typed at the reader of a token
  --allow-final-try   try the PIN even when the token locks if it is wrong`;

export interface KeyValues {
  readonly p12?: string | undefined;
  readonly pkcs11?: string | undefined;
  readonly token?: string | undefined;
  readonly certificate?: string | undefined;
  readonly 'allow-final-try': boolean;
  readonly 'pin-env'?: string | undefined;
  readonly 'pin-file'?: string | undefined;
}

export interface OpenedKey {
  /** Counts every use. */
  readonly provider: KeyProvider;
  /** The same for one use that is counted under that id, however often it is repeated. */
  readonly counted: (eventId: string) => KeyProvider;
  /** Forgets the PIN and lets go of the token. */
  readonly close: () => Promise<void>;
}

/** Opens the key the command line names, or gives the code of the refusal. @throws UsageError, which never holds the PIN. */
export async function openKey(values: KeyValues, io: CommandIo): Promise<OpenedKey | CodedError> {
  const { p12, pkcs11, token } = values;
  if ((p12 === undefined) === (pkcs11 === undefined)) {
    throw new UsageError('give the key: --p12 FILE, or --pkcs11 MODULE');
  }
  if (p12 !== undefined && token !== undefined) throw new UsageError('--token belongs to --pkcs11');
  const pin = await readPin(values, io);
  const fingerprint = values.certificate?.toLowerCase();
  const which = fingerprint === undefined ? {} : { fingerprint };
  const sink = usageSink(io);
  const metered = (key: KeyProvider): Omit<OpenedKey, 'close'> => {
    const meter = (how: { eventId?: () => string } = {}): UsageMeter =>
      new UsageMeter({ sink, context: { channel: 'cli', ...how }, clock: systemClock });
    return {
      provider: new MeteredKeyProvider(key, meter()),
      counted: (eventId) => new MeteredKeyProvider(key, meter({ eventId: () => eventId })),
    };
  };
  if (p12 !== undefined) {
    const file = await readInput(p12);
    return coded(async () => {
      const { openPkcs12 } = await import('../signing/open-pkcs12.ts');
      const key = await openPkcs12(file, pin, which);
      return { ...metered(key), close: async () => {} };
    });
  }
  const { Pkcs11Module } = await import('../signing/pkcs11/pkcs11-module.ts');
  const { openPkcs11 } = await import('../signing/pkcs11/open-pkcs11.ts');
  const module = new Pkcs11Module(pkcs11 ?? '');
  const opened = await coded(async () => {
    const allowFinalTry = values['allow-final-try'];
    const key = await openPkcs11([module], {
      pin,
      allowFinalTry,
      ...which,
      ...(token !== undefined && { token }),
    });
    const close = async (): Promise<void> => {
      key.close();
      await module.close();
    };
    return { ...metered(key), close };
  });
  if (opened instanceof CodedError) await module.close();
  return opened;
}

async function coded<T>(work: () => Promise<T>): Promise<T | CodedError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) return error;
    throw error;
  }
}

async function readPin(values: KeyValues, io: CommandIo): Promise<string> {
  const { 'pin-env': name, 'pin-file': file, pkcs11 } = values;
  if (name !== undefined && file !== undefined) throw new UsageError('give --pin-env or --pin-file');
  if (name !== undefined) return secretOf(name, io);
  if (file !== undefined) return (await readInput(file)).toString('utf8').replace(/\r?\n$/, '');
  if (pkcs11 === undefined) throw new UsageError('give --pin-env or --pin-file');
  return '';
}
