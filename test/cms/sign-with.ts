import { constants, sign } from 'node:crypto';
import type { SigningHash, SigningScheme } from '../../server/cms/build-signed-data.ts';
import { cryptoHash } from '../../server/pki/algorithm.ts';
import type { Identity } from '../signing/identities.ts';

/** The plain key of an identity as the `sign` of {@link buildSignedData}. */
export const signWith =
  (identity: Identity, scheme: SigningScheme, hash: SigningHash) =>
  (toBeSigned: Uint8Array): Uint8Array =>
    sign(scheme === 'eddsa' ? null : cryptoHash(hash), toBeSigned, {
      key: identity.privateKey,
      ...(scheme === 'rsa-pss' && {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }),
    });
