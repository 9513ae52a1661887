import { constants, createPublicKey, createVerify, type KeyObject, verify } from 'node:crypto';
import { readDer } from '../asn1/read.ts';
import { oid, sequence } from '../asn1/write.ts';
import { cryptoHash, type HashName } from '../pki/algorithm.ts';
import { type CmsScheme, hashOf, type SignatureAlgorithm } from './signature-algorithm.ts';

/** EdDSA reads its message twice, so it has to be in memory; nothing that large is signed with it directly. */
const MAX_EDDSA_MESSAGE = 64 * 1024 * 1024;

const keyTypes: Readonly<Record<CmsScheme['kind'], readonly string[]>> = {
  'rsa-pkcs1': ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  'plain-ecdsa': ['ec'],
  eddsa: ['ed25519', 'ed448'],
  dsa: ['dsa'],
};

/**
 * Whether `signature` over the message `chunks` was made with the private key of `publicKey`. The message comes in
 * chunks because, without signed attributes, it is the document itself. False as well when algorithm and key do not
 * fit each other or the algorithm is not known: there is then no proof.
 *
 * @param fallbackHash the digest meant when the algorithm names none.
 * @throws whatever reading `chunks` throws.
 */
export function verifySignature(
  { scheme }: SignatureAlgorithm,
  publicKey: KeyObject,
  chunks: Iterable<Uint8Array>,
  signature: Uint8Array,
  fallbackHash?: HashName,
): boolean {
  if (!scheme || !keyTypes[scheme.kind].includes(publicKey.asymmetricKeyType ?? '')) return false;
  if (scheme.kind === 'eddsa') {
    const message = joined(chunks);
    return message !== undefined && proven(() => verify(null, message, publicKey, signature));
  }
  const hash = hashOf(scheme) ?? fallbackHash;
  const name = hash && cryptoHash(hash);
  const verifier = name && proven(() => createVerify(name));
  if (!verifier) return false;
  for (const chunk of chunks) verifier.update(chunk);
  return proven(() => verifier.verify(keyInput(scheme, publicKey), signature));
}

/** OpenSSL throws at what cannot be a signature of this key (its length, encoding, key restrictions, a digest it lacks). */
function proven<T>(attempt: () => T): T | false {
  try {
    return attempt();
  } catch {
    return false;
  }
}

function keyInput(scheme: CmsScheme, key: KeyObject) {
  switch (scheme.kind) {
    case 'rsa-pss': {
      const ownMask = scheme.mgfHash !== scheme.hash && key.asymmetricKeyType === 'rsa';
      return {
        key: ownMask ? restricted(key, scheme.parameters) : key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: scheme.saltLength,
      };
    }
    case 'rsa-pkcs1':
      return { key, padding: constants.RSA_PKCS1_PADDING };
    default:
      return { key, dsaEncoding: scheme.kind === 'plain-ecdsa' ? 'ieee-p1363' : 'der' } as const;
  }
}

/**
 * The same RSA key as one restricted to the RSASSA-PSS parameters (RFC 4055 1.2): the only way to tell node:crypto of
 * a mask digest that differs from the message digest.
 */
function restricted(key: KeyObject, parameters: Uint8Array): KeyObject {
  const spki = readDer(key.export({ type: 'spki', format: 'der' }));
  const der = sequence(sequence(oid('1.2.840.113549.1.1.10'), parameters), spki.at(1).bytes);
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
}

function joined(chunks: Iterable<Uint8Array>): Buffer | undefined {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const chunk of chunks) {
    length += chunk.length;
    if (length > MAX_EDDSA_MESSAGE) return undefined;
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
