import { StorageError } from '../errors.ts';
import type { RegisterRow, Registers } from '../ports.ts';
import { checkLimit } from '../query.ts';
import { Serial } from '../serial.ts';
import { escapeNames, unescapeNames } from './escape.ts';
import type { Models, RegisterDocument } from './models.ts';
import { isDuplicate, translated } from './translate-error.ts';

/** Lost races for the next number before we say that the register is busy. */
const MAX_TRIES = 1_000;

export class MongoRegisters implements Registers {
  readonly #model: Models['registers'];
  readonly #serial = new Serial();

  constructor(model: Models['registers']) {
    this.#model = model;
  }

  /** Inserting the row is the allocation: series and number are unique, and so are series and document. */
  allocate(row: Omit<RegisterRow, 'number' | 'voided'>): Promise<RegisterRow> {
    const { series, documentId, time } = row;
    const columns = escapeNames(JSON.parse(JSON.stringify(row.columns)));
    return this.#serial.run(series, () =>
      translated(async () => {
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          const has = await this.#model.findOne({ series, documentId }).lean<RegisterDocument>();
          if (has !== null) return toRow(has);
          const last = await this.#model.findOne({ series }).sort({ number: -1 }).lean<RegisterDocument>();
          const next = { series, number: (last?.number ?? 0) + 1, documentId, time, columns };
          try {
            await this.#model.insertMany([next], { lean: true });
            return toRow(next);
          } catch (error) {
            if (!isDuplicate(error)) throw error;
          }
        }
        throw new StorageError('storage.busy', `too many writers race for the next number of ${series}`);
      }),
    );
  }

  describe(series: string, number: number, columns: RegisterRow['columns']): Promise<RegisterRow> {
    return this.#change('columns', series, number, columns);
  }

  void(series: string, number: number, voided: NonNullable<RegisterRow['voided']>): Promise<RegisterRow> {
    return this.#change('voided', series, number, voided);
  }

  async rows(
    series: string,
    options: { after?: number; limit?: number } = {},
  ): Promise<readonly RegisterRow[]> {
    const limit = checkLimit(options.limit);
    const rows = await translated(() =>
      this.#model
        .find({ series, number: { $gt: options.after ?? 0 } })
        .sort({ number: 1 })
        .limit(limit)
        .lean<RegisterDocument[]>(),
    );
    return rows.map(toRow);
  }

  async #change(
    field: 'columns' | 'voided',
    series: string,
    number: number,
    value: object,
  ): Promise<RegisterRow> {
    const kept = escapeNames(JSON.parse(JSON.stringify(value)));
    const row = await translated(() =>
      this.#model
        .findOneAndUpdate({ series, number }, { $set: { [field]: kept } }, { returnDocument: 'after' })
        .lean<RegisterDocument>(),
    );
    if (row === null) throw new StorageError('storage.not_found', `no number ${number} in ${series}`);
    return toRow(row);
  }
}

function toRow({ series, number, documentId, time, columns, voided }: RegisterDocument): RegisterRow {
  return {
    series,
    number,
    documentId,
    time,
    columns: unescapeNames(columns) as RegisterRow['columns'],
    ...(voided !== undefined && { voided: unescapeNames(voided) as NonNullable<RegisterRow['voided']> }),
  };
}
