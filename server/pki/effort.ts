import type { KeyObject } from 'node:crypto';
import type { AlgorithmIdentifier } from './algorithm.ts';
import { PkiError } from './errors.ts';
import { verifySignature } from './verify-signature.ts';

/** How much longer than with P-256 a check takes in OpenSSL 3. */
const CURVE_COSTS: Readonly<Record<string, number>> = { prime256v1: 1, secp384r1: 6, secp521r1: 10 };
const OTHER_CURVE = 20;
const USUAL_EXPONENT = 65537n;
const LARGE_EXPONENT = 5;

/** A certificate or a CRL: what an issuer signed. */
interface Signed {
  readonly fingerprint: string;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly tbs: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * What judging one file may cost, in signatures checked with a key of RSA or P-256. A file of strangers can bring
 * hundreds of issuers of one name for each of hundreds of signatures, and all of them would be tried. Each pair is tried
 * once.
 */
export class Effort {
  readonly #results = new Map<KeyObject, Map<string, boolean>>();
  #left: number;

  constructor(limit = 4000) {
    this.#left = limit;
  }

  /** @throws PkiError `pki.too_complex` when all is spent */
  spend(cost = 1): void {
    this.#left -= cost;
    if (this.#left < 0) throw new PkiError('pki.too_complex', 'the signatures to check are too many');
  }

  /** Counts a signature checked with the key. @throws PkiError `pki.too_complex` */
  spendOn(key: KeyObject): void {
    const { namedCurve, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
    if (namedCurve !== undefined) this.spend(CURVE_COSTS[namedCurve] ?? OTHER_CURVE);
    else this.spend(publicExponent > USUAL_EXPONENT ? LARGE_EXPONENT : 1);
  }

  /**
   * Whether the holder of `issuerKey` signed it (RFC 5280 6.1.3 (a)(1), 6.3.3 (g)); names are not compared here.
   * @throws PkiError `pki.too_complex`
   */
  verify(signed: Signed, issuerKey: KeyObject): boolean {
    const results = this.#results.get(issuerKey) ?? new Map<string, boolean>();
    this.#results.set(issuerKey, results);
    const known = results.get(signed.fingerprint);
    if (known !== undefined) return known;
    this.spendOn(issuerKey);
    const result = verifySignature(signed.signatureAlgorithm, issuerKey, signed.tbs, signed.signature);
    results.set(signed.fingerprint, result);
    return result;
  }
}
