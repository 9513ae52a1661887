import { expect } from 'chai';
import { AppearanceError } from '../../../server/signing/appearance/errors.ts';
import { parseProfile, profileByName } from '../../../server/signing/appearance/load-profile.ts';
import { profileNames } from '../../../server/signing/appearance/profile-names.ts';

const problemsOf = (value: unknown): unknown => {
  try {
    parseProfile(typeof value === 'string' ? value : JSON.stringify(value));
  } catch (error) {
    if (error instanceof AppearanceError && error.code === 'signing.appearance_invalid')
      return error.details.problems;
    throw error;
  }
  return [];
};

describe('appearance profiles', () => {
  const personal = profileByName('nd30-personal');

  it('that ship name the rule of law they follow, and since when', () => {
    for (const name of profileNames.filter((one) => one.startsWith('nd30'))) {
      const [basis] = profileByName(name).basis ?? [];
      expect(basis?.source, name).to.match(/^Nghị định 30\/2020\/NĐ-CP, Phụ lục I/);
      expect(basis?.from, name).to.equal('2020-03-05');
    }
  });

  it('of a user are read as those that ship', () => {
    expect(parseProfile(`\uFEFF${JSON.stringify(personal)}`)).to.deep.equal(personal);
  });

  it('that are wrong are refused with the place of each mistake', () => {
    expect(problemsOf('{')).to.deep.equal(['not JSON']);
    expect(problemsOf([])).to.deep.equal(['/: must be object']);
    expect(problemsOf({ ...personal, colour: 'red' })).to.deep.equal([
      '/colour: must NOT have additional properties',
    ]);
    expect(problemsOf({ ...personal, size: { width: 0, height: 10 } })).to.deep.equal([
      '/size/width: must be >= 1',
    ]);
    expect(problemsOf({ ...personal, image: { dock: 'middle', fit: 'contain' } })).to.deep.equal([
      '/image/dock: must be equal to one of the allowed values: ["left","right","top","bottom","fill"]',
    ]);
    expect(problemsOf({ ...personal, basis: [{ source: 'NĐ', from: 'hôm qua' }] })).to.deep.equal([
      '/basis/0/from: must match format "date"',
    ]);
    expect(problemsOf({ ...personal, place: { cover: 0.3, corner: 'top-left' } })).to.deep.equal([
      '/place: one of anchor, cover and corner',
    ]);
    expect(problemsOf('x'.repeat(70_000))).to.deep.equal(['over 65536 bytes']);
  });

  it('of no such name are refused with the names there are', () => {
    expect(() => profileByName('constructor'))
      .to.throw(AppearanceError)
      .with.nested.property('details.known')
      .that.includes('free');
  });
});
