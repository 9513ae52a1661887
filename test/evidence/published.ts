import { readDer, readOctetString } from '../../server/asn1/read.ts';
import { contextTag } from '../../server/asn1/tag.ts';
import { type Der, oid, sequence } from '../../server/asn1/write.ts';
import { readExtensions } from '../../server/pki/extensions.ts';
import { AccessMethod, ExtensionType } from '../../server/pki/oids.ts';
import * as pki from '../pki/authority.ts';
import { type AnswerParts, ocspAnswer } from '../pki/ocsp-authority.ts';
import type { Answer } from './http-server.ts';

/** Where a certificate says that its status and its issuer are published. */
export const accessInfo = ({
  ocsp = [],
  caIssuers = [],
}: {
  readonly ocsp?: readonly string[];
  readonly caIssuers?: readonly string[];
}): Der => {
  const entries = (method: string, urls: readonly string[]): Der[] =>
    urls.map((url) => sequence(oid(method), pki.uri(url)));
  return pki.extension(
    ExtensionType.authorityInfoAccess,
    sequence(...entries(AccessMethod.ocsp, ocsp), ...entries(AccessMethod.caIssuers, caIssuers)),
  );
};

export const crlAt = (...urls: readonly string[]): Der =>
  pki.distributionPoints(...urls.map((url) => ({ name: pki.fullName(pki.uri(url)) })));

/** The nonce of an OCSPRequest. */
export function nonceOf(request: Uint8Array): Uint8Array | undefined {
  const wrapped = readDer(request)
    .at(0)
    .children.find(({ tag }) => tag === contextTag(2));
  const nonce = wrapped && readExtensions(wrapped.at(0)).get(ExtensionType.ocspNonce);
  return nonce && readOctetString(readDer(nonce.value));
}

/** A responder that answers the same about anybody, repeating the nonce. */
export const responding =
  (parts: AnswerParts): Answer =>
  ({ body }) => {
    const nonce = nonceOf(body);
    return ocspAnswer({ ...parts, ...(nonce && { nonce }) });
  };
