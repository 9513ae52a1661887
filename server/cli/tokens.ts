import type { TokenContent } from '../signing/pkcs11/messages.ts';
import { Pkcs11Module } from '../signing/pkcs11/pkcs11-module.ts';
import { readableCertificate } from '../signing/readable-certificate.ts';
import { type Command, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';

const OPTIONS = { pkcs11: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

export const command: Command = {
  name: 'tokens',
  summary: 'list tokens and the certificates on them',
  usage: `anso tokens --pkcs11 MODULE [--json]

Shows every token that the PKCS#11 library MODULE sees: its label and serial number, the state of its PIN, and its
certificates with the fingerprint by which anso sign --certificate takes them. No PIN is asked for or tried.

  --json   one line of JSON a token

Exit codes: 0 done (also when no token is plugged in), 1 the library cannot be used, 64 wrong command line.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, OPTIONS);
    if (values.pkcs11 === undefined || positionals.length > 0)
      throw new UsageError('say: tokens --pkcs11 MODULE');
    const module = new Pkcs11Module(values.pkcs11);
    try {
      const tokens = (await module.list()).map(present);
      for (const token of tokens) {
        if (values.json) printJson(io.stdout, token);
        else for (const line of lines(token)) printLine(io.stdout, line);
      }
      if (tokens.length === 0 && !values.json) printLine(io.stderr, 'no token is plugged in');
      return exitCodes.ok;
    } finally {
      await module.close();
    }
  },
};

function present({ certificates, ...state }: TokenContent) {
  return {
    ...state,
    certificates: certificates.flatMap(readableCertificate).map((certificate) => ({
      fingerprint: certificate.fingerprint,
      subject: certificate.subject.toString(),
      issuer: certificate.issuer.toString(),
      notBefore: certificate.notBefore.toISOString(),
      notAfter: certificate.notAfter.toISOString(),
      authority: certificate.isCa,
    })),
  };
}

function lines(token: ReturnType<typeof present>): string[] {
  const state = [
    ...(token.initialised ? [] : ['not initialised']),
    ...(token.initialised && !token.pinSet ? ['no PIN set'] : []),
    ...(token.pinLocked ? ['PIN locked'] : []),
    ...(token.pinFinalTry
      ? ['one try of the PIN left']
      : token.pinCountLow
        ? ['a wrong PIN was entered']
        : []),
    ...(token.pinToBeChanged ? ['PIN must be changed'] : []),
    ...(token.protectedPath ? ['PIN typed at the reader'] : []),
  ];
  const name = `${token.label || '(no label)'}  serial ${token.serial || '-'}  ${token.manufacturer} ${token.model}`;
  return [
    state.length > 0 ? `${name}  [${state.join(', ')}]` : name,
    ...token.certificates.map(
      ({ fingerprint, subject, notAfter, authority }) =>
        `  ${fingerprint}  ${subject}  until ${notAfter.slice(0, 10)}${authority ? '  (authority)' : ''}`,
    ),
  ];
}
