import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { parseCertificate } from '../../../server/pki/certificate.ts';
import { PrivateKeyProvider } from '../../../server/signing/private-key-provider.ts';
import { type TrustStore, trustStore } from '../../../server/verification/trust-store.ts';
import {
  type Identity,
  type IdentityOptions,
  type KeyPair,
  makeIdentity,
} from '../../../test/signing/identities.ts';
import { makeCrl } from '../../../test/signing/make-crl.ts';

/** PKCS#8 of an Ed25519 key (RFC 8410 7) up to its 32 octets. */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 keys made of a name sign the same bytes the same way each time: that is what makes cases repeatable. */
function keysOf(name: string): KeyPair {
  const key = Buffer.concat([ED25519, createHash('sha256').update(name).digest()]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

const identity = (subject: string, options: IdentityOptions = {}): Identity =>
  makeIdentity('ed25519', { subject, keys: keysOf(subject), ...options });

const root = identity('Root', { ca: true });
const leader = identity('Nguyễn Văn A', { issuer: root, serial: 0x11 });
const agency = identity('Sở Y tế', { issuer: root, serial: 0x22 });
const crl = makeCrl(root, {
  serials: [0x33, 0x44],
  thisUpdate: new Date('2026-05-01'),
  nextUpdate: new Date('2026-07-01'),
});

/** Who signs the files the fuzzer starts from, and what is trusted when they are judged. */
export const office = { root, leader, agency, crl } as const;

export const providerOf = ({ privateKey, der }: Identity): PrivateKeyProvider =>
  new PrivateKeyProvider(privateKey, parseCertificate(der), [parseCertificate(root.der)]);

export const officeTrust = (): TrustStore =>
  trustStore({ anchors: [root.der], intermediates: [], crls: [crl] });
