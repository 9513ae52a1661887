import { expect } from 'chai';
import { CodedError } from '../../../server/errors/coded-error.ts';
import { Mechanism, TokenFlag } from '../../../server/signing/pkcs11/constants.ts';
import type { SignRequest } from '../../../server/signing/pkcs11/messages.ts';
import { TokenAccess } from '../../../server/signing/pkcs11/token-access.ts';
import { everythingIn } from '../providers.ts';
import { FakeToken, PIN } from './fake-token.ts';

describe('access to a token', () => {
  let token: FakeToken;
  let access: TokenAccess;
  beforeEach(() => {
    token = new FakeToken();
    token.mechanisms = [0x43];
    access = new TokenAccess(token);
  });

  const request = (parts: Partial<SignRequest> & { text?: string } = {}): SignRequest => ({
    token: { label: 'giả', serial: '42' },
    pin: Buffer.from(parts.text ?? PIN),
    allowFinalTry: false,
    certificate: token.identity.der,
    algorithm: { scheme: 'rsa-pss', digestAlgorithm: 'SHA-256' },
    toBeSigned: Buffer.from('x'),
    ...parts,
  });
  const count = (call: string): number => token.calls.filter((made) => made === call).length;
  const codeOf = (work: () => unknown): unknown => {
    try {
      work();
      return undefined;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      expect(everythingIn(error)).to.not.include(PIN);
      return error.code;
    }
  };

  it('logs in once for many signatures', () => {
    for (const _ of [1, 2, 3]) expect(access.sign(request())).to.have.length(256);
    expect(count('C_Login')).to.equal(1);
  });

  it('tries each other PIN at the token, though it is logged in', () => {
    access.sign(request());
    expect(codeOf(() => access.sign(request({ text: '00000000' })))).to.equal('signing.wrong_pin');
    expect(token.triesLeft).to.equal(2);
    expect(codeOf(() => access.sign(request()))).to.equal(undefined);
  });

  it('tells what wrong PINs have left, and never makes the last try unasked', () => {
    const wrong = (parts: Partial<SignRequest> = {}) =>
      codeOf(() => access.open(request({ text: 'sai', ...parts })));
    expect(wrong()).to.equal('signing.wrong_pin');
    expect(access.list()[0]).to.include({ pinCountLow: true, pinFinalTry: false });
    expect(wrong()).to.equal('signing.wrong_pin');
    expect(access.list()[0]).to.include({ pinFinalTry: true });
    expect(wrong()).to.equal('signing.pin_final_try');
    expect(codeOf(() => access.open(request()))).to.equal('signing.pin_final_try');
    expect(token.triesLeft).to.equal(1);
    expect(wrong({ allowFinalTry: true })).to.equal('signing.pin_locked');
    expect(codeOf(() => access.open(request({ allowFinalTry: true })))).to.equal('signing.pin_locked');
    expect(count('C_Login')).to.equal(3);
  });

  it('makes the last try when it is told to', () => {
    token.triesLeft = 1;
    expect(codeOf(() => access.open(request({ allowFinalTry: true })))).to.equal(undefined);
    expect(token.triesLeft).to.equal(3);
  });

  const states: readonly [string, number, string][] = [
    ['without a PIN', TokenFlag.loginRequired | TokenFlag.tokenInitialised, 'signing.token_not_initialised'],
    ['never initialised', TokenFlag.loginRequired, 'signing.token_not_initialised'],
    [
      'whose PIN has to be changed',
      0x8 | 0x400 | 0x4 | TokenFlag.pinToBeChanged,
      'signing.pin_to_be_changed',
    ],
  ];
  for (const [name, flags, code] of states) {
    it(`is refused for one ${name}, without trying the PIN`, () => {
      token.flags = flags;
      expect(codeOf(() => access.open(request()))).to.equal(code);
      expect(count('C_Login')).to.equal(0);
    });
  }

  it('leaves the PIN to the reader where it is typed there', () => {
    token.flags |= TokenFlag.protectedPath;
    expect(codeOf(() => access.sign(request({ text: '' })))).to.equal(undefined);
  });

  it('tries a PIN that is given also where the token asks for none', () => {
    token.flags &= ~TokenFlag.loginRequired;
    expect(codeOf(() => access.open(request({ text: 'sai' })))).to.equal('signing.wrong_pin');
  });

  it('gives the PIN again for each signature of a key that asks for it', () => {
    token.alwaysAuthenticate = true;
    for (const _ of [1, 2]) access.sign(request());
    expect(count('C_Login')).to.equal(3);
  });

  const lost = [
    'CKR_DEVICE_REMOVED',
    'CKR_TOKEN_NOT_PRESENT',
    'CKR_SESSION_HANDLE_INVALID',
    'CKR_DEVICE_ERROR',
  ];
  for (const code of [...lost, 'CKR_CRYPTOKI_NOT_INITIALIZED', 'CKR_USER_NOT_LOGGED_IN']) {
    it(`begins anew, once, after ${code}`, () => {
      access.sign(request());
      token.fail('C_Sign', code);
      expect(access.sign(request())).to.have.length(256);
      expect(count('C_Login')).to.equal(2);
    });
  }

  it('says that the token was removed when it does not come back', () => {
    access.sign(request());
    token.fail('C_SignInit', 'CKR_DEVICE_REMOVED', 'CKR_DEVICE_REMOVED');
    expect(codeOf(() => access.sign(request()))).to.equal('signing.token_removed');
    token.plugged = false;
    token.fail('C_SignInit', 'CKR_DEVICE_REMOVED');
    expect(codeOf(() => access.sign(request()))).to.equal('signing.token_removed');
    token.plugged = true;
    expect(codeOf(() => access.sign(request()))).to.equal(undefined);
  });

  it('names any other failure, and is not stuck in a signature that was begun', () => {
    token.fail('C_Sign', 'CKR_FUNCTION_FAILED');
    const failed = () => access.sign(request());
    expect(failed).to.throw(CodedError, 'CKR_FUNCTION_FAILED').with.property('code', 'signing.key_failed');
    expect(codeOf(failed)).to.equal(undefined);
  });

  it('says which mechanism is missing', () => {
    token.mechanisms = [Mechanism.rsaPkcs];
    expect(codeOf(() => access.sign(request()))).to.equal('signing.mechanism_unsupported');
  });

  it('passes over a token that cannot be read', () => {
    token.fail('C_OpenSession', 'CKR_TOKEN_NOT_RECOGNIZED');
    expect(access.list()).to.deep.equal([]);
    expect(access.list()[0]).to.include({ label: 'giả', serial: '42', manufacturer: 'nobody' });
  });
});
