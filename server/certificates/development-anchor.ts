import type { Certificate } from '../pki/certificate.ts';
import { AttributeType } from '../pki/oids.ts';
import { CertificatesError } from './errors.ts';

/** Policy in every certificate of `npm run certs:dev`; the arc is kept free for examples (RFC 5612). */
const DEVELOPMENT_POLICY = '1.3.6.1.4.1.32473.1.1';
const DEVELOPMENT_NAME = /DEVELOPMENT ONLY/;

/** Anybody can make these roots, so trusting one means trusting anybody. */
export const isDevelopmentAnchor = ({ policies = [], subject }: Certificate): boolean =>
  policies.some(({ id }) => id === DEVELOPMENT_POLICY) ||
  subject.get(AttributeType.organization).some((name) => DEVELOPMENT_NAME.test(name));

/**
 * For the start of a server that is not told to trust them.
 * @throws CertificatesError `certificates.development_anchor` naming the first such root.
 */
export function refuseDevelopmentAnchors(anchors: readonly Certificate[]): void {
  const found = anchors.find(isDevelopmentAnchor);
  if (found) {
    throw new CertificatesError(
      'certificates.development_anchor',
      `${found.subject} is for development only`,
      {
        details: { subject: found.subject.toString(), fingerprint: found.fingerprint },
      },
    );
  }
}
