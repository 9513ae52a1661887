import { StorageError } from '../errors.ts';
import type { RegisterRow, Registers } from '../ports.ts';
import { checkLimit } from '../query.ts';
import type { Database, Row } from './database.ts';

export class SqliteRegisters implements Registers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  allocate(row: Omit<RegisterRow, 'number' | 'voided'>): Promise<RegisterRow> {
    const { series, documentId, time } = row;
    return this.#database.write(() => {
      const has = this.#database.get(
        'SELECT * FROM _register_row WHERE series = ? AND document_id = ?',
        series,
        documentId,
      );
      if (has !== undefined) return toRow(has);
      const last = this.#database.get(
        'SELECT max(number) AS number FROM _register_row WHERE series = ?',
        series,
      );
      const number = Number(last?.number ?? 0) + 1;
      const columns = JSON.stringify(row.columns);
      this.#database.run(
        'INSERT INTO _register_row VALUES (?, ?, ?, ?, ?, NULL)',
        series,
        number,
        documentId,
        time,
        columns,
      );
      return { series, number, documentId, time, columns: JSON.parse(columns) };
    });
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
    return this.#database
      .all(
        'SELECT * FROM _register_row WHERE series = ? AND number > ? ORDER BY number LIMIT ?',
        series,
        options.after ?? 0,
        checkLimit(options.limit),
      )
      .map(toRow);
  }

  #change(column: 'columns' | 'voided', series: string, number: number, value: object): Promise<RegisterRow> {
    return this.#database.write(() => {
      const row = this.#database.get(
        `UPDATE _register_row SET ${column} = ? WHERE series = ? AND number = ? RETURNING *`,
        JSON.stringify(value),
        series,
        number,
      );
      if (row === undefined) throw new StorageError('storage.not_found', `no number ${number} in ${series}`);
      return toRow(row);
    });
  }
}

function toRow(row: Row): RegisterRow {
  return {
    series: String(row.series),
    number: Number(row.number),
    documentId: String(row.document_id),
    time: String(row.time),
    columns: JSON.parse(String(row.columns)),
    ...(row.voided !== null && { voided: JSON.parse(String(row.voided)) }),
  };
}
