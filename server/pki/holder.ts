import type { Certificate } from './certificate.ts';
import { AttributeType } from './oids.ts';

/** Decree 68/2024 article 10: who may be given an official certificate. */
export type HolderKind = 'organization' | 'person' | 'device';

/** Identifiers that Vietnamese certificates carry in UID: tax code of an organization, number of a person's papers. */
export interface HolderIdentifiers {
  /** `MST:` tax code, 10 or 13 digits. */
  readonly taxCode?: string;
  /** `CCCD:`, `CMND:`, `ĐDCN:`, `HC:` number of a personal paper. Mask it on screens. */
  readonly personalNumber?: string;
}

/**
 * What the subject suggests its holder is; only a suggestion, the register's entry decides. A personal number or title
 * speaks for a person, a tax code alone or a common name that repeats the organization for an organization.
 */
export function suggestHolder(certificate: Certificate): {
  readonly kind: HolderKind;
  readonly identifiers: HolderIdentifiers;
} {
  const { subject } = certificate;
  const identifiers = readIdentifiers(subject.get(AttributeType.userId));
  return { kind: kindOf(certificate, identifiers), identifiers };
}

function kindOf({ subject, subjectAltNames }: Certificate, identifiers: HolderIdentifiers): HolderKind {
  if (identifiers.personalNumber) return 'person';
  const commonName = subject.last(AttributeType.commonName) ?? '';
  if (subjectAltNames.some(({ kind }) => kind === 'dns') || /^[\w-]+(\.[\w-]+)+$/.test(commonName)) {
    return 'device';
  }
  if (subject.get(AttributeType.title).length > 0 || subject.get(AttributeType.surname).length > 0) {
    return 'person';
  }
  if (identifiers.taxCode || ORGANIZATION_WORDS.test(commonName)) return 'organization';
  const units = [
    ...subject.get(AttributeType.organization),
    ...subject.get(AttributeType.organizationalUnit),
  ];
  return units.includes(commonName) ? 'organization' : 'person';
}

/** First words of names of Vietnamese agencies and organizations; names of people never begin so. */
const ORGANIZATION_WORDS =
  /^(ủy ban|uỷ ban|hội đồng|sở|bộ|cục|tổng cục|chi cục|văn phòng|trung tâm|ban|phòng|công ty|tổng công ty|ngân hàng|trường|bệnh viện|tòa án|toà án|viện|kho bạc|thanh tra|đảng ủy|tỉnh ủy|ubnd|hđnd)(\s|$)/iu;

function readIdentifiers(values: readonly string[]): HolderIdentifiers {
  const find = (prefixes: string): string | undefined =>
    values
      .map((value) => new RegExp(`^(?:${prefixes})\\s*:\\s*(.+)$`, 'iu').exec(value.trim())?.[1])
      .find((found) => found !== undefined);
  const taxCode = find('MST');
  const personalNumber = find('CCCD|CMND|ĐDCN|DDCN|HC|CMTND');
  return { ...(taxCode && { taxCode }), ...(personalNumber && { personalNumber }) };
}

/** All but the last three characters hidden, as a UID is shown on a screen. */
export const maskIdentifier = (value: string): string =>
  value.replace(/[\p{L}\p{N}](?=.*[\p{L}\p{N}]{3})/gu, '*');
