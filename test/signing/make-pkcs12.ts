import { createCipheriv, createHmac, hash, pbkdf2Sync, randomBytes } from 'node:crypto';
import { contextTag } from '../../server/asn1/tag.ts';
import {
  type Der,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tlv,
} from '../../server/asn1/write.ts';
import type { Identity } from './identities.ts';

export interface Pkcs12Parts {
  readonly keys?: readonly Pick<Identity, 'privateKey'>[];
  readonly certificates?: readonly Pick<Identity, 'der'>[];
  /** Rounds of PBKDF2 as the file states them (the keys are made with few). */
  readonly statedRounds?: number;
  readonly macRounds?: number;
  /** MAC of RFC 9579. */
  readonly pbmac1?: boolean;
  /** Where salts come from; the same give the same file. */
  readonly random?: RandomSource;
}

type RandomSource = (length: number) => Buffer;

const ROUNDS = 8;
const DATA = '1.2.840.113549.1.7.1';

/** A PFX with AES-256 and PBKDF2 around its keys, certificates in the open, and a MAC with SHA-256 (RFC 7292). */
export function makePkcs12(parts: Pkcs12Parts, passphrase: string): Buffer {
  const random = parts.random ?? randomBytes;
  const keyBags = (parts.keys ?? []).map(({ privateKey }) => {
    const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
    return bag(
      '1.2.840.113549.1.12.10.1.2',
      shrouded(pkcs8, passphrase, parts.statedRounds ?? ROUNDS, random),
    );
  });
  const certBags = (parts.certificates ?? []).map(({ der }) =>
    bag(
      '1.2.840.113549.1.12.10.1.3',
      sequence(oid('1.2.840.113549.1.9.22.1'), tlv(contextTag(0), octetString(der))),
    ),
  );
  const authSafe = sequence(contentInfo(sequence(...certBags)), contentInfo(sequence(...keyBags)));
  const macData = parts.pbmac1
    ? pbmac1(authSafe, passphrase, random)
    : oldMac(authSafe, passphrase, parts.macRounds ?? 1, random);
  return Buffer.from(sequence(integer(3), contentInfo(authSafe), macData));
}

function oldMac(authSafe: Uint8Array, passphrase: string, rounds: number, random: RandomSource): Der {
  const salt = random(8);
  const key = rounds === 1 ? macKey(passphrase, salt) : Buffer.alloc(32);
  const mac = createHmac('sha256', key).update(authSafe).digest();
  const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue());
  return sequence(sequence(sha256, octetString(mac)), octetString(salt), integer(rounds));
}

/** RFC 9579: the parameters say it all, salt and rounds beside them mean nothing. */
function pbmac1(authSafe: Uint8Array, passphrase: string, random: RandomSource): Der {
  const salt = random(8);
  const key = pbkdf2Sync(passphrase, salt, ROUNDS, 32, 'sha256');
  const mac = createHmac('sha512', key).update(authSafe).digest();
  const prf = sequence(oid('1.2.840.113549.2.9'), nullValue());
  const kdf = sequence(
    oid('1.2.840.113549.1.5.12'),
    sequence(octetString(salt), integer(ROUNDS), integer(32), prf),
  );
  const scheme = sequence(oid('1.2.840.113549.2.11'), nullValue());
  const algorithm = sequence(oid('1.2.840.113549.1.5.14'), sequence(kdf, scheme));
  return sequence(sequence(algorithm, octetString(mac)), octetString(Buffer.from('unused')), integer(1));
}

const contentInfo = (content: Der): Der => sequence(oid(DATA), tlv(contextTag(0), octetString(content)));
const bag = (type: string, value: Der): Der => sequence(oid(type), tlv(contextTag(0), value), setOf([]));

function shrouded(pkcs8: Uint8Array, passphrase: string, statedRounds: number, random: RandomSource): Der {
  const [salt, iv] = [random(8), random(16)];
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(passphrase, salt, ROUNDS, 32, 'sha256'), iv);
  const prf = sequence(oid('1.2.840.113549.2.9'), nullValue());
  const kdf = sequence(oid('1.2.840.113549.1.5.12'), sequence(octetString(salt), integer(statedRounds), prf));
  const scheme = sequence(oid('2.16.840.1.101.3.4.1.42'), octetString(iv));
  const algorithm = sequence(oid('1.2.840.113549.1.5.13'), sequence(kdf, scheme));
  return sequence(algorithm, octetString(Buffer.concat([cipher.update(pkcs8), cipher.final()])));
}

/** RFC 7292 B.2 for one round and one block, which is all a MAC with SHA-256 needs. */
function macKey(passphrase: string, salt: Uint8Array): Buffer {
  const password = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  const fill = (bytes: Uint8Array): Buffer => Buffer.alloc(Math.ceil(bytes.length / 64) * 64, bytes);
  return hash('sha256', Buffer.concat([Buffer.alloc(64, 3), fill(salt), fill(password)]), 'buffer');
}
