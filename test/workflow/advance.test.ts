import { expect } from 'chai';
import { advance } from '../../server/workflow/advance.ts';
import { replay } from '../../server/workflow/apply-event.ts';
import type {
  Command,
  Context,
  Participant,
  WorkflowEvent,
  WorkflowInstance,
} from '../../server/workflow/instance.ts';
import {
  clerk,
  contextOf,
  definitionWith,
  deputy,
  drafter,
  lastVisit,
  leader,
  otherDrafter,
  steps,
  stranger,
} from './definition-fixture.ts';

type Move = readonly [who: Participant, command: Command | ((instance: WorkflowInstance) => Command)];

const on = (make: (visit: string) => Command) => (instance: WorkflowInstance) => make(lastVisit(instance));
const claim = on((visit) => ({ type: 'claim', visit }));
const unclaim = on((visit) => ({ type: 'unclaim', visit }));
const choose = (outcome: string, reason?: string) =>
  on((visit) => ({ type: 'complete', visit, outcome, ...(reason !== undefined && { reason }) }));
const sendBack = (reason: string) => on((visit) => ({ type: 'return', visit, outcome: 'back', reason }));
const act = (name: 'sign' | 'register' | 'release') =>
  on((visit) => ({ type: 'complete', visit, act: name }));
const begin: Move = [drafter, { type: 'start' }];
const submitted: readonly Move[] = [begin, [drafter, choose('submit')]];
const approved: readonly Move[] = [...submitted, [leader, choose('approve')]];

interface Run {
  readonly instance: WorkflowInstance | undefined;
  readonly events: readonly WorkflowEvent[];
  readonly refused: string | undefined;
}

/** Plays moves until the first refusal. */
function play(moves: readonly Move[], changes: Partial<Context> = {}, definition = definitionWith()): Run {
  let instance: WorkflowInstance | undefined;
  const events: WorkflowEvent[] = [];
  for (const [who, move] of moves) {
    const command = typeof move === 'function' ? move(instance as WorkflowInstance) : move;
    const result = advance(definition, instance, command, contextOf(who, changes));
    if (result.refusal !== undefined) return { instance, events, refused: result.refusal.code };
    instance = result.instance;
    events.push(...result.events);
  }
  return { instance, events, refused: undefined };
}

const at = ({ instance }: Run) => instance?.visits.at(-1)?.step;

describe('The workflow engine', () => {
  it('takes a document from draft through a return, approval, signature, number and release to its end', () => {
    const run = play([
      ...submitted,
      [leader, sendBack('Thiếu căn cứ pháp lý')],
      [drafter, choose('submit')],
      [leader, choose('approve')],
      [leader, act('sign')],
      [clerk, claim],
      [clerk, act('register')],
      [clerk, act('release')],
    ]);
    expect(run.refused).to.equal(undefined);
    expect(run.instance?.state).to.equal('completed');
    expect(run.instance?.visits.map(({ step }) => step)).to.deep.equal([
      'draft',
      'approve',
      'draft',
      'approve',
      'sign',
      'number',
      'release',
    ]);
    expect(run.events.map(({ sequence }) => sequence)).to.deep.equal(run.events.map((_, index) => index + 1));
  });

  it('names in every event the actor, from, to, time and definition version', () => {
    for (const event of play(approved).events) {
      expect(event.process).to.deep.equal({ code: 'QT.VP.01', version: 1 });
      expect(event).to.include.all.keys('actor', 'from', 'to', 'time');
    }
  });

  it('gives the first step to who started and the rest to nobody yet', () => {
    const { instance } = play(submitted);
    expect(instance?.visits.map(({ assignee }) => assignee)).to.deep.equal(['drafter', undefined]);
  });

  it('returns a document to the hands that had it, and back again', () => {
    const { instance } = play([...submitted, [leader, sendBack('Sai tên')], [drafter, choose('submit')]]);
    expect(instance?.visits.slice(2).map(({ assignee }) => assignee)).to.deep.equal(['drafter', 'leader']);
  });

  it('keeps why it was returned in the visit and in the event', () => {
    const run = play([...submitted, [leader, sendBack('  Sai tên ')]]);
    expect(run.instance?.visits[1]?.closed?.reason).to.equal('Sai tên');
    expect(run.events.find(({ type }) => type === 'returned')).to.include({
      reason: 'Sai tên',
      from: 'approve',
      to: 'draft',
    });
  });

  it('lets the decision choose by the fields', () => {
    expect(at(play(submitted, { fields: { amount: 99 } }))).to.equal('sign');
    expect(at(play(submitted, { fields: { amount: 100 } }))).to.equal('approve');
  });

  it('opens a visit without a deadline when the calendar is not maintained, and says so', () => {
    const { instance } = play([begin], { due: () => ({ problem: 'calendar.not_maintained' }) });
    expect(instance).to.include({ dueProblem: 'calendar.not_maintained' }).and.not.have.property('due');
    expect(instance?.visits[0]).to.include({ dueProblem: 'calendar.not_maintained' });
  });

  it('asks for the deadline of the process and of each step that has a limit', () => {
    const asked: unknown[] = [];
    const due: Context['due'] = (start, limit, of) => {
      asked.push([of, limit]);
      return { due: start };
    };
    play([...approved], { due });
    expect(asked).to.deep.equal([
      ['process', { workingDays: 5 }],
      ['step', { workingDays: 1 }],
      ['step', { workingHours: 4 }],
    ]);
  });

  it('notes comments, files and a cancellation where they happened', () => {
    const run = play([
      begin,
      [leader, { type: 'comment', text: 'Xem lại khoản 2' }],
      [drafter, on((visit) => ({ type: 'attach', file: 'f1', name: 'phu-luc.pdf', visit }))],
      [drafter, { type: 'cancel', reason: 'Không còn cần thiết' }],
    ]);
    expect(run.instance?.state).to.equal('cancelled');
    expect(run.events.slice(2)).to.have.nested.property('[0].from', null);
    expect(run.events.slice(2)).to.have.nested.property('[1].from', 'draft');
    expect(run.events.slice(2)).to.have.nested.property('[2].from', 'draft');
  });

  it('lets a delegate act, on behalf of who delegated, and returns the task to that person later', () => {
    const run = play([
      ...submitted,
      [leader, on((visit) => ({ type: 'delegate', visit, to: deputy }))],
      [deputy, sendBack('Chưa rõ')],
      [drafter, choose('submit')],
    ]);
    expect(run.events.find(({ type }) => type === 'returned')).to.include({
      actor: 'deputy',
      onBehalfOf: 'leader',
    });
    expect(run.instance?.visits.at(-1)?.assignee).to.equal('leader');
  });

  it('remembers for whom a task is done, through however many hands it goes', () => {
    const third = { ...deputy, accountId: 'third' };
    const run = play([
      ...submitted,
      [leader, on((visit) => ({ type: 'delegate', visit, to: deputy }))],
      [deputy, on((visit) => ({ type: 'delegate', visit, to: third }))],
      [third, choose('approve')],
    ]);
    const done = run.events.find((event) => event.type === 'completed' && event.actor === 'third');
    expect(done).to.include({ onBehalfOf: 'leader' });
  });

  it('lets a leader free a task that an absent colleague holds', () => {
    const run = play([...submitted, [leader, claim], [deputy, unclaim], [deputy, claim]]);
    expect(run.instance?.visits.at(-1)?.assignee).to.equal('deputy');
  });

  it('restricts a same-unit role to the unit of the drafter, and to the agency when there is no unit', () => {
    const roles = {
      ...definitionWith().roles,
      leader: { title: { vi: 'x' }, accountRole: 'leader', sameUnit: true },
    } as const;
    const definition = definitionWith({ roles });
    expect(play([...submitted, [{ ...leader, unitId: 'finance' }, claim]], {}, definition).refused).to.equal(
      'workflow.not_candidate',
    );
    const { unitId: _, ...unitless } = drafter;
    const moves: readonly Move[] = [
      [unitless, { type: 'start' }],
      [unitless, choose('submit')],
      [leader, claim],
    ];
    expect(play(moves, {}, definition).refused).to.equal(undefined);
  });

  it('replays its events to the same state', () => {
    const run = play([...submitted, [leader, claim], [leader, sendBack('x')]]);
    expect(replay(run.events)).to.deep.equal(run.instance);
    expect(replay([])).to.equal(undefined);
  });

  it('does not replay a history without its beginning', () => {
    expect(() => replay(play([begin]).events.slice(1))).to.throw(TypeError);
  });

  it('lets an error of the calendar that is no answer through, for it is a defect', () => {
    const due = () => {
      throw new Error('defect');
    };
    expect(() => play([begin], { due })).to.throw('defect');
  });
});

describe('The workflow engine refuses', () => {
  const someRoles = definitionWith().roles;
  const refused: readonly (readonly [title: string, code: string, run: Run])[] = [
    ['anything before the start', 'workflow.not_started', play([[drafter, { type: 'comment', text: 'x' }]])],
    ['a second start', 'workflow.already_started', play([begin, begin])],
    [
      'a start by someone the first step is not for',
      'workflow.not_candidate',
      play([[leader, { type: 'start' }]]),
    ],
    [
      'anything after the end',
      'workflow.ended',
      play([begin, [drafter, { type: 'cancel', reason: 'x' }], [drafter, { type: 'comment', text: 'x' }]]),
    ],
    [
      'a visit that does not exist',
      'workflow.unknown_visit',
      play([begin, [drafter, { type: 'claim', visit: 'v9' }]]),
    ],
    [
      'a visit that is closed',
      'workflow.visit_closed',
      play([...submitted, [drafter, { type: 'complete', visit: 'v1', outcome: 'submit' }]]),
    ],
    ['to take a taken task', 'workflow.task_taken', play([...submitted, [leader, claim], [deputy, claim]])],
    [
      'to complete a taken task',
      'workflow.task_taken',
      play([...submitted, [leader, claim], [deputy, choose('approve')]]),
    ],
    [
      'to free a task of another by one who leads nothing',
      'workflow.task_taken',
      play([begin, [otherDrafter, unclaim]]),
    ],
    [
      'to free a task by a leader of another agency',
      'workflow.task_taken',
      play([begin, [stranger, unclaim]]),
    ],
    ['to free a task nobody has', 'workflow.not_taken', play([...submitted, [leader, unclaim]])],
    ['a task of another role', 'workflow.not_candidate', play([...submitted, [clerk, choose('approve')]])],
    ['a task of another role to be claimed', 'workflow.not_candidate', play([...submitted, [clerk, claim]])],
    [
      'a task of another agency',
      'workflow.not_candidate',
      play([...submitted, [stranger, choose('approve')]]),
    ],
    ['an outcome the step lacks', 'workflow.unknown_outcome', play([begin, [drafter, choose('approve')]])],
    [
      'an outcome named like a property of every object',
      'workflow.unknown_outcome',
      play([begin, [drafter, choose('constructor')]]),
    ],
    [
      'a return by an outcome that is none',
      'workflow.no_return',
      play([
        ...submitted,
        [leader, on((visit) => ({ type: 'return', visit, outcome: 'approve', reason: 'x' }))],
      ]),
    ],
    ['a return without a reason', 'workflow.reason_missing', play([...submitted, [leader, sendBack(' ')]])],
    [
      'a rejection without the reason it demands',
      'workflow.reason_missing',
      play([...submitted, [leader, choose('reject')]]),
    ],
    [
      'a cancellation without a reason',
      'workflow.reason_missing',
      play([begin, [drafter, { type: 'cancel', reason: '' }]]),
    ],
    ['an empty comment', 'workflow.text_unusable', play([begin, [drafter, { type: 'comment', text: '\n' }]])],
    [
      'a comment as long as a book',
      'workflow.text_unusable',
      play([begin, [drafter, { type: 'comment', text: 'x'.repeat(4_001) }]]),
    ],
    [
      'to call a document signed that was not',
      'workflow.wrong_act',
      play([...approved, [leader, choose('signed')]]),
    ],
    ['to number at a step that signs', 'workflow.wrong_act', play([...approved, [leader, act('register')]])],
    ['to sign at a plain task', 'workflow.wrong_act', play([begin, [drafter, act('sign')]])],
    [
      'to delegate to oneself',
      'workflow.delegation_refused',
      play([...submitted, [leader, on((visit) => ({ type: 'delegate', visit, to: leader }))]]),
    ],
    [
      'to delegate to another role',
      'workflow.delegation_refused',
      play([...submitted, [leader, on((visit) => ({ type: 'delegate', visit, to: clerk }))]]),
    ],
    [
      'to delegate to another agency',
      'workflow.delegation_refused',
      play([...submitted, [leader, on((visit) => ({ type: 'delegate', visit, to: stranger }))]]),
    ],
    [
      'to delegate a signature',
      'workflow.delegation_refused',
      play([...approved, [leader, on((visit) => ({ type: 'delegate', visit, to: deputy }))]]),
    ],
    ['a decision over a missing field', 'workflow.missing_field', play(submitted, { fields: {} })],
    [
      'a decision over a field of another type',
      'workflow.expression_type',
      play(submitted, { fields: { amount: 'many' } }),
    ],
    [
      'a step that is not there',
      'workflow.unknown_step',
      play([begin], {}, definitionWith({ start: 'nowhere' })),
    ],
    [
      'a role that is not there',
      'workflow.unknown_role',
      play(
        [begin],
        {},
        definitionWith({
          roles: { leader: someRoles.leader ?? { title: { vi: 'x' }, accountRole: 'leader' } },
        }),
      ),
    ],
    [
      'a parallel step',
      'workflow.parallel_unsupported',
      play(
        [begin],
        {},
        definitionWith({
          start: 'both',
          steps: {
            ...steps,
            both: {
              kind: 'parallel',
              title: { vi: 'x' },
              branches: ['sign', 'approve'],
              join: 'all',
              next: 'done',
            },
          },
        }),
      ),
    ],
    [
      'an approval by all',
      'workflow.approval_unsupported',
      play([begin], {}, definitionWith({ steps: { ...steps, draft: { ...steps.draft, approval: 'all' } } })),
    ],
    [
      'a step that cannot go on',
      'workflow.no_forward_outcome',
      play(
        [...approved, [leader, act('sign')]],
        {},
        definitionWith({
          steps: { ...steps, sign: { ...steps.sign, outcomes: { back: steps.sign.outcomes.back } } },
        }),
      ),
    ],
    [
      'decisions that go round',
      'workflow.endless_decision',
      play(
        [begin],
        {},
        definitionWith({
          start: 'route',
          steps: { ...steps, route: { ...steps.route, rules: [{ when: 'true', next: 'route' }] } },
        }),
      ),
    ],
  ];
  for (const [title, code, run] of refused) {
    it(title, () => expect(run.refused).to.equal(code));
  }

  it('to go on under another version of the definition', () => {
    const { instance } = play([begin]);
    const result = advance(
      definitionWith({ version: 2 }),
      instance,
      { type: 'comment', text: 'x' },
      contextOf(drafter),
    );
    expect(result.refusal?.code).to.equal('workflow.other_definition');
  });

  describe('a history without end', () => {
    const { instance } = play([begin]);
    const refusalAt = (sequence: number, command: Command): string | undefined =>
      advance(definitionWith(), { ...(instance as WorkflowInstance), sequence }, command, contextOf(drafter))
        .refusal?.code;
    const visit = 'v1';

    it('of what leaves the document where it is: taking and giving up a task 2,500 times left it stuck', () => {
      for (const stays of [
        { type: 'comment', text: 'x' },
        { type: 'unclaim', visit },
      ] as const) {
        expect(refusalAt(4_499, stays)).to.equal(undefined);
        expect(refusalAt(4_500, stays)).to.equal('workflow.too_long');
      }
      expect(refusalAt(4_990, { type: 'complete', visit, outcome: 'submit' })).to.equal(undefined);
    });

    it('of moves, which can still be cancelled', () => {
      expect(refusalAt(5_000, { type: 'complete', visit, outcome: 'submit' })).to.equal('workflow.too_long');
      expect(refusalAt(5_000, { type: 'cancel', reason: 'x' })).to.equal(undefined);
    });
  });
});
