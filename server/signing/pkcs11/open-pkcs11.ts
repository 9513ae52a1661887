import type { Certificate } from '../../pki/certificate.ts';
import { SigningError } from '../errors.ts';
import { issuerChain } from '../issuer-chain.ts';
import { readableCertificate } from '../readable-certificate.ts';
import type { TokenContent } from './messages.ts';
import { Pkcs11KeyProvider } from './pkcs11-key-provider.ts';
import type { Pkcs11Module } from './pkcs11-module.ts';

export interface OpenPkcs11 {
  /** Empty when it is typed at the reader. */
  readonly pin: string;
  /** Label or serial number; may be left out when there is one token, or one that holds the certificate. */
  readonly token?: string;
  /** SHA-256 of the certificate's DER, hex; may be left out when the token holds one signer's certificate. */
  readonly fingerprint?: string;
  /** The certificate itself, for a module that holds only its key. */
  readonly certificate?: Certificate;
  readonly allowFinalTry?: boolean;
}

/**
 * Opens a key on a token: finds token and certificate, tries the PIN once and makes sure that the private key is there.
 * @throws SigningError `signing.token_not_found`, `signing.token_ambiguous`, `signing.token_no_certificate`,
 *   `signing.token_several_certificates` (details: `choices`); as `Pkcs11Module.open`
 */
export async function openPkcs11(
  modules: readonly Pkcs11Module[],
  options: OpenPkcs11,
): Promise<Pkcs11KeyProvider> {
  const tokens = await readTokens(modules);
  const token = chooseToken(tokens, options);
  const certificate = options.certificate ?? chooseCertificate(token.parsed, options.fingerprint);
  const { pin, allowFinalTry = false } = options;
  const provider = new Pkcs11KeyProvider({
    module: token.module,
    token: { label: token.label, serial: token.serial },
    certificate,
    chain: issuerChain(certificate, token.parsed),
    pin,
    allowFinalTry,
  });
  try {
    await provider.open();
    return provider;
  } catch (error) {
    provider.close();
    throw error;
  }
}

/** The tokens of all modules; a module that cannot be used stands in the way only when no other can. */
async function readTokens(modules: readonly Pkcs11Module[]): Promise<ReadToken[]> {
  const lists = await Promise.allSettled(modules.map((module) => module.list()));
  const [failed] = lists.filter((list) => list.status === 'rejected');
  if (failed && lists.every(({ status }) => status === 'rejected')) throw failed.reason;
  return lists.flatMap((list, index) => {
    const module = modules[index];
    if (list.status === 'rejected' || !module) return [];
    return list.value.map((token) => ({
      ...token,
      module,
      parsed: token.certificates.flatMap(readableCertificate),
    }));
  });
}

interface ReadToken extends TokenContent {
  readonly module: Pkcs11Module;
  readonly parsed: readonly Certificate[];
}

function chooseToken(tokens: readonly ReadToken[], { token: wanted, fingerprint }: OpenPkcs11): ReadToken {
  const usable = tokens.filter(({ initialised }) => initialised);
  const named = usable.filter(
    ({ label, serial }) => wanted === undefined || [label, serial].includes(wanted),
  );
  const holding = named.filter(({ parsed }) => parsed.some((one) => one.fingerprint === fingerprint));
  const [chosen, ...others] = holding.length > 0 ? holding : named;
  if (!chosen) {
    const [code, message] =
      usable.length < tokens.length && wanted === undefined
        ? (['signing.token_not_initialised', 'the token has not been initialised'] as const)
        : (['signing.token_not_found', wanted === undefined ? 'no token' : `no token ${wanted}`] as const);
    throw new SigningError(code, message);
  }
  if (others.length > 0) {
    const choices = [chosen, ...others].map(({ label, serial }) => ({ label, serial }));
    const list = choices.map(({ label, serial }) => `${label} (${serial})`).join(', ');
    throw new SigningError('signing.token_ambiguous', `several tokens: ${list}`, { details: { choices } });
  }
  return chosen;
}

function chooseCertificate(held: readonly Certificate[], wanted: string | undefined): Certificate {
  const fits = held.filter(({ fingerprint, isCa }) =>
    wanted === undefined ? !isCa : fingerprint === wanted,
  );
  const distinct = [...new Map(fits.map((one) => [one.fingerprint, one])).values()];
  const [chosen, ...others] = distinct;
  if (!chosen)
    throw new SigningError('signing.token_no_certificate', `no certificate ${wanted ?? 'of a signer'}`);
  if (others.length > 0) {
    const choices = distinct.map(({ fingerprint, subject }) => ({
      fingerprint,
      subject: subject.toString(),
    }));
    const list = choices.map((choice) => `${choice.fingerprint} (${choice.subject})`).join(', ');
    throw new SigningError('signing.token_several_certificates', `several certificates: ${list}`, {
      details: { choices },
    });
  }
  return chosen;
}
