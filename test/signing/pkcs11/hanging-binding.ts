import { FakeToken } from './fake-token.ts';

/** Stands in for pkcs11js in the thread: a token that answers everything but a signature. */
class HangingToken extends FakeToken {
  // A key that is quickly made.
  constructor() {
    super('p-256');
  }
  load(): void {}
  override C_Sign(): Buffer {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return Buffer.alloc(0);
  }
}

/** As the CommonJS module pkcs11js looks from an ES module. */
// biome-ignore lint/style/noDefaultExport: it stands in for one.
export default { PKCS11: HangingToken };
