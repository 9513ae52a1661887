import { expect } from 'chai';
import { EvidenceCache } from '../../server/evidence/evidence-cache.ts';

const always = (): boolean => true;

describe('the cache of evidence', () => {
  it('keeps what was asked for most recently within its bounds', async () => {
    const cache = new EvidenceCache<string>({ entries: 2, bytes: 1000 });
    const loaded: string[] = [];
    const get = (key: string, size = 1) =>
      cache.get(key, always, async () => {
        loaded.push(key);
        return { value: key, size };
      });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key);
    expect(loaded).to.deep.equal(['a', 'b', 'c', 'b']);
    await get('large', 900);
    await get('larger', 900);
    expect(cache.size).to.equal(1);
    await get('too large', 1001);
    expect(cache.size).to.equal(1);
  });

  it('does not keep failures, and tells each of those who waited', async () => {
    const cache = new EvidenceCache<string>();
    const failing = () => cache.get('a', always, () => Promise.reject(new Error('no')));
    const outcomes = await Promise.allSettled([failing(), failing()]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await cache.get('a', always, async () => ({ value: 'yes', size: 1 }))).to.equal('yes');
  });

  it('loads again for one who cannot use what the others waited for', async () => {
    const cache = new EvidenceCache<number>();
    let count = 0;
    const load = async () => ({ value: ++count, size: 1 });
    const [first, second] = await Promise.all([
      cache.get('a', always, load),
      cache.get('a', (value) => value > 1, load),
    ]);
    expect([first, second]).to.deep.equal([1, 2]);
  });
});
