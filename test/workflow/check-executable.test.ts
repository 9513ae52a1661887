import { expect } from 'chai';
import { checkExecutable } from '../../server/workflow/check-executable.ts';
import type { ProcessDefinition } from '../../server/workflow/definition.ts';
import { definitionWith, steps } from './definition-fixture.ts';

const title = { vi: 'x' };

describe('A definition the engine can run', () => {
  it('has no problem', () => expect(checkExecutable(definitionWith())).to.deep.equal([]));

  it('has conditions that are read in no time, all of them together', () => {
    const rule = { when: `"${'x'.repeat(1_000)}" = "y"`, next: 'sign' };
    const route = { ...steps.route, rules: Array.from({ length: 12 }, () => rule) };
    const found = checkExecutable(
      definitionWith({ steps: { ...steps, route } as ProcessDefinition['steps'] }),
    );
    expect(found.map(({ path }) => path)).to.deep.equal(
      [9, 10, 11].map((at) => `/steps/route/rules/${at}/when`),
    );
  });

  const problems: readonly (readonly [string, Partial<ProcessDefinition>, string, string])[] = [
    ['starts somewhere', { start: 'nowhere' }, '/start', 'workflow.unknown_step'],
    [
      'leads somewhere',
      { steps: { ...steps, route: { ...steps.route, otherwise: 'nowhere' } } },
      '/steps/route/otherwise',
      'workflow.unknown_step',
    ],
    [
      'leads somewhere by every outcome',
      { steps: { ...steps, number: { ...steps.number, outcomes: { done: { title, next: 'toString' } } } } },
      '/steps/number/outcomes/done/next',
      'workflow.unknown_step',
    ],
    [
      'declares its roles',
      { steps: { ...steps, number: { ...steps.number, role: 'archivist' } } },
      '/steps/number/role',
      'workflow.unknown_role',
    ],
    [
      'has no parallel step',
      {
        steps: {
          ...steps,
          both: { kind: 'parallel', title, branches: ['draft', 'sign'], join: 'all', next: 'done' },
        },
      },
      '/steps/both',
      'workflow.parallel_unsupported',
    ],
    [
      'asks nobody for a quorum',
      { steps: { ...steps, approve: { ...steps.approve, approval: { quorum: 2 } } } },
      '/steps/approve/approval',
      'workflow.approval_unsupported',
    ],
    [
      'goes on after a signature',
      { steps: { ...steps, sign: { ...steps.sign, outcomes: { back: steps.sign.outcomes.back } } } },
      '/steps/sign/outcomes',
      'workflow.no_forward_outcome',
    ],
    [
      'writes its conditions in FEEL',
      { steps: { ...steps, route: { ...steps.route, rules: [{ when: 'amount >', next: 'sign' }] } } },
      '/steps/route/rules/0/when',
      'workflow.bad_expression',
    ],
    [
      'does not decide in circles',
      {
        steps: {
          ...steps,
          route: { ...steps.route, otherwise: 'again' },
          again: { ...steps.route, otherwise: 'route' },
        },
      },
      '/steps/route',
      'workflow.endless_decision',
    ],
  ];
  for (const [name, changes, path, code] of problems) {
    it(name, () => expect(checkExecutable(definitionWith(changes))).to.deep.include({ path, code }));
  }
});
