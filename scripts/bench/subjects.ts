import { constants, sign } from 'node:crypto';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { signPdf } from '../../server/signing/sign-pdf.ts';
import { type KeyKind, makeIdentity } from '../../test/signing/identities.ts';
import { providerOf } from '../../test/signing/providers.ts';
import { signpdfPdfLib, signpdfPlain } from './peers.ts';

type Work = () => unknown;

export interface Subject {
  readonly key: KeyKind;
  readonly who: string;
  /** Gets everything ready and gives what is repeated; undefined when the subject is not installed. */
  readonly prepare: (pdf: Buffer) => Work | undefined;
}

export const RAW = 'node:crypto sign alone';

/** The bare key, called as signing calls it: what the machine can do at best. RSA with PSS, as ours. */
const raw = (key: KeyKind): Subject => ({
  key,
  who: RAW,
  prepare: () => {
    const { privateKey } = makeIdentity(key);
    const attributes = Buffer.alloc(250, 1);
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    const input = key.startsWith('rsa') ? { key: privateKey, ...pss } : privateKey;
    return () => sign('sha256', attributes, input);
  },
});

/** All of it: checks, reading the PDF, update, digest, CMS, verification of the new signature. */
const ours = (key: KeyKind): Subject => ({
  key,
  who: 'anso signPdf',
  prepare: (pdf) => {
    const provider = providerOf(makeIdentity(key));
    const clock = { now: () => new Date() };
    return async () => {
      const { appended } = await signPdf({ source: bytesSource(pdf), provider, clock, reason: 'Ký duyệt' });
      return Buffer.concat([pdf, appended]);
    };
  },
});

const peers: readonly Subject[] = [
  {
    key: 'rsa-2048',
    who: '@signpdf placeholder-plain',
    prepare: (pdf) => signpdfPlain(makeIdentity('rsa-2048'), pdf),
  },
  {
    key: 'rsa-2048',
    who: '@signpdf placeholder-pdf-lib',
    prepare: (pdf) => signpdfPdfLib(makeIdentity('rsa-2048'), pdf),
  },
];

export const subjects: readonly Subject[] = [
  raw('rsa-2048'),
  ours('rsa-2048'),
  ...peers,
  raw('rsa-3072'),
  ours('rsa-3072'),
  raw('p-256'),
  ours('p-256'),
];
