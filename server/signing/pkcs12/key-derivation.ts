import { hash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { SigningError } from '../errors.ts';

const derive = promisify(pbkdf2);

/** Rounds in all that opening one file may cost: about a second. Files in use have 1 to 600,000. */
const MAX_ROUNDS = 2_000_000;
/** Rounds between two turns of the event loop. */
const SLICE = 5_000;

/** Turns one passphrase into keys, and counts what that costs, since the file decides how much it is. */
export class KeyDerivation {
  readonly #passphrase: string;
  readonly #bmp: Uint8Array;
  #rounds = 0;

  /** @param bmp what the old derivation takes for it (RFC 7292 B.1): nothing at all for the null passphrase. */
  constructor(passphrase: string, bmp = `${passphrase}\0`) {
    this.#passphrase = passphrase;
    this.#bmp = Buffer.from(bmp, 'utf16le').swap16();
  }

  /** PBKDF2 (RFC 8018 5.2). @throws SigningError `signing.p12_too_expensive` */
  pbkdf2(salt: Uint8Array, rounds: number, length: number, digest: string): Promise<Buffer> {
    this.#spend(rounds);
    return derive(this.#passphrase, salt, rounds, length, digest);
  }

  /**
   * The derivation of RFC 7292 B.2; `id` is 1 for a key, 2 for an IV, 3 for a MAC key.
   * @throws SigningError `signing.p12_too_expensive`
   */
  async pkcs12(
    id: 1 | 2 | 3,
    salt: Uint8Array,
    rounds: number,
    length: number,
    digest: string,
  ): Promise<Buffer> {
    const block = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
    const input = Buffer.concat([repeated(salt, block), repeated(this.#bmp, block)]);
    const output: Buffer[] = [];
    for (let made = 0; made < length; ) {
      this.#spend(rounds);
      let a = hash(digest, Buffer.concat([Buffer.alloc(block, id), input]), 'buffer');
      for (let round = 1; round < rounds; round++) {
        a = hash(digest, a, 'buffer');
        if (round % SLICE === 0) await new Promise(setImmediate);
      }
      output.push(a);
      made += a.length;
      addToBlocks(input, repeated(a, block).subarray(0, block), block);
    }
    return Buffer.concat(output).subarray(0, length);
  }

  #spend(rounds: number): void {
    if (!(rounds >= 1)) throw new SigningError('signing.p12_unreadable', 'a key derivation without rounds');
    this.#rounds += rounds;
    if (this.#rounds > MAX_ROUNDS)
      throw new SigningError('signing.p12_too_expensive', `more than ${MAX_ROUNDS} rounds`);
  }
}

/** As many copies of `bytes` as fill a whole number of blocks (B.2 steps 2 and 3). */
function repeated(bytes: Uint8Array, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Each block of `input` becomes itself + b + 1, as a big-endian number (B.2 step 6C). */
function addToBlocks(input: Buffer, b: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += (input[start + i] ?? 0) + (b[i] ?? 0);
      input[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
