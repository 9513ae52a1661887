/** Numbers of PKCS#11 3.0 that are used here (pkcs11t.h); pkcs11js knows only those of 2.40. */
export const Ck = {
  serialSession: 0x4,
  osLocking: 0x2,
  user: 1,
  contextSpecific: 2,

  classCertificate: 1,
  classPublicKey: 2,
  classPrivateKey: 3,
  certificateX509: 0,
  keyRsa: 0,
  keyEc: 3,
  keyEdwards: 0x40,

  class: 0x0,
  value: 0x11,
  certificateType: 0x80,
  keyType: 0x100,
  id: 0x102,
  modulus: 0x120,
  ecPoint: 0x181,
  alwaysAuthenticate: 0x202,
} as const;

/** Flags of a token. */
export const TokenFlag = {
  loginRequired: 0x4,
  userPinInitialised: 0x8,
  protectedPath: 0x100,
  tokenInitialised: 0x400,
  pinCountLow: 0x10000,
  pinFinalTry: 0x20000,
  pinLocked: 0x40000,
  pinToBeChanged: 0x80000,
} as const;

/** Mechanisms that make signatures. */
export const Mechanism = { rsaPkcs: 0x1, rsaPss: 0xd, ecdsa: 0x1041, eddsa: 0x1057 } as const;
