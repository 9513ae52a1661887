import { expect } from 'chai';
import { hasErrors, lintDefinition, lintValue } from '../../server/processes/lint-definition.ts';
import type { ProcessDefinition } from '../../server/workflow/definition.ts';
import { definitionWith, withStep } from './sample-definition.ts';

const told = (definition: ProcessDefinition): string[] =>
  lintDefinition(definition).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

const title = { vi: 'Bước' };
const fieldsWith = (properties: object, more: object = {}): ProcessDefinition => {
  const { fields } = definitionWith();
  const declared = (fields as unknown as { properties: object }).properties;
  return definitionWith({ fields: { ...fields, ...more, properties: { ...declared, ...properties } } });
};

describe('the lint of process definitions', () => {
  it('has nothing to say about a definition that is well', () => {
    expect(told(definitionWith())).to.deep.equal([]);
  });

  describe('tells that', () => {
    it('the start, a target, a role or a condition is wrong', () => {
      expect(told(definitionWith({ start: 'nowhere' }))).to.include('error engine /start');
      const step = withStep('draft', { role: 'nobody', outcomes: { submit: { title, next: 'nowhere' } } });
      expect(told(step)).to.include.members([
        'error engine /steps/draft/role',
        'error engine /steps/draft/outcomes/submit/next',
      ]);
      const rules = [{ when: 'urgency = = 1', next: 'approval' }];
      expect(told(withStep('urgency', { rules }))).to.include('error engine /steps/urgency/rules/0/when');
    });

    it('a step cannot be reached', () => {
      const island = { kind: 'task', title, role: 'clerk', timeLimit: { workingDays: 1 } };
      expect(
        told(withStep('island', { ...island, outcomes: { go: { title, next: 'done' } } })),
      ).to.deep.equal(['error steps-reachable /steps/island']);
    });

    it('no end can be reached', () => {
      const trapped = withStep('archive', {
        outcomes: { again: { title, next: 'archive', requiresReason: true } },
      });
      expect(told(trapped)).to.include('error end-reachable /steps/archive');
    });

    it('a return leads forward, or a way back is not called a return', () => {
      const forward = { title, next: 'release', return: true };
      expect(
        told(withStep('register', { outcomes: { ok: { title, next: 'agency-seal' }, forward } })),
      ).to.deep.equal(['error returns-go-back /steps/register/outcomes/forward/next']);
      const back = { title, next: 'draft' };
      expect(
        told(withStep('register', { outcomes: { ok: { title, next: 'agency-seal' }, back } })),
      ).to.include('warning returns-go-back /steps/register/outcomes/back/next');
    });

    it('a seal can be set before the signature', () => {
      const next = { title, next: 'register' };
      expect(told(withStep('approval', { outcomes: { skip: next } }))).to.include(
        'warning seal-after-signature /steps/agency-seal',
      );
    });

    it('a number can be given after the seal has locked its field', () => {
      const { steps } = definitionWith();
      const sealFirst = withStep('leader-sign', {
        outcomes: { signed: { title, next: 'agency-seal' } },
      }).steps;
      const thenNumber = { ...steps['agency-seal'], outcomes: { sealed: { title, next: 'register' } } };
      const register = { ...steps.register, outcomes: { registered: { title, next: 'release' } } };
      const wrongOrder = { ...sealFirst, 'agency-seal': thenNumber, register };
      expect(told(definitionWith({ steps: wrongOrder as ProcessDefinition['steps'] }))).to.deep.equal([
        'error number-before-seal /steps/register',
      ]);
    });

    it('what is signed lacks a field the page needs, or has one the page cannot use', () => {
      const { fields } = definitionWith();
      const required = (fields as unknown as { required: string[] }).required;
      const without = { ...fields, required: required.filter((name) => name !== 'type') };
      expect(told(definitionWith({ fields: without }))).to.deep.equal(['error page-fields /fields/required']);
      const unasked = withStep('draft', { edits: ['subject', 'body', 'signerPosition', 'signerName'] });
      expect(told(unasked)).to.deep.equal(['error page-fields /fields/properties/type']);
      for (const [name, schema] of Object.entries({
        recipients: { type: 'string' },
        body: { type: 'integer' },
        urgency: { type: 'string' },
        competence: { type: 'string', enum: ['TM.', 'PP.'] },
      })) {
        expect(told(fieldsWith({ [name]: schema })), name).to.include(
          `error page-fields /fields/properties/${name}`,
        );
      }
    });

    it('a word is none of those allowed, and says which are', () => {
      const { roles } = definitionWith();
      const boss = { ...roles, clerk: { title, accountRole: 'boss' } };
      const [role] = lintValue(definitionWith({ roles: boss as never }));
      expect(role).to.include({ path: '/roles/clerk/accountRole' });
      expect(role?.vi).to.match(/^Phải là một trong: "official", .*"auditor"\.$/);
      const [kind] = lintValue(withStep('draft', { kind: 'taks' }));
      expect(kind).to.include({ path: '/steps/draft/kind' });
      expect(kind?.en).to.match(/^Must be one of "task", .*"end"\.$/);
    });

    it('a form or an edited field is not declared', () => {
      const { edits } = definitionWith().steps.draft as { edits: string[] };
      expect(told(withStep('draft', { forms: ['BM.X'], edits: ['subjekt', ...edits] }))).to.deep.equal([
        'error forms-known /steps/draft/forms/0',
        'error edits-known /steps/draft/edits/0',
      ]);
    });

    it('a decision reads a field that is not declared, or that a document may lack', () => {
      const decide = (when: string) => told(withStep('urgency', { rules: [{ when, next: 'approval' }] }));
      const path = '/steps/urgency/rules/0/when';
      expect(decide('urgencie = "urgent"')).to.include(`error decision-fields ${path}`);
      expect(decide('authority = "x"')).to.include(`warning decision-fields ${path}`);
      expect(decide('count(recipients) > 3')).to.not.include(`error decision-fields ${path}`);
    });

    it('the steps take longer than promised, or have no time at all', () => {
      expect(told(definitionWith({ timeLimit: { workingDays: 4.9 } }))).to.deep.equal([
        'error times-fit /timeLimit',
      ]);
      expect(told(definitionWith({ timeLimit: { workingHours: 40 } }))).to.deep.equal([]);
      const { timeLimit: _, ...untimed } = definitionWith().steps.archive as { timeLimit: unknown };
      const { steps } = definitionWith();
      expect(told(definitionWith({ steps: { ...steps, archive: untimed as never } }))).to.deep.equal([
        'warning times-fit /steps/archive',
      ]);
    });

    it('a printed section is empty', () => {
      for (const section of ['references', 'terms', 'legalBasis', 'dossier', 'forms'] as const) {
        expect(told(definitionWith({ [section]: [] })), section).to.include(
          `error sections-filled /${section}`,
        );
      }
      expect(told(definitionWith({ scope: { vi: '  ' } }))).to.deep.equal([
        'error sections-filled /scope/vi',
      ]);
      const revision = { reason: { vi: 'Sửa' }, changes: [] };
      expect(told(definitionWith({ revision }))).to.deep.equal(['error sections-filled /revision/changes']);
    });
  });

  describe('lets the schema of the fields', () => {
    const refused: Record<string, object> = {
      'fetch another schema': { a: { $ref: 'https://example.org/schema.json' } },
      'refer to itself': { a: { $ref: '#' } },
      'rename itself': { a: { $id: 'https://example.org/a' } },
      'backtrack exponentially': { a: { type: 'string', pattern: '^(a+)+$' } },
      'backtrack polynomially': { a: { type: 'string', pattern: 'a+b' } },
      'be no schema': { a: { type: 'text' } },
      'use a format nobody checks': { a: { type: 'string', format: 'mystery' } },
      'compare the things of a list each with each': {
        a: { type: 'array', uniqueItems: true, maxItems: 1e6 },
      },
      // 30,000 names made ajv run out of memory, and the server with it.
      'have code that grows with the square of a list': { a: { dependentRequired: { b: ['c', 'd'] } } },
      'be so large that compiling it stops the server': Object.fromEntries(
        Array.from({ length: 600 }, (_, at) => [`a${at}`, { type: 'string' }]),
      ),
    };
    for (const [what, properties] of Object.entries(refused)) {
      it(`not ${what}`, () => {
        const rules = lintDefinition(fieldsWith(properties)).filter(({ severity }) => severity === 'error');
        expect(rules.map(({ rule }) => rule)).to.include('fields-schema');
        expect(rules[0]?.path).to.match(/^\/fields/);
      });
    }

    it('not nest without end', () => {
      let deep: object = { type: 'string' };
      for (let i = 0; i < 20; i++) deep = { type: 'array', items: deep };
      expect(hasErrors(lintDefinition(fieldsWith({ a: deep })))).to.equal(true);
    });

    it('not multiply references', () => {
      const $defs = { a: { anyOf: [{ $ref: '#/$defs/b' }, { $ref: '#/$defs/b' }] }, b: { type: 'string' } };
      expect(hasErrors(lintDefinition(fieldsWith({ x: { $ref: '#/$defs/a' } }, { $defs })))).to.equal(true);
    });

    it('be long in few values', () => {
      const description = 'x'.repeat(40_000);
      expect(hasErrors(lintDefinition(fieldsWith({ a: { type: 'string', description } })))).to.equal(true);
    });

    it('ask for different texts in a list', () => {
      const tags = { type: 'array', uniqueItems: true, items: { type: 'string' } };
      expect(told(fieldsWith({ tags }))).to.deep.equal([]);
    });

    it('use its own definitions, formats and bounded patterns', () => {
      const $defs = { code: { type: 'string', pattern: '^[A-Z]{2}-[0-9]+$', maxLength: 20 } };
      const properties = { code: { $ref: '#/$defs/code' }, day: { type: 'string', format: 'date' } };
      expect(told(fieldsWith(properties, { $defs }))).to.deep.equal([]);
    });

    it('describe an object', () => {
      expect(told(definitionWith({ fields: { type: 'array' } }))).to.include(
        'error fields-schema /fields/type',
      );
    });
  });

  describe('names the place of what breaks the schema', () => {
    const paths = (value: unknown): string[] => lintValue(value).map(({ rule, path }) => `${rule} ${path}`);

    it('a section that is missing, and one nobody knows', () => {
      const { purpose: _, ...rest } = definitionWith();
      expect(paths({ ...rest, porpoise: 1 })).to.deep.equal(['schema /purpose', 'schema /porpoise']);
    });

    it('inside the kind of step that was meant', () => {
      const { steps } = definitionWith();
      const draft = { ...steps.draft, timeLimit: 'P2D' };
      expect(paths(definitionWith({ steps: { ...steps, draft } as never }))).to.deep.equal([
        'schema /steps/draft/timeLimit',
      ]);
      const { certificate: _, ...unsure } = steps['leader-sign'] as { certificate: string };
      expect(paths(definitionWith({ steps: { ...steps, 'leader-sign': unsure } as never }))).to.deep.equal([
        'schema /steps/leader-sign/certificate',
      ]);
    });

    it('a kind of step that does not exist', () => {
      const { steps } = definitionWith();
      const draft = { ...steps.draft, kind: 'dance' };
      expect(paths(definitionWith({ steps: { ...steps, draft } as never }))).to.deep.equal([
        'schema /steps/draft/kind',
      ]);
    });

    it('a key that is none', () => {
      const { steps } = definitionWith();
      expect(paths(definitionWith({ steps: { ...steps, 'bước một': steps.draft } as never }))).to.deep.equal([
        'schema /steps/bước một',
      ]);
    });

    it('and looks at no more of them than people read', () => {
      const many = (length: number) => Object.fromEntries(Array.from({ length }, (_, at) => [`a${at}`, 0]));
      expect(lintValue({ ...definitionWith(), steps: many(4_000) })).to.have.lengthOf(50);
      expect(paths({ ...definitionWith(), steps: many(60_000) })).to.deep.equal(['schema /']);
    });

    it('and says something about whatever is no definition at all', () => {
      for (const value of [null, 1, 'x', [], {}, { steps: { a: null } }]) {
        expect(lintValue(value), JSON.stringify(value)).to.not.deep.equal([]);
      }
    });
  });
});
