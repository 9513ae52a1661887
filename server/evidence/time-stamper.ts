import { randomBytes } from 'node:crypto';
import { digestLengths } from '../pki/algorithm.ts';
import type { Logger } from '../platform/services.ts';
import { type AskOptions, askTimeStamp, type TimeStampAuthority } from './ask-time-stamp.ts';
import { EvidenceError } from './errors.ts';
import type { Imprint, StampedTime, TimeStamper } from './ports.ts';
import { asRefused, type Refusal, refusalOf } from './refusal.ts';

export interface TimeStamperOptions extends AskOptions {
  /** Asked in this order. */
  readonly authorities: readonly TimeStampAuthority[];
  readonly logger: Logger;
  /** Times an authority is asked when it cannot be reached or has no time just now. Default 2. */
  readonly attempts?: number;
}

/** Serial numbers, fractions of seconds and ECDSA signatures make tokens of one authority differ by a few octets. */
const SPARE_OCTETS = 512;
/** An authority that did not answer is asked last for so long, so that a batch does not wait for it at each file. */
const REST = 60_000;

/** Time stamps over HTTP (RFC 3161 3.4). Nothing an authority says is taken without its proof. */
export function timeStamper(options: TimeStamperOptions): TimeStamper {
  return new HttpTimeStamper(options);
}

class HttpTimeStamper implements TimeStamper {
  readonly #options: TimeStamperOptions;
  readonly #restingUntil = new Map<TimeStampAuthority, number>();
  #largest = 0;
  #dryRun: Promise<void> | undefined;

  constructor(options: TimeStamperOptions) {
    this.#options = options;
  }

  async stamp(imprint: Imprint): Promise<StampedTime> {
    if (digestLengths[imprint.digestAlgorithm] !== imprint.digest.length) {
      throw new EvidenceError('evidence.bad_imprint', `${imprint.digest.length} octets`);
    }
    const { authorities, logger } = this.#options;
    if (authorities.length === 0)
      throw new EvidenceError('evidence.no_authority', 'no time-stamp authority is set up');
    const refusals: Refusal[] = [];
    for (const authority of this.#inOrder()) {
      const answer = await this.#ask(authority, imprint);
      if (!('refused' in answer)) {
        this.#restingUntil.delete(authority);
        this.#largest = Math.max(this.#largest, answer.token.length);
        return answer;
      }
      this.#restingUntil.set(authority, this.#now() + REST);
      refusals.push(answer.refused);
      logger.warn({ ...answer.refused }, 'a time-stamp authority was passed over');
    }
    throw noTimeStamp(refusals);
  }

  /** Every authority is asked, since any of them may have to answer later. */
  async tokenSize(): Promise<number> {
    this.#dryRun ??= this.#learnSize();
    try {
      await this.#dryRun;
    } catch (error) {
      this.#dryRun = undefined;
      throw error;
    }
    return this.#largest + SPARE_OCTETS;
  }

  async #learnSize(): Promise<void> {
    const { authorities } = this.#options;
    if (authorities.length === 0)
      throw new EvidenceError('evidence.no_authority', 'no time-stamp authority is set up');
    const imprint = { digestAlgorithm: 'SHA-512', digest: randomBytes(64) } as const;
    const answers = await Promise.all(
      authorities.map(async (authority) => {
        const answer = await this.#ask(authority, imprint);
        if ('refused' in answer) this.#restingUntil.set(authority, this.#now() + REST);
        return answer;
      }),
    );
    const sizes = answers.flatMap((answer) => ('refused' in answer ? [] : [answer.token.length]));
    if (sizes.length === 0) {
      throw noTimeStamp(answers.flatMap((answer) => ('refused' in answer ? [answer.refused] : [])));
    }
    this.#largest = Math.max(this.#largest, ...sizes);
  }

  #inOrder(): readonly TimeStampAuthority[] {
    const now = this.#now();
    const isResting = (authority: TimeStampAuthority) => (this.#restingUntil.get(authority) ?? 0) > now;
    return this.#options.authorities.toSorted((a, b) => Number(isResting(a)) - Number(isResting(b)));
  }

  async #ask(authority: TimeStampAuthority, imprint: Imprint): Promise<StampedTime | { refused: Refusal }> {
    const { attempts = 2 } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await askTimeStamp(authority, imprint, this.#options);
      } catch (error) {
        const refusal = asRefused(error);
        if (refusal.lasting || attempt >= attempts) {
          return { refused: refusalOf(authority.url, refusal) };
        }
      }
    }
  }

  #now(): number {
    return this.#options.clock.now().getTime();
  }
}

function noTimeStamp(refusals: readonly Refusal[]): EvidenceError {
  const told = refusals.map(({ source, why }) => `${source}: ${why}`).join('; ');
  return new EvidenceError('evidence.no_time_stamp', told, { details: { refusals } });
}
