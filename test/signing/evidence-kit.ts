import { EvidenceError } from '../../server/evidence/errors.ts';
import type { RevocationEvidence, RevocationSource } from '../../server/evidence/ports.ts';
import type { Certificate } from '../../server/pki/certificate.ts';
import * as pki from '../pki/authority.ts';
import { type AnswerParts, ocspAnswer } from '../pki/ocsp-authority.ts';

const DAY = 86_400_000;

export interface LocalRevocations extends RevocationSource {
  /** Subjects asked about, in their order. */
  readonly asked: string[];
  /** When a certificate was revoked, by its fingerprint. */
  readonly revoked: Map<string, Date>;
}

export interface RevocationParts {
  readonly parties: readonly pki.Party[];
  readonly now: () => Date;
  /** Issuers that publish lists instead of answering. */
  readonly byCrl?: readonly pki.Party[];
  /** Who answers for an issuer. */
  readonly responder?: pki.Party;
  /** How old the newest list is. */
  readonly age?: number;
}

/** Revocation data without a network, a week of it at a time. */
export function localRevocations({
  parties,
  now,
  byCrl = [],
  responder,
  age = 0,
}: RevocationParts): LocalRevocations {
  const asked: string[] = [];
  const revoked = new Map<string, Date>();
  const lists = new Map<string, Uint8Array>();
  const partyOf = (certificate: Certificate): pki.Party => {
    const party = parties.find((one) => one.certificate.fingerprint === certificate.fingerprint);
    if (!party) throw new EvidenceError('evidence.no_revocation_data', `nobody knows ${certificate.subject}`);
    return party;
  };
  const evidence: RevocationSource['evidence'] = async (certificate, issuer, _at, issuedAfter) => {
    asked.push(certificate.subject.toString());
    const thisUpdate = new Date(now().getTime() - age);
    if (issuedAfter && thisUpdate < issuedAfter) {
      throw new EvidenceError('evidence.no_revocation_data', 'nothing newer');
    }
    const nextUpdate = new Date(thisUpdate.getTime() + 7 * DAY);
    const date = revoked.get(certificate.fingerprint);
    const common = {
      status: date
        ? ({ status: 'revoked', date, reason: 'unspecified' } as const)
        : { status: 'good' as const },
      ...{ thisUpdate, nextUpdate },
    };
    const [from, to] = [thisUpdate.toISOString(), nextUpdate.toISOString()];
    const [subject, authority] = [partyOf(certificate), partyOf(issuer)];
    if (byCrl.includes(authority)) {
      const entries = date ? [{ serial: certificate.serial, date: date.toISOString() }] : [];
      // One list of an issuer at a time.
      const key = `${issuer.fingerprint} ${from} ${entries.length}`;
      const der = lists.get(key) ?? pki.revoke(authority, { thisUpdate: from, nextUpdate: to, entries }).der;
      lists.set(key, der);
      return { ...common, kind: 'crl', der, certificates: [] } satisfies RevocationEvidence;
    }
    const answer: AnswerParts = {
      ...{ certificate: subject, issuer: authority, thisUpdate: from, nextUpdate: to },
      ...(responder && { by: responder }),
      ...(date && { status: { revoked: date.toISOString() } }),
    };
    const certificates = responder ? [responder.certificate] : [];
    return { ...common, kind: 'ocsp', der: ocspAnswer(answer), certificates } satisfies RevocationEvidence;
  };
  return { asked, revoked, evidence };
}
