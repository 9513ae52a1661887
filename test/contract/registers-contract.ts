import { expect } from 'chai';
import type { Store } from '../../server/storage/ports.ts';
import { type Engine, freshName, type Place } from './engine.ts';
import { expectCode } from './expect-code.ts';

const time = '2026-03-02T03:04:05.006Z';

export function describeRegisters(engine: Engine): void {
  describe('the registers', () => {
    let place: Place;
    let store: Store;
    let series: string;

    before(async () => {
      place = await engine.makePlace();
      store = await place.open();
    });
    after(() => place.remove());
    beforeEach(() => {
      series = `H12.15/outgoing/QĐ/${freshName()}`;
    });

    const allocate = (documentId: string, from = store) =>
      from.registers.allocate({ series, documentId, time, columns: { 'trích yếu': documentId, 'a.b': '$' } });

    it('begin each series with 1 and go on by one', async () => {
      const numbers = [];
      for (const documentId of ['a', 'b', 'c']) numbers.push((await allocate(documentId)).number);
      expect(numbers).to.deep.equal([1, 2, 3]);
      expect(
        (await store.registers.allocate({ series: `${series}/other`, documentId: 'a', time, columns: {} }))
          .number,
      ).to.equal(1);
    });

    it('give a document that asks again the row it has', async () => {
      const first = await allocate('a');
      await allocate('b');
      const again = await store.registers.allocate({
        series,
        documentId: 'a',
        time: `${time}later`,
        columns: {},
      });
      expect(again).to.deep.equal(first);
    });

    it('leave no gap and repeat nothing under 50 allocations at once, through two stores', async () => {
      const other = await place.open();
      const rows = await Promise.all(
        Array.from({ length: 50 }, (_, at) => allocate(`document ${at}`, at % 2 ? store : other)),
      );
      expect(rows.map((row) => row.number).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 50 }, (_, at) => at + 1),
      );
    }).timeout(60_000);

    it('give one document one number when it asks many times at once', async () => {
      const other = await place.open();
      const rows = await Promise.all(
        Array.from({ length: 12 }, (_, at) => allocate('a', at % 2 ? store : other)),
      );
      expect(new Set(rows.map((row) => row.number))).to.deep.equal(new Set([1]));
      expect((await allocate('b')).number).to.equal(2);
    });

    it('describe a row without changing its number', async () => {
      const row = await allocate('a');
      const described = await store.registers.describe(series, 1, { 'nơi nhận': 'Sở Nội vụ' });
      expect(described).to.deep.equal({ ...row, columns: { 'nơi nhận': 'Sở Nội vụ' } });
      await expectCode(store.registers.describe(series, 2, {}), 'storage.not_found');
    });

    it('keep a voided row and never give its number again', async () => {
      const row = await allocate('a');
      const voided = { time, reason: 'Ghi nhầm', actor: 'account-1' };
      expect(await store.registers.void(series, 1, voided)).to.deep.equal({ ...row, voided });
      expect((await allocate('b')).number).to.equal(2);
      expect(await store.registers.rows(series)).to.have.length(2);
      await expectCode(store.registers.void(series, 3, voided), 'storage.not_found');
    });

    it('list rows in order, from any point', async () => {
      for (const documentId of ['a', 'b', 'c', 'd']) await allocate(documentId);
      const rows = await store.registers.rows(series, { after: 1, limit: 2 });
      expect(rows.map((row) => row.number)).to.deep.equal([2, 3]);
      await expectCode(store.registers.rows(series, { limit: -1 }), 'storage.bad_query');
    });
  });
}
