import type { Certificate } from '../pki/certificate.ts';
import type { Name } from '../pki/name.ts';
import { AttributeType } from '../pki/oids.ts';

/** The name a list prints for a subject: the common name, else the organization, else all of it. */
export const holderName = ({ subject }: Certificate): string =>
  subject.last(AttributeType.commonName) ?? subject.last(AttributeType.organization) ?? subject.toString();

/** The name lists print for an issuer: its common name, or all of it when it has none. */
export const issuerName = (issuer: Name): string =>
  issuer.last(AttributeType.commonName) ?? issuer.toString();
