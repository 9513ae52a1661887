import { expect } from 'chai';
import { checkPassword, isPasswordTooOld, passwordRulesAt } from '../../server/accounts/password-rules.ts';
import { type Fixture, ORIGIN, openApp, PASSWORD } from '../http/app-fixture.ts';

const NOW = new Date('2026-11-20T00:00:00Z');
const DAY = 86_400_000;

describe('the rules for passwords', () => {
  for (const [password, lacks] of [
    ['Mk-1', 'length'],
    ['MẬT-KHẨU-1', 'lower'],
    ['mật-khẩu-1', 'upper'],
    ['Mật-khẩu-x', 'digit'],
    ['MậtKhẩu11', 'special'],
    ['Aa1-person-9', 'without-login'],
    ['', 'length'],
  ] as const) {
    it(`refuse ${JSON.stringify(password)} for want of ${lacks}`, () => {
      expect(() => checkPassword(password, 'person', NOW))
        .to.throw()
        .with.nested.property('details.missing')
        .that.includes(lacks);
    });
  }

  it('accept eight characters of four kinds, letters with diacritics included', () => {
    checkPassword('Mậtkhẩu-1', 'person', NOW);
  });

  it('are data with the day they came into force', () => {
    expect(passwordRulesAt(new Date('2026-06-30T23:59:59Z')).history).to.equal(5);
    expect(passwordRulesAt(new Date('2026-07-01T00:00:00Z')).history).to.equal(10);
    expect(passwordRulesAt(new Date('1999-01-01T00:00:00Z')).basis).to.be.a('string');
  });

  it('make administrators change theirs every sixty days, and nobody else', () => {
    const set = new Date(NOW.getTime() - 60 * DAY - 1);
    expect(isPasswordTooOld(set, ['administrator'], NOW)).to.equal(true);
    expect(isPasswordTooOld(set, ['leader', 'official'], NOW)).to.equal(false);
    expect(isPasswordTooOld(set, [], NOW)).to.equal(false);
  });
});

describe('changing a password', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openApp();
    await fixture.account('person', []);
  });
  after(() => fixture.close());

  const change = (password: string, newPassword: string, login = 'person') =>
    fixture.http.post('/api/v1/change-password').set('Origin', ORIGIN).send({ login, password, newPassword });
  const codeOf = (answer: { text: string }): string => JSON.parse(answer.text).code;

  it('needs the present one', async () => {
    expect(codeOf(await change('wrong', 'Mật-khẩu-2'))).to.equal('accounts.wrong_credentials');
  });

  it('says which rule the new one breaks, and does not repeat it', async () => {
    const answer = await change(PASSWORD, 'abcdefgh');
    expect(codeOf(answer)).to.equal('accounts.weak_password');
    expect(answer.text).not.to.contain('abcdefgh');
  });

  it('refuses the present one, and any of the last ten, in whatever form of Unicode', async () => {
    expect(codeOf(await change(PASSWORD, PASSWORD))).to.equal('accounts.password_used_before');
    const session = await fixture.session('person');
    for (let count = 2; count <= 3; count += 1) {
      await change(`Mật-khẩu-${count - 1}`, `Mật-khẩu-${count}`).expect(200);
    }
    expect(codeOf(await change('Mật-khẩu-3', 'Mật-khẩu-1'.normalize('NFD')))).to.equal(
      'accounts.password_used_before',
    );
    await fixture.http.get('/api/v1/me').set(session).expect(401);
    await change('Mật-khẩu-3'.normalize('NFD'), 'Mật-khẩu-4').expect(200);
  });

  it('lets an administrator in again whose password became too old', async () => {
    await fixture.account('admin', ['administrator']);
    fixture.clock.advance(40 * DAY);
    await fixture.session('admin');
    fixture.clock.advance(21 * DAY);
    const attempt = (password: string) =>
      fixture.http.post('/api/v1/sign-in').set('Origin', ORIGIN).send({ login: 'admin', password });
    expect(codeOf(await attempt(PASSWORD))).to.equal('accounts.password_change_required');
    await change(PASSWORD, 'Mật-khẩu-9', 'admin').expect(200);
    await attempt('Mật-khẩu-9').expect(200);
  });
});
