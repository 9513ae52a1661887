import type { CertificationPath } from './build-paths.ts';
import type { Certificate } from './certificate.ts';
import type { CertificatePool } from './certificate-pool.ts';
import { checkOcsp, type OcspProof, type OcspStatus } from './check-ocsp.ts';
import { Effort } from './effort.ts';
import type { Moment } from './freshness.ts';
import type { OcspResponse } from './ocsp-response.ts';
import { validatePath } from './validate-path.ts';

export interface OcspSources extends Moment {
  readonly ocsps?: readonly OcspResponse[];
  readonly pool: CertificatePool;
  readonly effort?: Effort;
}

/** Looking at that many responses or certificates costs as much as checking a signature. */
const LOOKS_PER_CHECK = 1000;

/**
 * What the OCSP responses at hand say of `path.certificates[index]`; undefined when none speaks of it. A revocation found
 * anywhere counts; otherwise the newest answer that may be believed.
 * @param isGood answers whether the last certificate of a path was not revoked, for responders that have to be checked.
 */
export function askOcsp(
  path: CertificationPath,
  index: number,
  sources: OcspSources,
  isGood: (responder: CertificationPath) => boolean,
): OcspStatus | undefined {
  const certificate = path.certificates[index];
  const issuer = path.certificates[index - 1] ?? path.anchor.certificate;
  const { ocsps = [], pool, effort = new Effort() } = sources;
  if (!certificate || ocsps.length === 0) return undefined;
  effort.spend(sum(ocsps) / LOOKS_PER_CHECK);
  let best: OcspStatus | undefined;
  for (const response of speakingOf(certificate, ocsps)) {
    const certificates = candidates(response, pool, effort);
    const answer = checkOcsp(response, certificate, issuer, { ...sources, certificates, effort });
    const believed =
      answer.status === 'unknown' || mayBeBelieved(answer.ocsp, path, index, effort, isGood)
        ? answer
        : ({ status: 'unknown', why: 'ocsp_responder_not_authorized' } as const);
    if (believed.status === 'revoked') return believed;
    if (!best || (best.status === 'unknown' && believed.status === 'good')) best = believed;
  }
  return best;
}

const sum = (ocsps: readonly OcspResponse[]): number =>
  ocsps.reduce((total, { basic }) => total + 1 + (basic?.responses.length ?? 0), 0);

/** Responses about one certificate that are looked at; the newest ones. */
const MAX_SPEAKING = 32;

/** By serial number, which is looked up before anything is computed; the newest first. */
function speakingOf({ serial }: Certificate, ocsps: readonly OcspResponse[]): readonly OcspResponse[] {
  return ocsps
    .filter(({ basic }) => basic?.responses.some(({ certId }) => certId.serial === serial))
    .toSorted((a, b) => (b.basic?.producedAt.getTime() ?? 0) - (a.basic?.producedAt.getTime() ?? 0))
    .slice(0, MAX_SPEAKING);
}

function candidates({ basic }: OcspResponse, pool: CertificatePool, effort: Effort): readonly Certificate[] {
  if (!basic) return [];
  // A responder named by its key brings its certificate along; looking for it by name costs next to nothing.
  const found = 'name' in basic.responder ? pool.bySubject(basic.responder.name) : [];
  effort.spend(found.length / LOOKS_PER_CHECK);
  return found;
}

function mayBeBelieved(
  proof: OcspProof,
  path: CertificationPath,
  index: number,
  effort: Effort,
  isGood: (responder: CertificationPath) => boolean,
): boolean {
  const own = responderPath(proof, path, index);
  return isSound(proof, own, effort) && (!wantsCheck(proof) || isGood(own));
}

/** The path to whoever answered about `path.certificates[index]`. */
export function responderPath(
  { responder }: OcspProof,
  path: CertificationPath,
  index: number,
): CertificationPath {
  const above = path.certificates.slice(0, index);
  const issuer = above.at(-1) ?? path.anchor.certificate;
  return { anchor: path.anchor, certificates: responder === issuer ? above : [...above, responder] };
}

/** A delegated responder's certificate is one like any other: its path has to hold when it answers. */
export const isSound = ({ response }: OcspProof, own: CertificationPath, effort: Effort): boolean =>
  own.certificates.at(-1) === undefined ||
  (response.basic !== undefined && validatePath(own, { at: response.basic.producedAt, effort }).valid);

/** Whether the responder was revoked is a question where its certificate says whom to ask; else its issuer did not want it asked. */
export const wantsCheck = ({ responder, responderNeedsCheck }: OcspProof): boolean =>
  responderNeedsCheck && (responder.crlUrls.length > 0 || responder.authorityInfoAccess.ocsp.length > 0);
