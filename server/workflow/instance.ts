import type { AccountRole, TimeLimit } from './definition.ts';
import type { WorkflowErrorCode } from './errors.ts';

/** Who acts, as far as the engine must know to say whether a task is theirs. */
export interface Participant {
  readonly accountId: string;
  readonly agencyId: string;
  readonly unitId?: string;
  readonly roles: readonly AccountRole[];
}

/** For whom a visit is: everything given must hold of the participant. */
export interface Candidates {
  /** Key of the process role. */
  readonly role: string;
  readonly accountRole: AccountRole;
  readonly agencyId: string;
  readonly unitId?: string;
  readonly accountId?: string;
}

/** One stay of the document at one step; a step returned to is a new visit. */
export interface Visit {
  /** `v1`, `v2`, … in order of opening. */
  readonly id: string;
  readonly step: string;
  readonly openedAt: string;
  readonly due?: string;
  /** Why there is no `due` although the step has a limit: an error code of the calendar. */
  readonly dueProblem?: string;
  readonly candidates: Candidates;
  readonly assignee?: string;
  /** Who delegated the task to the assignee. */
  readonly onBehalfOf?: string;
  readonly closed?: {
    readonly at: string;
    readonly by: string;
    readonly outcome: string;
    readonly reason?: string;
  };
}

/**
 * Where a document stands. The open visits are the tokens of the net: there is one today, and parallel branches will
 * be several.
 */
export interface WorkflowInstance {
  readonly process: ProcessVersion;
  readonly state: 'running' | 'completed' | 'rejected' | 'cancelled';
  readonly initiator: string;
  readonly agencyId: string;
  readonly unitId?: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly due?: string;
  readonly dueProblem?: string;
  readonly visits: readonly Visit[];
  /** Number of the last event. */
  readonly sequence: number;
}

export interface ProcessVersion {
  readonly code: string;
  readonly version: number;
}

interface EventBase {
  /** From 1, without a gap. */
  readonly sequence: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly time: string;
  readonly actor: string;
  readonly onBehalfOf?: string;
  /** Keys of steps; null where there is none (before the start, after the end). */
  readonly from: string | null;
  readonly to: string | null;
  readonly process: ProcessVersion;
}
interface Deadline {
  readonly due?: string;
  readonly dueProblem?: string;
}

export type WorkflowEvent = EventBase &
  (
    | ({ readonly type: 'started'; readonly agencyId: string; readonly unitId?: string } & Deadline)
    | ({
        readonly type: 'opened';
        readonly visit: string;
        readonly candidates: Candidates;
        readonly assignee?: string;
      } & Deadline)
    | { readonly type: 'claimed' | 'unclaimed'; readonly visit: string }
    | { readonly type: 'delegated'; readonly visit: string; readonly assignee: string }
    | {
        readonly type: 'completed' | 'returned';
        readonly visit: string;
        readonly outcome: string;
        readonly reason?: string;
      }
    | { readonly type: 'decided'; readonly rule: number | 'otherwise' }
    | { readonly type: 'commented'; readonly text: string; readonly visit?: string }
    | { readonly type: 'attached'; readonly file: string; readonly name: string; readonly visit?: string }
    | { readonly type: 'cancelled'; readonly reason: string }
    | { readonly type: 'ended'; readonly result: 'completed' | 'rejected' }
  );

/** `Omit` would forget which members belong to which `type`. */
type WithoutBase<E> = E extends WorkflowEvent ? Omit<E, 'sequence' | 'time' | 'actor' | 'process'> : never;
export type EventFacts = WithoutBase<WorkflowEvent>;

export type Command =
  | { readonly type: 'start' }
  | { readonly type: 'claim' | 'unclaim'; readonly visit: string }
  | {
      readonly type: 'complete';
      readonly visit: string;
      /** Absent: the first outcome that is no return. */
      readonly outcome?: string;
      readonly reason?: string;
      /** What the caller has done; a step that signs, registers or releases goes on by nothing else. */
      readonly act?: 'sign' | 'register' | 'release';
    }
  | { readonly type: 'return'; readonly visit: string; readonly outcome: string; readonly reason?: string }
  | { readonly type: 'delegate'; readonly visit: string; readonly to: Participant }
  | { readonly type: 'comment'; readonly text: string; readonly visit?: string }
  | { readonly type: 'attach'; readonly file: string; readonly name: string; readonly visit?: string }
  | { readonly type: 'cancel'; readonly reason: string };

/** Everything that is neither in the definition nor in the instance: time, people, data, the calendar. */
export interface Context {
  readonly now: Date;
  readonly actor: Participant;
  /** The document's data, over which decisions are made. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** When a limit that begins now ends: of one step, or of the whole process (which counts from the cut-off hour). */
  due(start: Date, limit: TimeLimit, of: 'step' | 'process'): { due: Date } | { problem: string };
}

export interface Refusal {
  readonly code: WorkflowErrorCode;
  readonly details?: Readonly<Record<string, unknown>>;
}
export type Advance =
  | {
      readonly instance: WorkflowInstance;
      readonly events: readonly WorkflowEvent[];
      readonly refusal?: undefined;
    }
  | { readonly refusal: Refusal };

export const openVisits = (instance: WorkflowInstance): readonly Visit[] =>
  instance.visits.filter((visit) => visit.closed === undefined);

export function isCandidate(
  { agencyId, accountRole, unitId, accountId }: Candidates,
  who: Participant,
): boolean {
  return (
    who.agencyId === agencyId &&
    who.roles.includes(accountRole) &&
    (unitId === undefined || who.unitId === unitId) &&
    (accountId === undefined || who.accountId === accountId)
  );
}
