import { maskIdentifier } from '../pki/holder.ts';
import { AttributeType, attributeLabels } from '../pki/oids.ts';
import type { KeyInfo } from '../signing/stored-key.ts';
import type { CertificateEntry, StateChange } from './register.ts';
import type { CertificateView, KeyView, StateChangeView } from './schema.ts';
import { statusAt } from './status.ts';

/** What leaves the server about a certificate: identifiers masked, no DER. */
export function presentCertificate(entry: CertificateEntry, at: Date): CertificateView {
  const { id, fingerprint, subject, unitId, accountId, revision } = entry;
  const identifier = subject?.find(({ type }) => type === AttributeType.userId)?.value;
  const revocation = entry.changes.find(({ to }) => to === 'revoked');
  return {
    id,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    holderKind: entry.holderKind,
    holderName: entry.holderName,
    ...(identifier === undefined ? {} : { identifier: maskNumber(identifier) }),
    ...(subject === undefined ? {} : { subject: subject.map(printAttribute).join(', ') }),
    agencyId: entry.agencyId,
    ...(unitId === undefined ? {} : { unitId }),
    ...(accountId === undefined ? {} : { accountId }),
    medium: entry.medium,
    issuer: entry.issuer,
    serial: entry.serial,
    notBefore: entry.notBefore,
    notAfter: entry.notAfter,
    state: entry.state,
    status: statusAt(entry, at),
    ...(revocation === undefined
      ? {}
      : {
          revocation: {
            date: revocation.effective,
            reason: revocation.reason,
            ...(revocation.note === undefined ? {} : { note: revocation.note }),
          },
        }),
    ...(entry.image === undefined ? {} : { image: entry.image }),
    revision,
  };
}

export function presentChange({ time, effective, to, reason, note, actor }: StateChange): StateChangeView {
  return { time, effective, to, reason, actor, ...(note === undefined ? {} : { note }) };
}

export const presentKey = ({ importedAt, locked, triesLeft, token }: KeyInfo): KeyView => ({
  importedAt,
  locked,
  triesLeft,
  ...(token === undefined ? {} : { token }),
});

/** For reading, not for parsing. */
function printAttribute({ type, value }: { type: string; value: string }): string {
  const shown = type === AttributeType.userId ? maskNumber(value) : value;
  return `${attributeLabels[type]?.keyword ?? type}=${shown}`;
}

/** `CCCD:012345678901`: the prefix says what it is, the last three digits tell two people apart. */
function maskNumber(identifier: string): string {
  const colon = identifier.indexOf(':') + 1;
  return identifier.slice(0, colon) + maskIdentifier(identifier.slice(colon));
}
