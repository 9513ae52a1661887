import type { Aggregate, CollectionSpec, DomainEvent } from '../storage/ports.ts';
import type { ProcessDefinition } from '../workflow/definition.ts';
import type { WorkflowInstance } from '../workflow/instance.ts';

/** All of one document in one row: whatever happens to it is one atomic write. */
export interface DocumentRecord extends Aggregate {
  readonly agencyId: string;
  readonly unitId?: string;
  readonly initiator: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The version the document runs under, whatever is published later. */
  readonly definition: ProcessDefinition;
  /** SHA-256 of the definition's canonical JSON. */
  readonly definitionHash: string;
  readonly workflow: WorkflowInstance;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly files: readonly AttachedFile[];
  /** Every PDF the document has been, oldest first; the last one counts unless `contentStale`. */
  readonly content: readonly ContentVersion[];
  /** The fields changed after the last PDF was made, so the next signature begins a new one. */
  readonly contentStale?: boolean;
  /** Where number, date and signatures stand in the last PDF. */
  readonly places?: ContentPlaces;
  /** Signatures in the last PDF. */
  readonly signatures: readonly DocumentSignature[];
  readonly numbering?: Numbering;
  readonly released?: { readonly at: string; readonly by: string };
  /** When proofs for the long term are looked for next; absent when there is nothing to look for. */
  readonly proofsDue?: string;
  /** Who has acted, so who may always see it. */
  readonly participants: readonly string[];
  /** Everything that happened, oldest first (Decree 30/2020 annex VI: drafts, opinions, approvals are kept). */
  readonly history: readonly HistoryEntry[];
  /** The last requests that changed it, so that a repeat is recognised. */
  readonly requests: readonly string[];
  /** For whom work waits: `account:<id>`, or `role:<agency>:<role>` and `unit:<unit>:<role>` while nobody has it. */
  readonly work: readonly string[];
  /** The earliest deadline of the open visits; far in the future when there is none. */
  readonly workDue: string;
}

export type HistoryEntry = Omit<DomainEvent, 'usage'>;

export interface AttachedFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  readonly addedBy: string;
  readonly addedAt: string;
  /** Rules of file names that are advice, not law. */
  readonly warnings: readonly string[];
  /** Signed by the agency as an appendix; `original` is the SHA-256 of the file as it was attached. */
  readonly sealed?: {
    readonly at: string;
    readonly by: string;
    readonly certificate: string;
    readonly original: string;
    /** What the number and the time were written over. */
    readonly overText?: string[];
  };
}

export interface ContentVersion {
  readonly sha256: string;
  readonly size: number;
  readonly made: 'composed' | 'signed' | 'numbered' | 'augmented';
  readonly at: string;
  readonly by: string;
}

/** Where a field stands; the page counts from 0, rectangles are points. */
export interface ContentPlace {
  readonly page: number;
  readonly rect: readonly [number, number, number, number];
  /** Where in it the picture of its signature is drawn; absent when there is none. */
  readonly ink?: readonly [number, number, number, number];
}
export type ContentPlaces = Readonly<Record<string, ContentPlace>>;

export interface DocumentSignature {
  /** Name of the signature field. */
  readonly field: string;
  readonly kind: 'personal' | 'organization';
  readonly certificate: string;
  readonly level: string;
  readonly by: string;
  readonly at: string;
  readonly visit: string;
}

export interface Numbering {
  readonly register: 'outgoing' | 'incoming' | 'internal';
  readonly series: string;
  /** Day of issue in Vietnam, `YYYY-MM-DD`; settled before the number is taken, so that a retry next year is no second number. */
  readonly date: string;
  readonly symbol?: string;
  /** Absent between the intention and the number. */
  readonly number?: number;
  /** As printed: `05/QĐ-UBND`. */
  readonly text?: string;
  readonly voided?: { readonly at: string; readonly by: string; readonly reason: string };
}

export const documentCollection: CollectionSpec = {
  name: 'documents',
  indexes: {
    work: { fields: ['work', 'workDue'], array: 'work' },
    agency: { fields: ['agencyId', 'createdAt'] },
    proofs: { fields: ['proofsDue'] },
    initiator: { fields: ['initiator', 'createdAt'] },
  },
};
