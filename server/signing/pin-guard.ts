import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { Collection, DomainEvent } from '../storage/ports.ts';
import { SigningError } from './errors.ts';
import { changeKey, MAX_WRONG_PINS, readKey, type StoredKey } from './stored-key.ts';

/** A guess waits half a second after the first wrong PIN, twice as long after each further one. */
const FIRST_DELAY = 500;

/**
 * Counts wrong PINs in the key's own row. Guesses at one key are taken one after the other in this process, and the
 * count is written against the row's revision, so neither many requests at once nor many servers get guesses uncounted.
 */
export class PinGuard {
  readonly #keys: Collection<StoredKey>;
  readonly #clock: Clock;
  readonly #wait: (milliseconds: number) => Promise<unknown>;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(keys: Collection<StoredKey>, clock: Clock, wait: (milliseconds: number) => Promise<unknown>) {
    this.#keys = keys;
    this.#clock = clock;
    this.#wait = wait;
  }

  /**
   * Runs `attempt` on the row when it is this guess's turn. Undefined from it is a wrong PIN.
   * @throws SigningError `signing.key_not_found`, `signing.pin_locked`, `signing.wrong_pin` (details: `triesLeft`)
   */
  async check<T>(
    id: string,
    attempt: (row: StoredKey) => Promise<T | undefined>,
  ): Promise<{ row: StoredKey; opened: T }> {
    const before = this.#turns.get(id) ?? Promise.resolve();
    const turn = before.then(() => this.#guess(id, attempt));
    const settled = turn.catch(() => {});
    this.#turns.set(id, settled);
    void settled.then(() => {
      if (this.#turns.get(id) === settled) this.#turns.delete(id);
    });
    return turn;
  }

  async #guess<T>(
    id: string,
    attempt: (row: StoredKey) => Promise<T | undefined>,
  ): Promise<{ row: StoredKey; opened: T }> {
    const row = await readKey(this.#keys, id);
    checkUnlocked(row);
    const opened = await attempt(row);
    if (opened !== undefined) return { row: await this.#forgive(id), opened };
    const { wrongPins } = await this.#count(id);
    await this.#wait(FIRST_DELAY * 2 ** (wrongPins - 1));
    const triesLeft = Math.max(0, MAX_WRONG_PINS - wrongPins);
    throw new SigningError('signing.wrong_pin', 'wrong PIN', { details: { triesLeft } });
  }

  /** One more wrong PIN; the last allowed one locks the key. */
  #count(id: string): Promise<StoredKey> {
    const now = this.#clock.now();
    const time = now.toISOString();
    const eventId = newId(now);
    return changeKey(this.#keys, id, (row) => {
      const wrongPins = row.wrongPins + 1;
      const locks = wrongPins >= MAX_WRONG_PINS && row.lockedAt === undefined;
      const event: DomainEvent = {
        id: eventId,
        time,
        type: locks ? 'key.locked' : 'key.wrong_pin',
        actor: 'system',
        subject: { type: 'key', id },
        data: { fingerprint: row.fingerprint, wrongPins },
      };
      const outbox = [...(row.outbox ?? []), event];
      return { ...row, wrongPins, ...(locks && { lockedAt: time }), outbox };
    });
  }

  /** The right PIN forgets the wrong ones before it, unless another server has locked the key meanwhile. */
  #forgive(id: string): Promise<StoredKey> {
    return changeKey(this.#keys, id, (row) => {
      checkUnlocked(row);
      return row.wrongPins === 0 ? row : { ...row, wrongPins: 0 };
    });
  }
}

function checkUnlocked({ lockedAt }: StoredKey): void {
  if (lockedAt) throw new SigningError('signing.pin_locked', 'locked', { details: { lockedAt } });
}
