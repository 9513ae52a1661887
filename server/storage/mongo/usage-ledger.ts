import type { mongo } from 'mongoose';
import { checkUsage } from '../check-event.ts';
import type { Cursors } from '../cursor.ts';
import type { IndexKey, Page, UsageEvent, UsageLedger, UsageTotals } from '../ports.ts';
import { checkLimit } from '../query.ts';
import { vietnamDay } from '../vietnam-day.ts';
import type { Models, TotalRow, UsageRow } from './models.ts';
import { isDuplicate, translated } from './translate-error.ts';

/** Events a round of insert and count. */
const BATCH = 2_000;
/** Rows of totals a command: a server may hold a connection for each until the command ends. */
const TOTALS_BATCH = 50;
const TOTALS_PAGE = 1_000;
const OPTIONAL = ['code', 'agencyId', 'documentId', 'process', 'step'] as const;

export class MongoUsageLedger implements UsageLedger {
  readonly #models: Models;
  readonly #cursors: Cursors;

  constructor(models: Models, cursors: Cursors) {
    this.#models = models;
    this.#cursors = cursors;
  }

  /**
   * First the events, then the totals of the days they touch, counted anew. Counts only grow, so `$max` makes every
   * order of two writers and every repeat after a crash end at the same number.
   */
  async record(events: readonly UsageEvent[]): Promise<void> {
    for (const event of events) checkUsage(event);
    for (let at = 0; at < events.length; at += BATCH) {
      const rows = events.slice(at, at + BATCH).map(toRow);
      await translated(async () => {
        await this.#insertNew(rows);
        await this.#countAnew(rows);
      });
    }
  }

  async #insertNew(rows: readonly UsageRow[]): Promise<void> {
    try {
      await this.#models.usage.insertMany(rows, { ordered: false, lean: true });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  }

  async #countAnew(rows: readonly UsageRow[]): Promise<void> {
    const counts = await this.#models.usage.aggregate<Count>([
      {
        $match: {
          certificate: { $in: [...new Set(rows.map((row) => row.certificate))] },
          day: { $in: [...new Set(rows.map((row) => row.day))] },
        },
      },
      {
        $group: {
          _id: { certificate: '$certificate', day: '$day', outcome: '$outcome' },
          count: { $sum: 1 },
        },
      },
    ]);
    const updates = counts.map(({ _id: { certificate, day, outcome }, count }) => ({
      updateOne: {
        filter: { _id: `${certificate} ${day}` },
        update: { $max: { [outcome]: count }, $setOnInsert: { certificate, day } },
        upsert: true,
      },
    }));
    for (let at = 0; at < updates.length; at += TOTALS_BATCH) {
      await this.#writeTotals(updates.slice(at, at + TOTALS_BATCH));
    }
  }

  async #writeTotals(updates: Parameters<Models['totals']['bulkWrite']>[0]): Promise<void> {
    try {
      await this.#models.totals.bulkWrite(updates, { ordered: false });
    } catch (error) {
      // Two writers made the same row at once: it is there now, and the next try finds it.
      if (!isDuplicate(error)) throw error;
      await this.#models.totals.bulkWrite(updates, { ordered: false });
    }
  }

  async events(
    certificate: string,
    options: { limit?: number; cursor?: string } = {},
  ): Promise<Page<UsageEvent>> {
    const limit = checkLimit(options.limit);
    const scope = `usage events of ${certificate}`;
    const older = options.cursor === undefined ? {} : olderThan(this.#cursors.open(scope, options.cursor));
    const rows = await translated(() =>
      this.#models.usage
        .find({ $and: [{ certificate: String(certificate) }, older] })
        .sort({ time: -1, _id: -1 })
        .limit(limit + 1)
        .lean<UsageRow[]>(),
    );
    const items = rows.slice(0, limit).map(toEvent);
    const last = items.at(-1);
    return {
      items,
      ...(rows.length > limit && last && { next: this.#cursors.seal(scope, [last.time, last.id]) }),
    };
  }

  async *totals(range: { from: string; to: string; certificate?: string }): AsyncGenerator<UsageTotals> {
    const { from, to, certificate } = range;
    const day = { $gte: from, $lt: to };
    const wanted = certificate === undefined ? { day } : { day, certificate };
    for (let after = certificate ?? ''; ; ) {
      const rows = await translated(() =>
        this.#models.totals
          .find({ ...wanted, _id: { $gt: after } })
          .sort({ _id: 1 })
          .limit(TOTALS_PAGE)
          .lean<TotalRow[]>(),
      );
      for (const row of rows) {
        yield toTotals(row);
        after = row._id;
      }
      if (rows.length < TOTALS_PAGE) return;
    }
  }

  async lastUse(certificate: string): Promise<string | undefined> {
    const row = await translated(() =>
      this.#models.usage
        .findOne({ certificate: String(certificate), outcome: { $in: ['signed', 'observed'] } })
        .sort({ time: -1 })
        .lean<UsageRow>(),
    );
    return row?.time;
  }
}

interface Count {
  readonly _id: {
    readonly certificate: string;
    readonly day: string;
    readonly outcome: UsageEvent['outcome'];
  };
  readonly count: number;
}

function olderThan([time, id]: readonly IndexKey[]) {
  return { $or: [{ time: { $lt: String(time) } }, { time: String(time), _id: { $lt: String(id) } }] };
}

function onlyDuplicates(error: unknown): boolean {
  const errors = (error as mongo.MongoBulkWriteError).writeErrors;
  return isDuplicate(error) && [errors].flat().every((each) => each.code === 11000);
}

function toRow(event: UsageEvent): UsageRow {
  const { id, certificate, time, outcome, channel } = event;
  const rest = OPTIONAL.flatMap((name) => (event[name] === undefined ? [] : [[name, event[name]] as const]));
  const day = vietnamDay(time);
  return { _id: id, certificate, day, time, outcome, channel, ...Object.fromEntries(rest) };
}

function toEvent({ _id, day: _, ...row }: UsageRow): UsageEvent {
  return { id: _id, ...row };
}

function toTotals({
  certificate,
  day,
  signed = 0,
  refused = 0,
  failed = 0,
  observed = 0,
}: TotalRow): UsageTotals {
  return { certificate, day, signed, refused, failed, observed };
}
