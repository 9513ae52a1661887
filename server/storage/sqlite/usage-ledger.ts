import { setImmediate as turn } from 'node:timers/promises';
import { checkUsage } from '../check-event.ts';
import type { Cursors } from '../cursor.ts';
import type { Page, UsageEvent, UsageLedger, UsageTotals } from '../ports.ts';
import { checkLimit } from '../query.ts';
import { vietnamDay } from '../vietnam-day.ts';
import type { Database, Row } from './database.ts';

/** Events a transaction: some milliseconds, after which the rest of the process has its turn. */
const BATCH = 5_000;
const TOTALS_PAGE = 1_000;

export class SqliteUsageLedger implements UsageLedger {
  readonly #database: Database;
  readonly #cursors: Cursors;

  constructor(database: Database, cursors: Cursors) {
    this.#database = database;
    this.#cursors = cursors;
  }

  async record(events: readonly UsageEvent[]): Promise<void> {
    for (const event of events) checkUsage(event);
    for (let at = 0; at < events.length; at += BATCH) {
      if (at > 0) await turn();
      const batch = events.slice(at, at + BATCH);
      await this.#database.write(() => this.#recordBatch(batch));
    }
  }

  #recordBatch(events: readonly UsageEvent[]): void {
    const totals = new Map<string, Omit<UsageTotals, 'signed'> & Record<UsageEvent['outcome'], number>>();
    for (const event of events) {
      const { id, certificate, time, outcome } = event;
      const used = outcome === 'signed' || outcome === 'observed' ? 1 : 0;
      const isNew = this.#database.run(
        'INSERT INTO _usage_event VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        id,
        certificate,
        time,
        JSON.stringify(event),
        used,
      );
      if (isNew === 0) continue;
      const day = vietnamDay(time);
      const key = `${certificate} ${day}`;
      const total = totals.get(key) ?? { certificate, day, signed: 0, refused: 0, failed: 0, observed: 0 };
      totals.set(key, { ...total, [outcome]: total[outcome] + 1 });
    }
    for (const { certificate, day, signed, refused, failed, observed } of totals.values()) {
      this.#database.run(
        `INSERT INTO _usage_total VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         signed = signed + excluded.signed, refused = refused + excluded.refused,
         failed = failed + excluded.failed, observed = observed + excluded.observed`,
        certificate,
        day,
        signed,
        refused,
        failed,
        observed,
      );
    }
  }

  async events(
    certificate: string,
    options: { limit?: number; cursor?: string } = {},
  ): Promise<Page<UsageEvent>> {
    const limit = checkLimit(options.limit);
    const scope = `usage events of ${certificate}`;
    const after = options.cursor === undefined ? [] : this.#cursors.open(scope, options.cursor).map(String);
    const rows = this.#database.all(
      `SELECT id, time, body FROM _usage_event WHERE certificate = ? ${after.length > 0 ? 'AND (time, id) < (?, ?)' : ''}
       ORDER BY time DESC, id DESC LIMIT ?`,
      certificate,
      ...after,
      limit + 1,
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => JSON.parse(String(row.body))),
      ...(rows.length > limit &&
        last && { next: this.#cursors.seal(scope, [String(last.time), String(last.id)]) }),
    };
  }

  async *totals(range: { from: string; to: string; certificate?: string }): AsyncGenerator<UsageTotals> {
    const { from, to, certificate } = range;
    let last = { certificate: certificate ?? '', day: '' };
    for (;;) {
      const rows = this.#database.all(
        `SELECT * FROM _usage_total WHERE (certificate, day) > (?, ?) AND day >= ? AND day < ?
         ${certificate === undefined ? '' : 'AND certificate = ?'} ORDER BY certificate, day LIMIT ${TOTALS_PAGE}`,
        last.certificate,
        last.day,
        from,
        to,
        ...(certificate === undefined ? [] : [certificate]),
      );
      for (const row of rows) {
        last = toTotals(row);
        yield toTotals(row);
      }
      if (rows.length < TOTALS_PAGE) return;
    }
  }

  async lastUse(certificate: string): Promise<string | undefined> {
    const row = this.#database.get(
      'SELECT time FROM _usage_event WHERE certificate = ? AND used = 1 ORDER BY time DESC LIMIT 1',
      certificate,
    );
    return row && String(row.time);
  }
}

function toTotals(row: Row): UsageTotals {
  return {
    certificate: String(row.certificate),
    day: String(row.day),
    signed: Number(row.signed),
    refused: Number(row.refused),
    failed: Number(row.failed),
    observed: Number(row.observed),
  };
}
