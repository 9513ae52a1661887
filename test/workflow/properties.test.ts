import { expect } from 'chai';
import fc from 'fast-check';
import { advance } from '../../server/workflow/advance.ts';
import { replay } from '../../server/workflow/apply-event.ts';
import { workflowErrors } from '../../server/workflow/errors.ts';
import {
  type Command,
  openVisits,
  type WorkflowEvent,
  type WorkflowInstance,
} from '../../server/workflow/instance.ts';
import {
  clerk,
  contextOf,
  definitionWith,
  deputy,
  drafter,
  leader,
  otherDrafter,
  stranger,
} from './definition-fixture.ts';

const people = [drafter, otherDrafter, leader, deputy, clerk, stranger];
const actor = fc.constantFrom(...people);
/** How far back the visit named lies: mostly the newest, sometimes one that is closed or not there. */
const back = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });
const reason = fc.option(fc.constantFrom('Thiếu căn cứ', '', ' '), { nil: undefined });
const outcome = fc.constantFrom('submit', 'approve', 'back', 'reject', 'signed', 'done', '__proto__');
const amount = fc.constantFrom<unknown>(1, 100, 'many', undefined, null);

const move = fc.record({
  who: actor,
  kind: fc.constantFrom<Command['type']>(
    ...(['complete', 'complete', 'complete', 'return', 'claim', 'unclaim'] as const),
    ...(['delegate', 'comment', 'attach', 'start', 'cancel'] as const),
  ),
  back,
  outcome: fc.option(outcome, { nil: undefined }),
  act: fc.constantFrom(undefined, undefined, 'sign', 'register', 'release'),
  reason,
  to: actor,
  amount,
});
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

function commandOf(move: Move, instance: WorkflowInstance | undefined): Command {
  const visit = `v${(instance?.visits.length ?? 0) - move.back}`;
  const said = move.reason === undefined ? {} : { reason: move.reason };
  switch (move.kind) {
    case 'complete':
      return {
        type: 'complete',
        visit,
        ...said,
        ...(move.outcome !== undefined && { outcome: move.outcome }),
        ...(move.act !== undefined && { act: move.act as 'sign' }),
      };
    case 'return':
      return { type: 'return', visit, outcome: move.outcome ?? 'back', ...said };
    case 'delegate':
      return { type: 'delegate', visit, to: move.to };
    case 'comment':
      return { type: 'comment', text: move.reason ?? 'Ý kiến' };
    case 'attach':
      return { type: 'attach', file: 'f', name: 'a.pdf' };
    case 'cancel':
      return { type: 'cancel', reason: move.reason ?? '' };
    case 'start':
      return { type: 'start' };
    default:
      return { type: move.kind, visit };
  }
}

function checkInvariants(instance: WorkflowInstance): void {
  const open = openVisits(instance);
  if (instance.state === 'running') expect(open).to.have.length(1);
  else expect(instance.endedAt).to.be.a('string');
  expect(instance.visits.map(({ id }) => id)).to.deep.equal(
    instance.visits.map((_, index) => `v${index + 1}`),
  );
  for (const { step, candidates } of instance.visits) {
    expect(definitionWith().steps).to.have.property(step);
    expect(candidates.agencyId).to.equal('agency');
  }
}

describe('Any sequence of commands', () => {
  it('leads to a valid state or a coded refusal, and its events replay to the same state', () => {
    let completed = 0;
    fc.assert(
      fc.property(fc.array(move, { minLength: 5, maxLength: 60 }), (moves) => {
        let instance: WorkflowInstance | undefined;
        const events: WorkflowEvent[] = [];
        const start = { type: 'start' } as const;
        for (const [who, command, changes] of [
          [drafter, () => start, {}] as const,
          ...moves.map(
            (one) => [one.who, () => commandOf(one, instance), { fields: { amount: one.amount } }] as const,
          ),
        ]) {
          const frozen = JSON.stringify(instance);
          const result = advance(definitionWith(), instance, command(), contextOf(who, changes));
          expect(JSON.stringify(instance)).to.equal(frozen);
          if (result.refusal !== undefined) {
            expect(workflowErrors).to.have.property(result.refusal.code);
            continue;
          }
          instance = result.instance;
          events.push(...result.events);
          checkInvariants(result.instance);
        }
        expect(replay(events)).to.deep.equal(instance);
        expect(JSON.parse(JSON.stringify(instance))).to.deep.equal(instance);
        if (instance?.state !== 'running') completed++;
      }),
      { numRuns: 400 },
    );
    expect(completed).to.be.greaterThan(0);
  });

  it('gives the same answer to the same question', () => {
    fc.assert(
      fc.property(move, (one) => {
        const begun = advance(definitionWith(), undefined, { type: 'start' }, contextOf(drafter));
        if (begun.refusal !== undefined) throw new Error(begun.refusal.code);
        const ask = () =>
          advance(definitionWith(), begun.instance, commandOf(one, begun.instance), contextOf(one.who));
        expect(ask()).to.deep.equal(ask());
      }),
    );
  });
});
