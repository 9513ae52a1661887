import { isSound, responderPath } from '../pki/ask-ocsp.ts';
import type { CertificationPath } from '../pki/build-paths.ts';
import type { Certificate } from '../pki/certificate.ts';
import type { CertificatePool } from '../pki/certificate-pool.ts';
import { checkOcsp, type OcspProof } from '../pki/check-ocsp.ts';
import { checkRevocation } from '../pki/check-revocation.ts';
import type { Crl } from '../pki/crl.ts';
import { Effort } from '../pki/effort.ts';
import type { Moment } from '../pki/freshness.ts';
import type { OcspResponse } from '../pki/ocsp-response.ts';
import type { KnownStatus, RevocationEvidence } from './ports.ts';
import { Refused } from './refusal.ts';

/** What is asked, and for when. */
export interface Question extends Moment {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly issuedAfter?: Date | undefined;
}

/** What judging one answer may cost. */
const EFFORT = 200;

/**
 * What an OCSP response proves.
 * @param nonce the one sent, for an answer that has just come.
 * @throws Refused by the words of OcspUnknownWhy, `not_newer`
 */
export function judgeOcsp(
  response: OcspResponse,
  question: Question,
  nonce?: Uint8Array,
): { readonly evidence: RevocationEvidence; readonly proof: OcspProof } {
  const { certificate, issuer } = question;
  const effort = new Effort(EFFORT);
  const answer = checkOcsp(response, certificate, issuer, { ...question, effort, ...(nonce && { nonce }) });
  if (answer.status === 'unknown') throw new Refused(answer.why, `${certificate.subject}`);
  const { ocsp: proof } = answer;
  if (!isSound(proof, responderPath(proof, pathOf(question), 0), effort)) {
    throw new Refused('ocsp_responder_not_authorized', `${proof.responder.subject}`);
  }
  const { thisUpdate, nextUpdate } = proof.single;
  const evidence = newEnough(question, {
    kind: 'ocsp',
    der: response.der,
    status: statusOf(answer),
    thisUpdate,
    ...(nextUpdate && { nextUpdate }),
    certificates: proof.responder === issuer ? [] : [proof.responder],
  });
  return { evidence, proof };
}

/**
 * What CRLs prove.
 * @throws Refused by the words of UnknownWhy, `not_newer`
 */
export function judgeCrls(
  crls: readonly Crl[],
  question: Question,
  pool: CertificatePool,
): RevocationEvidence {
  const answer = checkRevocation(pathOf(question), 0, {
    ...question,
    crls,
    pool,
    effort: new Effort(EFFORT),
  });
  const { certificate, issuer } = question;
  if (answer.status === 'unknown') throw new Refused(answer.why, `${certificate.subject}`);
  const { crl } = answer;
  if (!crl) throw new RangeError('CRLs alone were asked');
  return newEnough(question, {
    kind: 'crl',
    der: crl.der,
    status: statusOf(answer),
    thisUpdate: crl.thisUpdate,
    ...(crl.nextUpdate && { nextUpdate: crl.nextUpdate }),
    certificates: crl.issuer.equals(issuer.subject) ? [] : pool.bySubject(crl.issuer),
  });
}

/** The issuer is whom the asker believes; whether he should is not the question here. */
const pathOf = ({ certificate, issuer }: Question): CertificationPath => ({
  anchor: { certificate: issuer },
  certificates: [certificate],
});

function statusOf(answer: KnownStatus): KnownStatus {
  if (answer.status === 'good') return { status: 'good' };
  const { status, date, reason } = answer;
  return { status, date, reason };
}

function newEnough({ issuedAfter }: Question, evidence: RevocationEvidence): RevocationEvidence {
  if (issuedAfter && evidence.thisUpdate < issuedAfter) {
    throw new Refused('not_newer', `issued on ${evidence.thisUpdate.toISOString()}`);
  }
  return evidence;
}
