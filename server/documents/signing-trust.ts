import { parseCertificate } from '../pki/certificate.ts';
import { parseCrl } from '../pki/crl.ts';
import { PkiError } from '../pki/errors.ts';
import type { Logger, TrustMaterial } from '../platform/services.ts';
import type { DocumentPorts } from './services.ts';

/** Trust material as signing asks for it; parsed again only when the installation's folders have changed. */
export function signingTrustOf(trust: TrustMaterial, logger: Logger): DocumentPorts['signingTrust'] {
  let known: Awaited<ReturnType<TrustMaterial['current']>> | undefined;
  let parsed: Awaited<ReturnType<DocumentPorts['signingTrust']>> = {};
  return async () => {
    const { anchors, intermediates, crls } = await trust.current();
    const same = known?.anchors === anchors && known.intermediates === intermediates && known.crls === crls;
    if (!same) {
      const readable = <T>(list: readonly Uint8Array[], parse: (der: Uint8Array) => T): T[] =>
        list.flatMap((der) => tryParse(der, parse, logger));
      parsed = {
        issuers: readable([...anchors, ...intermediates], parseCertificate),
        crls: readable(crls, parseCrl),
      };
      known = { anchors, intermediates, crls };
    }
    return parsed;
  };
}

/** One unreadable file among many must not stop an agency from signing. */
function tryParse<T>(der: Uint8Array, parse: (der: Uint8Array) => T, logger: Logger): T[] {
  try {
    return [parse(der)];
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    logger.warn({ code: error.code }, 'a trust file cannot be read and is passed over');
    return [];
  }
}
