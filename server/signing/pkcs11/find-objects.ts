import type { KeyObject } from 'node:crypto';
import { integerOctets, readBitString, readDer } from '../../asn1/read.ts';
import { octetString } from '../../asn1/write.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { Ck } from './constants.ts';
import type { Cryptoki, Handle } from './cryptoki.ts';
import { cryptokiCode } from './translate-error.ts';

type Template = Parameters<Cryptoki['C_FindObjectsInit']>[1];

const MAX_OBJECTS = 1000;
const MAX_CERTIFICATE = 64 * 1024;

/** DER of the X.509 certificates that the session sees. */
export const findCertificates = (cryptoki: Cryptoki, session: Handle): readonly Uint8Array[] =>
  certificateObjects(cryptoki, session).flatMap((object) => {
    const der = attribute(cryptoki, session, object, Ck.value);
    return der && der.length <= MAX_CERTIFICATE ? [Uint8Array.from(der)] : [];
  });

/**
 * The private key of a certificate: by the CKA_ID that its certificate or public key on the token has, else by the modulus.
 * The certificate itself need not be on the token.
 */
export function findPrivateKey(
  cryptoki: Cryptoki,
  session: Handle,
  certificate: Certificate,
): Handle | undefined {
  const type = keyType(certificate.publicKey);
  const own = [
    { type: Ck.class, value: Ck.classPrivateKey },
    { type: Ck.keyType, value: type },
  ];
  for (const id of idsOf(cryptoki, session, certificate)) {
    const [key] = find(cryptoki, session, [...own, { type: Ck.id, value: id }]);
    if (key) return key;
  }
  if (type !== Ck.keyRsa) return undefined;
  return find(cryptoki, session, [...own, { type: Ck.modulus, value: modulusOf(certificate.publicKey) }])[0];
}

export const alwaysAuthenticates = (cryptoki: Cryptoki, session: Handle, key: Handle): boolean =>
  attribute(cryptoki, session, key, Ck.alwaysAuthenticate)?.[0] === 1;

function idsOf(cryptoki: Cryptoki, session: Handle, { der, publicKey }: Certificate): Buffer[] {
  const certificates = certificateObjects(cryptoki, session).filter((object) => {
    const value = attribute(cryptoki, session, object, Ck.value);
    return value?.equals(der) === true;
  });
  const publicKeys = publicParts(publicKey).flatMap((part) =>
    find(cryptoki, session, [{ type: Ck.class, value: Ck.classPublicKey }, part]),
  );
  return [...certificates, ...publicKeys].flatMap((object) => {
    const id = attribute(cryptoki, session, object, Ck.id);
    return id && id.length > 0 ? [id] : [];
  });
}

function keyType({ asymmetricKeyType }: KeyObject): number {
  if (asymmetricKeyType === 'ec') return Ck.keyEc;
  return asymmetricKeyType === 'ed25519' ? Ck.keyEdwards : Ck.keyRsa;
}

/**
 * What a public key object has of the key: the modulus, or the point as an OCTET STRING (PKCS#11 2.3.3). That of an Edwards
 * key stands there bare in PKCS#11 3.0 (2.3.5), but tokens older than that wrap it, too.
 */
function publicParts(key: KeyObject): Template {
  if (keyType(key) === Ck.keyRsa) return [{ type: Ck.modulus, value: modulusOf(key) }];
  const { x = '', y } = key.export({ format: 'jwk' });
  const [first, second] = [Buffer.from(x, 'base64url'), y ? Buffer.from(y, 'base64url') : undefined];
  const point = second ? Buffer.concat([Buffer.of(4), first, second]) : first;
  const forms = [Buffer.from(octetString(point)), ...(second ? [] : [point])];
  return forms.map((value) => ({ type: Ck.ecPoint, value }));
}

/** From the encoding, since a key for PSS only has no JWK. */
function modulusOf(key: KeyObject): Buffer {
  const rsaPublicKey = readDer(
    readBitString(readDer(key.export({ format: 'der', type: 'spki' })).at(1)).bytes,
  );
  const octets = integerOctets(rsaPublicKey.at(0));
  return Buffer.from(octets[0] === 0 ? octets.subarray(1) : octets);
}

const certificateObjects = (cryptoki: Cryptoki, session: Handle): Handle[] =>
  find(cryptoki, session, [
    { type: Ck.class, value: Ck.classCertificate },
    { type: Ck.certificateType, value: Ck.certificateX509 },
  ]);

function find(cryptoki: Cryptoki, session: Handle, template: Template): Handle[] {
  cryptoki.C_FindObjectsInit(session, template);
  try {
    const found: Handle[] = [];
    while (found.length < MAX_OBJECTS) {
      const some = cryptoki.C_FindObjects(session, 50);
      if (some.length === 0) break;
      found.push(...some);
    }
    return found;
  } finally {
    cryptoki.C_FindObjectsFinal(session);
  }
}

/** Undefined when the object has no such attribute or does not show it. */
function attribute(cryptoki: Cryptoki, session: Handle, object: Handle, type: number): Buffer | undefined {
  try {
    return cryptoki.C_GetAttributeValue(session, object, [{ type }])[0]?.value;
  } catch (error) {
    const code = cryptokiCode(error);
    if (code === 'CKR_ATTRIBUTE_TYPE_INVALID' || code === 'CKR_ATTRIBUTE_SENSITIVE') return undefined;
    throw error;
  }
}
