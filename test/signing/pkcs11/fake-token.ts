import { constants, sign } from 'node:crypto';
import { parseCertificate } from '../../../server/pki/certificate.ts';
import { Ck, Mechanism, TokenFlag } from '../../../server/signing/pkcs11/constants.ts';
import type { Cryptoki, Handle } from '../../../server/signing/pkcs11/cryptoki.ts';
import { type Identity, makeIdentity } from '../identities.ts';

export const PIN = '24681357';

/** A token in memory at the boundary of pkcs11js, for what SoftHSM cannot be brought to do. One slot, one session, one key. */
export class FakeToken implements Cryptoki {
  readonly identity: Identity;
  readonly certificate;
  /** What the application has done, in order. */
  readonly calls: string[] = [];
  flags = TokenFlag.loginRequired | TokenFlag.userPinInitialised | TokenFlag.tokenInitialised;
  mechanisms: number[] = [Mechanism.rsaPkcs, Mechanism.rsaPss, Mechanism.ecdsa, 0x250, 0x43];
  triesLeft = 3;
  pin = PIN;
  plugged = true;
  alwaysAuthenticate = false;
  /** Return values of the next calls of a function, in place of doing it. */
  readonly faults = new Map<string, string[]>();
  #loggedIn = false;
  #contextual = false;
  #found: number[] = [];
  #operation: number | undefined;

  constructor(kind: 'rsa-2048' | 'p-256' = 'rsa-2048') {
    this.identity = makeIdentity(kind);
    this.certificate = parseCertificate(this.identity.der);
  }

  fail(call: string, ...codes: string[]): void {
    this.faults.set(call, codes);
  }

  C_Initialize(): void {
    this.#begin('C_Initialize');
  }

  C_Finalize(): void {
    this.#begin('C_Finalize');
    this.#end();
  }

  C_GetSlotList(): Handle[] {
    this.#begin('C_GetSlotList');
    return this.plugged ? [Buffer.of(1)] : [];
  }

  C_GetTokenInfo() {
    this.#begin('C_GetTokenInfo');
    const version = { major: 1, minor: 0 };
    const pinFlags = [TokenFlag.pinLocked, TokenFlag.pinFinalTry, TokenFlag.pinCountLow][this.triesLeft] ?? 0;
    return {
      label: 'giả'.padEnd(32),
      serialNumber: '42'.padEnd(16),
      manufacturerID: 'nobody\0\0',
      model: '',
      flags: this.flags | pinFlags,
      ...{
        maxSessionCount: 1,
        sessionCount: 0,
        maxRwSessionCount: 1,
        rwSessionCount: 0,
        maxPinLen: 8,
        minPinLen: 4,
      },
      ...{ hardwareVersion: version, firmwareVersion: version, utcTime: '' },
      ...{ totalPublicMemory: 0, freePublicMemory: 0, totalPrivateMemory: 0, freePrivateMemory: 0 },
    };
  }

  C_GetMechanismList(): number[] {
    this.#begin('C_GetMechanismList');
    return this.mechanisms;
  }

  C_OpenSession(): Handle {
    this.#begin('C_OpenSession');
    return Buffer.of(1);
  }

  C_CloseSession(): void {
    this.#begin('C_CloseSession');
    this.#end();
  }

  C_Login(_session: Handle, user: number, pin = ''): void {
    this.#begin('C_Login');
    if (user === Ck.contextSpecific && this.#operation === undefined)
      throw returned('CKR_OPERATION_NOT_INITIALIZED');
    if (user === Ck.user && this.#loggedIn) throw returned('CKR_USER_ALREADY_LOGGED_IN');
    if (this.triesLeft === 0) throw returned('CKR_PIN_LOCKED');
    const typed = (this.flags & TokenFlag.protectedPath) !== 0 && pin === '';
    if (!typed && pin !== this.pin) {
      this.triesLeft -= 1;
      throw returned('CKR_PIN_INCORRECT');
    }
    this.triesLeft = 3;
    if (user === Ck.user) this.#loggedIn = true;
    else this.#contextual = true;
  }

  C_Logout(): void {
    this.#begin('C_Logout');
    if (!this.#loggedIn) throw returned('CKR_USER_NOT_LOGGED_IN');
    this.#loggedIn = false;
  }

  C_FindObjectsInit(_session: Handle, template: Parameters<Cryptoki['C_FindObjectsInit']>[1]): void {
    this.#begin('C_FindObjectsInit');
    const wanted = template.find(({ type }) => type === Ck.class)?.value;
    const isVisible = wanted === Ck.classCertificate || (wanted === Ck.classPrivateKey && this.#loggedIn);
    this.#found = isVisible ? [wanted as number] : [];
  }

  C_FindObjects(): Handle & Handle[] {
    this.#begin('C_FindObjects');
    return this.#found.splice(0).map((object) => Buffer.of(object)) as Handle & Handle[];
  }

  C_FindObjectsFinal(): void {
    this.#begin('C_FindObjectsFinal');
  }

  C_GetAttributeValue(_session: Handle, object: Handle, [attribute]: { type: number }[]) {
    this.#begin('C_GetAttributeValue');
    const type = attribute?.type ?? -1;
    const values = new Map([
      [Ck.id as number, Buffer.of(7)],
      ...(object[0] === Ck.classCertificate ? [[Ck.value, Buffer.from(this.identity.der)] as const] : []),
      ...(this.alwaysAuthenticate ? [[Ck.alwaysAuthenticate, Buffer.of(1)] as const] : []),
    ]);
    const value = values.get(type);
    if (!value) throw returned('CKR_ATTRIBUTE_TYPE_INVALID');
    return [{ type, value }];
  }

  C_SignInit(_session: Handle, { mechanism }: { mechanism: number }): void {
    this.#begin('C_SignInit');
    if (!this.#loggedIn) throw returned('CKR_USER_NOT_LOGGED_IN');
    if (this.#operation !== undefined) throw returned('CKR_OPERATION_ACTIVE');
    this.#operation = mechanism;
    this.#contextual = false;
  }

  /** RSA with CKM_SHA256_RSA_PKCS_PSS only: the one mechanism node:crypto can stand in for. */
  C_Sign(_session: Handle, input: Buffer, output: Buffer): Buffer;
  C_Sign(_session: Handle, input: Buffer, output: Buffer, callback: unknown): void;
  C_Sign(_session: Handle, input: Buffer, output: Buffer): Buffer {
    this.#begin('C_Sign');
    if (this.alwaysAuthenticate && !this.#contextual) throw returned('CKR_USER_NOT_LOGGED_IN');
    if (this.#operation !== 0x43) throw returned('CKR_MECHANISM_INVALID');
    this.#operation = undefined;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const value = sign('sha256', input, { key: this.identity.privateKey, padding, saltLength: 32 });
    value.copy(output);
    return output.subarray(0, value.length);
  }

  #begin(call: string): void {
    this.calls.push(call);
    const fault = this.faults.get(call)?.shift();
    if (fault) throw returned(fault);
  }

  #end(): void {
    this.#loggedIn = false;
    this.#operation = undefined;
  }
}

/** As pkcs11js throws it. */
const returned = (code: string): Error => new Error(code);
