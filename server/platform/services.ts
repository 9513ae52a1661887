import type { Store } from '../storage/ports.ts';
import type { ProcessDefinition } from '../workflow/definition.ts';
import type { Clock } from './clock.ts';

/** What every feature is given. Capabilities and ports of other features are added to it in app.ts. */
export interface Services {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newId: (time?: Date) => string;
  readonly limits: Limits;
}

/** pino's call shape: facts first, then one constant sentence, so that lines can be counted and searched. */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(facts: object): Logger;
}

/** Says nothing; for tests and one-shot commands. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
};

/** Sizes are bytes. */
export interface Limits {
  /** One attached or verified file. */
  readonly uploadBytes: number;
  /** One JSON body. */
  readonly jsonBytes: number;
  /** Folder where uploads rest until they are blobs. */
  readonly temporaryFolder: string;
}

/** A process version as a running document pins it. */
export interface EffectiveProcess {
  readonly definition: ProcessDefinition;
  readonly version: number;
  /** SHA-256 of the RFC 8785 canonical JSON, lower-case hex. */
  readonly hash: string;
}

/** processes -> documents. */
export interface ProcessCatalogue {
  /** The newest approved version of the agency (or of one above it) whose `effectiveFrom` has come. */
  effective(agencyId: string, code: string, at: Date): Promise<EffectiveProcess | undefined>;
}

export interface RegisteredCertificate {
  readonly id: string;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly holderKind: 'organization' | 'person' | 'device';
  readonly agencyId: string;
  /** Account of the holder, or of the custodian of an organization's certificate. */
  readonly accountId?: string;
  /** Its key in the key store, when this service keeps it. */
  readonly keyId?: string;
  /** Its handwritten signature or seal; `width` in millimetres, as whoever stored it says. */
  readonly image?: { readonly sha256: string; readonly width?: number };
  /** What the register says, whatever the period says. */
  readonly state: 'pending' | 'active' | 'suspended' | 'revoked' | 'expired';
}

/** certificates -> documents, signing. */
export interface CertificateDirectory {
  byFingerprint(fingerprint: string): Promise<RegisteredCertificate | undefined>;
  /**
   * Certificates of the account, and those of the organization that it keeps, whatever their state: an attempt to sign with
   * one that may not sign is refused by the gate, and counted.
   */
  heldBy(accountId: string): Promise<readonly RegisteredCertificate[]>;
}

/** accounts -> everybody: names for headings, histories and reports. */
export interface PeopleDirectory {
  account(id: string): Promise<Person | undefined>;
  agency(id: string): Promise<AgencyInfo | undefined>;
  unit(agencyId: string, unitId: string): Promise<UnitInfo | undefined>;
}

export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Position printed over a signature, for example `CHỦ TỊCH`. */
  readonly position?: string;
  readonly agencyId: string;
  readonly unitId?: string;
  readonly roles: readonly string[];
  readonly active: boolean;
}

export interface AgencyInfo {
  readonly id: string;
  /** Identifier code of Decision 20/2020/QĐ-TTg. */
  readonly code: string;
  readonly name: string;
  /** Abbreviation used in document notations, for example `UBND`. */
  readonly notation: string;
  /** Place printed before the date (Decree 30/2020, annex I). */
  readonly place: string;
  readonly parentId?: string;
}

export interface UnitInfo {
  readonly id: string;
  readonly agencyId: string;
  readonly name: string;
  readonly notation: string;
}

/** Trust anchors, intermediates and CRLs of this installation, as DER; read again when the folders change. */
export interface TrustMaterial {
  current(): Promise<{
    readonly anchors: readonly Uint8Array[];
    readonly intermediates: readonly Uint8Array[];
    readonly crls: readonly Uint8Array[];
  }>;
}
