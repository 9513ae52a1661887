import type { Certificate } from '../pki/certificate.ts';
import { verifyCertificateSignature } from '../pki/verify-signature.ts';

const MAX_CHAIN = 10;

/** The issuers of `leaf`, nearest first, as far as they are among `candidates`: each really signed the one before it. */
export function issuerChain(leaf: Certificate, candidates: readonly Certificate[]): Certificate[] {
  const chain: Certificate[] = [];
  for (let current = leaf; chain.length < MAX_CHAIN && !current.selfIssued; ) {
    const { issuer } = current;
    const next = candidates.find(
      (candidate) =>
        candidate.subject.equals(issuer) && !chain.includes(candidate) && isIssuedBy(current, candidate),
    );
    if (!next) break;
    chain.push(next);
    current = next;
  }
  return chain;
}

/** Every document of a batch asks again, and the answer stays the same. */
const known = new WeakMap<Certificate, WeakMap<Certificate, boolean>>();

function isIssuedBy(certificate: Certificate, issuer: Certificate): boolean {
  const answers = known.get(certificate) ?? new WeakMap<Certificate, boolean>();
  known.set(certificate, answers);
  const answer = answers.get(issuer) ?? verifyCertificateSignature(certificate, issuer.publicKey);
  answers.set(issuer, answer);
  return answer;
}
