import { openssl } from '../cms/openssl.ts';
import type * as pki from '../pki/authority.ts';
import { serve, type TestServer } from './http-server.ts';

/** Authorities that are not ours: `openssl ts` and `openssl ocsp` behind HTTP. Skip where `missingOpenssl`. */

export const pemOf = (...parties: readonly pki.Party[]): string =>
  parties
    .map(({ certificate }) => {
      const lines = Buffer.from(certificate.der).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
      return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
    })
    .join('');

const keyOf = ({ privateKey }: pki.Party): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const TS_CONFIG = `[tsa]
default_tsa = one
[one]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
`;

/** A time-stamp authority (RFC 3161 over HTTP). */
export const opensslTimeStamps = (party: pki.Party, chain: readonly pki.Party[]): Promise<TestServer> =>
  serve(({ body }) => {
    const files = {
      query: body,
      config: TS_CONFIG,
      serial: '01',
      cert: pemOf(party),
      key: keyOf(party),
      chain: pemOf(...chain),
    };
    const args = '-reply -config config -queryfile query -signer cert -inkey key -chain chain -out reply';
    return openssl(['ts', ...args.split(' ')], files, 'reply');
  });

/** What the responder's index says of a certificate. */
export interface IndexLine {
  readonly party: pki.Party;
  /** As openssl writes it: `YYMMDDHHMMSSZ,reason`. */
  readonly revoked?: string;
}

/** An OCSP responder of `issuer` (RFC 6960 over HTTP); a certificate that is in no line is unknown to it. */
export const opensslOcsp = (
  issuer: pki.Party,
  responder: pki.Party,
  index: readonly IndexLine[],
): Promise<TestServer> =>
  serve(({ body }) => {
    const lines = index.map(({ party: { certificate }, revoked }) =>
      [
        revoked ? 'R' : 'V',
        '350101000000Z',
        revoked ?? '',
        serialOf(certificate.serial),
        'unknown',
        '/CN=x',
      ].join('\t'),
    );
    const files = {
      query: body,
      index: `${lines.join('\n')}\n`,
      ca: pemOf(issuer),
      cert: pemOf(responder),
      key: keyOf(responder),
    };
    const args = '-index index -CA ca -rsigner cert -rkey key -ndays 7 -reqin query -respout reply';
    return openssl(['ocsp', ...args.split(' ')], files, 'reply');
  });

const serialOf = (hex: string): string => hex.toUpperCase();
