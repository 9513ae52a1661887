import { setImmediate as turn } from 'node:timers/promises';
import { checkUsage } from '../check-event.ts';
import type { Cursors } from '../cursor.ts';
import type { Page, UsageEvent, UsageLedger, UsageTotals } from '../ports.ts';
import { checkLimit } from '../query.ts';
import type { Database, Row } from './database.ts';

/** Events a transaction: some tens of milliseconds, after which the rest of the process has its turn. */
const BATCH = 10_000;
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
      await this.#database.write(() => {
        const row = this.#database.get('SELECT max(sequence) AS last FROM _usage_event');
        this.#insertNew(batch);
        this.#addToTotals(Number(row?.last ?? 0));
      });
    }
  }

  #insertNew(events: readonly UsageEvent[]): void {
    const numbers = new Map<string, number>();
    for (const event of events) {
      const certificate = numbers.get(event.certificate) ?? this.#certificateNumber(event.certificate);
      numbers.set(event.certificate, certificate);
      this.#database.run(
        'INSERT INTO _usage_event VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        event.id,
        certificate,
        event.time,
        event.outcome,
        event.channel,
        event.code ?? null,
        event.agencyId ?? null,
        event.documentId ?? null,
        event.process ?? null,
        event.step ?? null,
      );
    }
  }

  /** Rows name their certificate by a small number: half the bytes of the ledger and its index. */
  #certificateNumber(fingerprint: string): number {
    this.#database.run(
      'INSERT INTO _usage_certificate (fingerprint) VALUES (?) ON CONFLICT DO NOTHING',
      fingerprint,
    );
    const row = this.#database.get(
      'SELECT number FROM _usage_certificate WHERE fingerprint = ?',
      fingerprint,
    );
    return Number(row?.number);
  }

  /** Counts what was inserted after `sequence`, by the day in Vietnam. */
  #addToTotals(sequence: number): void {
    this.#database.run(
      `INSERT INTO _usage_total
       SELECT certificate, date(time, '+7 hours'), sum(outcome = 'signed'), sum(outcome = 'refused'),
         sum(outcome = 'failed'), sum(outcome = 'observed')
       FROM _usage_event WHERE sequence > ? GROUP BY 1, 2
       ON CONFLICT DO UPDATE SET
         signed = signed + excluded.signed, refused = refused + excluded.refused,
         failed = failed + excluded.failed, observed = observed + excluded.observed`,
      sequence,
    );
  }

  async events(
    certificate: string,
    options: { limit?: number; cursor?: string } = {},
  ): Promise<Page<UsageEvent>> {
    const limit = checkLimit(options.limit);
    const scope = `usage events of ${certificate}`;
    const after = options.cursor === undefined ? [] : this.#cursors.open(scope, options.cursor).map(String);
    const rows = this.#database.all(
      `SELECT e.*, c.fingerprint FROM _usage_certificate c JOIN _usage_event e ON e.certificate = c.number
       WHERE c.fingerprint = ? ${after.length > 0 ? 'AND (e.time, e.id) < (?, ?)' : ''}
       ORDER BY e.time DESC, e.id DESC LIMIT ?`,
      certificate,
      ...after,
      limit + 1,
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
    let last = { certificate: certificate ?? '', day: '' };
    for (;;) {
      const rows = this.#database.all(
        `SELECT c.fingerprint, t.* FROM _usage_certificate c JOIN _usage_total t ON t.certificate = c.number
         WHERE (c.fingerprint, t.day) > (?, ?) AND t.day >= ? AND t.day < ?
         ${certificate === undefined ? '' : 'AND c.fingerprint = ?'}
         ORDER BY c.fingerprint, t.day LIMIT ${TOTALS_PAGE}`,
        last.certificate,
        last.day,
        from,
        to,
        ...(certificate === undefined ? [] : [certificate]),
      );
      for (const row of rows) {
        const totals = toTotals(row);
        yield totals;
        last = totals;
      }
      if (rows.length < TOTALS_PAGE) return;
    }
  }

  async lastUse(certificate: string): Promise<string | undefined> {
    const row = this.#database.get(
      `SELECT e.time FROM _usage_certificate c JOIN _usage_event e ON e.certificate = c.number
       WHERE c.fingerprint = ? AND e.outcome IN ('signed', 'observed') ORDER BY e.time DESC LIMIT 1`,
      certificate,
    );
    return row && String(row.time);
  }
}

function toEvent(row: Row): UsageEvent {
  const { sequence: _, certificate: _number, fingerprint, agency_id, document_id, ...rest } = row;
  const event = { ...rest, certificate: fingerprint, agencyId: agency_id, documentId: document_id };
  const present = Object.entries(event).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as unknown as UsageEvent;
}

function toTotals(row: Row): UsageTotals {
  return {
    certificate: String(row.fingerprint),
    day: String(row.day),
    signed: Number(row.signed),
    refused: Number(row.refused),
    failed: Number(row.failed),
    observed: Number(row.observed),
  };
}
