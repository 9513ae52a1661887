import type { Visit, WorkflowEvent, WorkflowInstance } from './instance.ts';

/**
 * What an event makes of an instance: the only place where state changes, so that the history replayed gives the same
 * state. Events come from `advance`, which has checked them.
 */
export function applyEvent(instance: WorkflowInstance | undefined, event: WorkflowEvent): WorkflowInstance {
  if (instance === undefined) {
    if (event.type !== 'started') throw new TypeError('a history begins with its start');
    return {
      process: event.process,
      state: 'running',
      initiator: event.actor,
      agencyId: event.agencyId,
      ...(event.unitId !== undefined && { unitId: event.unitId }),
      startedAt: event.time,
      ...deadline(event),
      visits: [],
      sequence: event.sequence,
    };
  }
  return { ...change(instance, event), sequence: event.sequence };
}

/** The instance a whole history leads to; undefined for an empty one. */
export const replay = (events: readonly WorkflowEvent[]): WorkflowInstance | undefined =>
  events.reduce<WorkflowInstance | undefined>(applyEvent, undefined);

function change(instance: WorkflowInstance, event: WorkflowEvent): WorkflowInstance {
  switch (event.type) {
    case 'opened':
      return { ...instance, visits: [...instance.visits, opened(event)] };
    case 'claimed':
      return withVisit(instance, event.visit, (visit) => ({ ...visit, assignee: event.actor }));
    case 'unclaimed':
      return withVisit(instance, event.visit, ({ assignee: _, onBehalfOf: __, ...visit }) => visit);
    case 'delegated':
      return withVisit(instance, event.visit, (visit) => ({
        ...visit,
        assignee: event.assignee,
        onBehalfOf: visit.onBehalfOf ?? event.actor,
      }));
    case 'completed':
    case 'returned': {
      const { time: at, actor: by, outcome, reason } = event;
      const closed = { at, by, outcome, ...(reason !== undefined && { reason }) };
      return withVisit(instance, event.visit, (visit) => ({ ...visit, assignee: by, closed }));
    }
    case 'ended':
      return { ...instance, state: event.result, endedAt: event.time };
    case 'cancelled':
      return { ...instance, state: 'cancelled', endedAt: event.time };
    default:
      return instance;
  }
}

function opened(event: Extract<WorkflowEvent, { type: 'opened' }>): Visit {
  return {
    id: event.visit,
    step: event.to ?? '',
    openedAt: event.time,
    ...deadline(event),
    candidates: event.candidates,
    ...(event.assignee !== undefined && { assignee: event.assignee }),
  };
}

const withVisit = (
  instance: WorkflowInstance,
  id: string,
  edit: (visit: Visit) => Visit,
): WorkflowInstance => ({
  ...instance,
  visits: instance.visits.map((visit) => (visit.id === id ? edit(visit) : visit)),
});

const deadline = ({ due, dueProblem }: { due?: string; dueProblem?: string }) => ({
  ...(due !== undefined && { due }),
  ...(dueProblem !== undefined && { dueProblem }),
});
