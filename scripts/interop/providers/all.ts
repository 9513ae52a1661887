import type { ProviderRow } from '../provider.ts';
import { deferred } from './deferred.ts';
import { pkcs11 } from './pkcs11.ts';
import { legacyPkcs12, pkcs12 } from './pkcs12.ts';
import { signpdf } from './signpdf.ts';

/** The first one signs the documents whose keys do not matter. */
export const providers: readonly [ProviderRow, ...ProviderRow[]] = [
  pkcs12,
  legacyPkcs12,
  pkcs11,
  deferred,
  signpdf,
];
