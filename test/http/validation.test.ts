import { expect } from 'chai';
import { Type } from 'typebox';
import { Roles } from '../../server/accounts/schema.ts';
import type { HttpError } from '../../server/http/errors.ts';
import { compileValidator, type Violation } from '../../server/http/validation.ts';

/** The violations for which `value` is refused; none when it is accepted. */
function violationsOf(validate: (value: unknown) => void, value: unknown): readonly Violation[] {
  try {
    validate(value);
    return [];
  } catch (error) {
    return (error as HttpError).details.violations as Violation[];
  }
}

describe('the check of a body against its schema', () => {
  const roles = compileValidator('body', Type.Object({ roles: Roles, name: Type.String() }));

  it('tells every violation of a small one', () => {
    expect(violationsOf(roles, { roles: ['king', 'queen'] }).length).to.be.greaterThan(2);
  });

  it('ends at the limit of a long list, instead of comparing its items each with each', () => {
    const list = Array.from({ length: 300_000 }, (_, at) => at);
    expect(violationsOf(roles, { name: 'x', roles: list })).to.deep.equal([
      { path: '/body/roles', message: 'must NOT have more than 6 items' },
    ]);
  });

  it('refuses a moment that RFC 3339 allows and no Date can be', () => {
    const moment = compileValidator('body', Type.Object({ at: Type.String({ format: 'date-time' }) }));
    expect(violationsOf(moment, { at: '2026-11-20T09:00:00+07:00' })).to.deep.equal([]);
    for (const at of ['2016-12-31T23:59:60Z', '2026-11-20', '2026-02-30T00:00:00Z']) {
      expect(violationsOf(moment, { at }), at).to.have.lengthOf(1);
    }
  });
});
