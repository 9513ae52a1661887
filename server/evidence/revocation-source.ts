import { wantsCheck } from '../pki/ask-ocsp.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { OcspProof } from '../pki/check-ocsp.ts';
import { Crl } from '../pki/crl.ts';
import { isFresh } from '../pki/freshness.ts';
import type { OcspResponse } from '../pki/ocsp-response.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fetch } from '../platform/guarded-fetch.ts';
import { EvidenceError } from './errors.ts';
import { EvidenceCache } from './evidence-cache.ts';
import { fetchCrl, fetchOcsp } from './fetch-revocation.ts';
import { judgeCrls, judgeOcsp, type Question } from './judge-evidence.ts';
import type { RevocationEvidence, RevocationSource } from './ports.ts';
import { asRefused, type Refusal, Refused, refusalOf } from './refusal.ts';
import type { EvidenceTrust } from './trusted-authority.ts';

export interface RevocationSourceOptions {
  /** Undefined: nothing named inside a certificate is fetched, and CRLs at hand have to do. */
  readonly fetch: Fetch | undefined;
  readonly clock: Clock;
  /** CRLs at hand, and certificates among which signers of indirect CRLs are found. Read anew for each question. */
  readonly trust: () => Promise<Pick<EvidenceTrust, 'crls' | 'pool'>>;
  /** How far clocks of responders may be from ours. Default five minutes. */
  readonly skewMilliseconds?: number;
  /** Octets a CRL may have. Default 64 MiB. */
  readonly crlBytes?: number;
  readonly cache?: EvidenceCache<Kept>;
}

/** What an address gave, or why it gave nothing, and when. */
export interface Kept {
  readonly answer: OcspResponse | Crl | Refused;
  readonly fetched: Date;
}

const FIVE_MINUTES = 300_000;
/** An address is not asked twice within so long, whatever it gave: a batch must not wait for a dead one at each file. */
const REST = 60_000;
/** Addresses of one kind tried for one certificate. */
const MAX_URLS = 4;
/** Responders that vouch for responders. */
const MAX_NESTING = 2;
const SIZE_OF_FAILURE = 500;

/** Revocation data from the cache, from OCSP, which is small and new, from CRLs at hand, from CRLs elsewhere, in that order. */
export function revocationSource(options: RevocationSourceOptions): RevocationSource {
  return new CachedRevocationSource(options);
}

class CachedRevocationSource implements RevocationSource {
  readonly #options: RevocationSourceOptions;
  readonly #cache: EvidenceCache<Kept>;

  constructor(options: RevocationSourceOptions) {
    this.#options = options;
    this.#cache = options.cache ?? new EvidenceCache();
  }

  evidence(
    certificate: Certificate,
    issuer: Certificate,
    at: Date,
    issuedAfter?: Date,
  ): Promise<RevocationEvidence> {
    const { clock, skewMilliseconds = FIVE_MINUTES } = this.#options;
    return this.#find({ certificate, issuer, at, issuedAfter, until: clock.now(), skewMilliseconds }, 0);
  }

  async #find(question: Question, depth: number): Promise<RevocationEvidence> {
    const { certificate } = question;
    const { crls, pool } = await this.#options.trust();
    const refusals: Refusal[] = [];
    const attempt = async (source: string, ask: () => Promise<RevocationEvidence> | RevocationEvidence) => {
      try {
        return await ask();
      } catch (error) {
        refusals.push(refusalOf(source, asRefused(error)));
        return undefined;
      }
    };
    for (const url of certificate.authorityInfoAccess.ocsp.slice(0, MAX_URLS)) {
      const found = await attempt(url, () => this.#byOcsp(url, question, depth));
      if (found) return found;
    }
    const atHand = await attempt('trust/crls', () => judgeCrls(crls, question, pool));
    if (atHand) return atHand;
    for (const url of certificate.crlUrls.slice(0, MAX_URLS)) {
      const found = await attempt(url, async () =>
        judgeCrls([await this.#crl(url, question)], question, pool),
      );
      if (found) return found;
    }
    const told = refusals.map(({ source, why }) => `${source}: ${why}`).join('; ');
    throw new EvidenceError('evidence.no_revocation_data', `${certificate.subject}: ${told}`, {
      details: { certificate: certificate.subject.toString(), refusals },
    });
  }

  async #byOcsp(url: string, question: Question, depth: number): Promise<RevocationEvidence> {
    const { certificate, issuer } = question;
    const answer = await this.#kept(
      `ocsp ${url} ${certificate.fingerprint} ${issuer.fingerprint}`,
      (kept) => !(kept instanceof Crl) && isJudged(kept, question),
      async (fetch) => {
        const { response, nonce } = await fetchOcsp(fetch, url, certificate, issuer);
        judgeOcsp(response, question, nonce);
        return response;
      },
    );
    if (answer instanceof Crl) throw new RangeError('a CRL where an OCSP response is kept');
    const { evidence, proof } = judgeOcsp(answer, question);
    await this.#checkResponder(proof, question, depth);
    return evidence;
  }

  /** @throws Refused unless the responder was not revoked itself. */
  async #checkResponder(proof: OcspProof, question: Question, depth: number): Promise<void> {
    if (!wantsCheck(proof)) return;
    const { responder } = proof;
    const { issuedAfter: _, ...rest } = question;
    const known =
      depth < MAX_NESTING
        ? await this.#find({ ...rest, certificate: responder }, depth + 1).catch((error: unknown) =>
            asRefused(error),
          )
        : undefined;
    if (!known || known instanceof Refused || known.status.status !== 'good') {
      throw new Refused('ocsp_responder_not_authorized', `${responder.subject}`);
    }
  }

  /** A list is kept by its address, because every certificate of the issuer names the same. */
  async #crl(url: string, question: Question): Promise<Crl> {
    const { issuedAfter } = question;
    const answer = await this.#kept(
      `crl ${url}`,
      (kept) =>
        kept instanceof Crl &&
        isFresh(kept, question, question.certificate.notAfter) &&
        !(issuedAfter && kept.thisUpdate < issuedAfter),
      (fetch) => fetchCrl(fetch, url, this.#options.crlBytes),
    );
    if (answer instanceof Crl) return answer;
    throw new RangeError('an OCSP response where a CRL is kept');
  }

  /** @throws Refused, also an earlier one of the same address. */
  async #kept(
    key: string,
    isGood: (kept: OcspResponse | Crl) => boolean,
    load: (fetch: Fetch) => Promise<OcspResponse | Crl>,
  ): Promise<OcspResponse | Crl> {
    const { fetch, clock } = this.#options;
    if (!fetch) throw new Refused('network_off', 'nothing named in a certificate is fetched (ANSO_NETWORK)');
    const { answer } = await this.#cache.get(
      key,
      (kept) =>
        clock.now().getTime() - kept.fetched.getTime() < REST ||
        (!(kept.answer instanceof Refused) && isGood(kept.answer)),
      async () => {
        try {
          const loaded = await load(fetch);
          return { value: { answer: loaded, fetched: clock.now() }, size: loaded.der.length };
        } catch (error) {
          return { value: { answer: asRefused(error), fetched: clock.now() }, size: SIZE_OF_FAILURE };
        }
      },
    );
    if (answer instanceof Refused) throw answer;
    return answer;
  }
}

function isJudged(response: OcspResponse, question: Question): boolean {
  try {
    judgeOcsp(response, question);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}
