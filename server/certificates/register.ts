import { idFrom } from '../platform/ids.ts';
import type { PeopleDirectory, Services } from '../platform/services.ts';
import type { Aggregate, Collection, CollectionSpec, DomainEvent, Store } from '../storage/ports.ts';
import type { CertificateState, ChangeReason, HolderKind, Medium } from './schema.ts';

/** One certificate in the register of an installation. */
export interface CertificateEntry extends Aggregate {
  /** SHA-256 of the DER, lower-case hex. Absent while only a list is known, and then no use can be counted for it. */
  readonly fingerprint?: string;
  /** Common name of the issuing authority (its whole name when it has none). */
  readonly issuer: string;
  /** Hex as `Certificate.serial`. */
  readonly serial: string;
  readonly holderKind: HolderKind;
  readonly holderName: string;
  /** Attributes of the subject in the order of the encoding, when the certificate itself is known. */
  readonly subject?: readonly { readonly type: string; readonly value: string }[];
  /** DER in base64. */
  readonly der?: string;
  readonly agencyId: string;
  readonly unitId?: string;
  /** Account of the person, or of whoever keeps the organization's certificate. */
  readonly accountId?: string;
  readonly medium: Medium;
  /** UTC instants, ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly state: CertificateState;
  /** Oldest first; the last one's `to` is `state`. */
  readonly changes: readonly StateChange[];
  readonly registeredAt: string;
  /** The handwritten signature, or the seal, as it is shown in documents. */
  readonly image?: HolderImage;
}

export interface HolderImage {
  /** Of the blob. */
  readonly sha256: string;
  readonly mediaType: string;
  /** Millimetres of the thing itself; absent when nobody has said. */
  readonly width?: number;
  readonly height?: number;
}

export interface StateChange {
  /** When it was written down. */
  readonly time: string;
  /** Since when it holds. */
  readonly effective: string;
  readonly to: CertificateState;
  readonly reason: ChangeReason;
  readonly note?: string;
  /** Account id. */
  readonly actor: string;
}

/** What the verbs of this feature need. */
export interface CertificatesDeps extends Pick<Services, 'store' | 'clock' | 'newId'> {
  readonly people: PeopleDirectory;
}

const spec: CollectionSpec = {
  name: 'certificates',
  // Issuer and serial make the id, so uniqueness needs no index: the same certificate is the same row.
  indexes: {
    fingerprint: { fields: ['fingerprint'] },
    agency: { fields: ['agencyId', 'holderKind'] },
    account: { fields: ['accountId'] },
  },
};

export const certificateRegister = (store: Store): Promise<Collection<CertificateEntry>> =>
  store.collection<CertificateEntry>(spec);

/** RFC 5280 4.1.2.2: issuer and serial number name a certificate; lists print the issuer's common name. */
export const certificateId = (issuer: string, serial: string): string =>
  idFrom(
    'certificate',
    issuer.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim(),
    plainSerial(serial),
  );

/** Lower case without leading zeros, as `Certificate.serial` has it. */
export function plainSerial(serial: string): string {
  const digits = serial.toLowerCase().replace(/^0+(?=.)/, '');
  return digits.length % 2 === 0 ? digits : `0${digits}`;
}

/** All entries, agency by agency. */
export async function* everyEntry(register: Collection<CertificateEntry>): AsyncGenerator<CertificateEntry> {
  let cursor: string | undefined;
  do {
    const page = await register.find('agency', {
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

/**
 * The first change of an entry. A certificate that was handed over before it was written down here has been in use since its
 * issue.
 */
export function handOver(
  state: 'pending' | 'active',
  notBefore: string,
  now: Date,
  actor: string,
): StateChange {
  const time = now.toISOString();
  const isOlder = state === 'active' && new Date(notBefore) < now;
  return { time, effective: isOlder ? notBefore : time, to: state, reason: 'handedOver', actor };
}

/** An audit event about one entry. */
export function certificateEvent(
  deps: Pick<CertificatesDeps, 'clock' | 'newId'>,
  actor: string,
  verb: string,
  id: string,
  data: DomainEvent['data'],
): DomainEvent {
  const now = deps.clock.now();
  return {
    id: deps.newId(now),
    time: now.toISOString(),
    type: `certificate.${verb}`,
    actor,
    subject: { type: 'certificate', id },
    data,
  };
}
