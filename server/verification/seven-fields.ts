import type { Certificate } from '../pki/certificate.ts';
import { maskIdentifier } from '../pki/holder.ts';
import type { Name } from '../pki/name.ts';
import { AttributeType } from '../pki/oids.ts';
import type { Gathered, Judgement } from './judge-signature.ts';
import type { SevenFields, Words } from './report.ts';

/** The seven things TT 15/2025/TT-BKHCN article 6 wants shown. */
export function sevenFields(gathered: Gathered, judgement: Judgement): SevenFields {
  const { facts, claimedTime, provenTime } = gathered;
  const { certificate } = facts;
  const unit = certificate && managingUnit(certificate);
  return {
    ...(certificate && { issuer: shortName(certificate.issuer), signer: shortName(certificate.subject) }),
    ...(unit !== undefined && { managingUnit: unit }),
    signingTime: {
      ...(claimedTime && { claimed: claimedTime.toISOString() }),
      ...(provenTime && { proven: provenTime.toISOString() }),
    },
    integrity: integrityWords(gathered),
    validityAtSigning: VALIDITY[judgement.verdict],
    ...(certificate && {
      certificatePeriod: {
        from: certificate.notBefore.toISOString(),
        to: certificate.notAfter.toISOString(),
      },
    }),
  };
}

const VALIDITY: Readonly<Record<Judgement['verdict'], Words>> = {
  valid: { vi: 'Hợp lệ', en: 'Valid' },
  invalid: { vi: 'Không hợp lệ', en: 'Not valid' },
  indeterminate: { vi: 'Không đủ căn cứ', en: 'Not enough evidence' },
};

function integrityWords({ facts, modifications }: Gathered): Words {
  const covered = facts.coverage === 'whole-file' || facts.coverage === 'whole-revision';
  if (facts.integrity === 'broken' || !covered || !modifications.permitted) {
    return {
      vi: 'Đã bị thay đổi hoặc không được bao trùm đúng',
      en: 'Changed, or not covered as it must be',
    };
  }
  if (facts.integrity === 'unknown') return { vi: 'Không xác định được', en: 'Cannot be determined' };
  return modifications.level === 'none'
    ? { vi: 'Toàn vẹn từ khi ký', en: 'Intact since it was signed' }
    : { vi: 'Toàn vẹn; sau đó chỉ có bổ sung được phép', en: 'Intact; only permitted additions since' };
}

/** The common name, or what there is instead of it. */
export function shortName(name: Name): string {
  return name.last(AttributeType.commonName) ?? name.last(AttributeType.organization) ?? name.toString();
}

/** Whole name for a reader, numbers of persons and organizations masked. */
export function printedName(name: Name): string {
  const identifiers = name.get(AttributeType.userId);
  return identifiers.reduce((text, value) => text.replaceAll(value, maskIdentifier(value)), name.toString());
}

/** Units and organization of the subject, the nearest first; a certificate names them in any order. */
function managingUnit({ subject }: Certificate): string | undefined {
  const units = [...subject.get(AttributeType.organizationalUnit)].reverse();
  const names = [...units, ...subject.get(AttributeType.organization)];
  return names.length > 0 ? names.join(', ') : undefined;
}
