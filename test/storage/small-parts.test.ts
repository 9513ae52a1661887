import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { Cursors } from '../../server/storage/cursor.ts';
import { storageErrors } from '../../server/storage/errors.ts';
import { escapeNames, unescapeNames } from '../../server/storage/mongo/escape.ts';
import { Serial } from '../../server/storage/serial.ts';
import { vietnamDay } from '../../server/storage/vietnam-day.ts';
import { expectCode } from '../contract/expect-code.ts';

describe('parts of the storage', () => {
  it('gives any value that JSON carries back after escaping, in names MongoDB takes everywhere', () => {
    const names = fc.oneof(fc.string(), fc.constantFrom('$ref', 'a.b', '%', '%24', '__proto__', '\0', 'ấ'));
    const values = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.double({ noNaN: true }), tie('array'), tie('object')),
      array: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        const escaped = escapeNames(value);
        expect(unescapeNames(escaped)).to.deep.equal(value);
        for (const name of namesIn(escaped)) expect(name).to.not.match(/^\$|[.\0]/);
      }),
    );
  });

  it('opens a cursor only with the key and for the list it was sealed for', async () => {
    const cursors = new Cursors(randomBytes(32));
    const sealed = cursors.seal('list', ['ấ', 1, true]);
    expect(cursors.open('list', sealed)).to.deep.equal(['ấ', 1, true]);
    await expectCode((async () => cursors.open('other', sealed))(), 'storage.bad_cursor');
    await expectCode((async () => new Cursors(randomBytes(32)).open('list', sealed))(), 'storage.bad_cursor');
  });

  it('knows the day in Vietnam of any instant', () => {
    const range = { min: new Date('1976-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' });
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(vietnamDay(date.toISOString())).to.equal(format.format(date));
      }),
    );
  });

  it('refuses what is no instant, also right after one of the same hour', async () => {
    vietnamDay('2026-03-02T03:04:05.006Z');
    for (const bad of ['', '2026-03-02T03:04:05Z', '2026-03-02T03:60:05.006Z', '2026-02-30T24:00:00.000Z']) {
      await expectCode((async () => vietnamDay(bad))(), 'storage.bad_value');
    }
  });

  it('runs tasks of one name one after another, also after one has failed', async () => {
    const serial = new Serial();
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await null;
      log.push(`${name} ends`);
      if (name === 'a') throw new Error('a');
    };
    await Promise.allSettled(['a', 'b', 'c'].map((name) => serial.run('x', task(name))));
    expect(log).to.deep.equal(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('has a sentence in both languages for every code', () => {
    for (const [code, text] of Object.entries(storageErrors)) {
      expect(code).to.match(/^storage\.[a-z_]+$/);
      expect(text.vi).to.match(/\.$/);
      expect(text.en).to.match(/\.$/);
    }
  });
});

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return [...names, ...Object.values(value).flatMap(namesIn)];
}
