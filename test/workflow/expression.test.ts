import { expect } from 'chai';
import fc from 'fast-check';
import { WorkflowError } from '../../server/workflow/errors.ts';
import { checkExpression, holds } from '../../server/workflow/expression.ts';

const values = {
  amount: 100,
  kind: 'quyetDinh',
  urgent: true,
  tags: ['ngân sách', 'đất đai'],
  place: { province: 'Cà Mau' },
  nothing: null,
  day: '2026-11-23',
};

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WorkflowError) return error.code;
    throw error;
  }
  return 'none';
}

describe('A FEEL condition', () => {
  const answers: readonly (readonly [string, boolean])[] = [
    ['amount >= 100', true],
    ['amount < 100', false],
    ['amount in [1..99]', false],
    ['amount between 50 and 150', true],
    ['kind = "quyetDinh" and urgent', true],
    ['kind = "congVan" or not(urgent)', false],
    ['list contains(tags, "đất đai")', true],
    ['place.province = "Cà Mau"', true],
    ['nothing = null', true],
    ['nothing != null', false],
    ['date(day) > date("2026-01-01")', true],
    ['if urgent then amount > 1 else false', true],
    ['count(tags) = 2', true],
  ];
  for (const [text, answer] of answers) {
    it(`${text} is ${answer}`, () => expect(holds(text, values)).to.equal(answer));
  }

  const refused: readonly (readonly [string, string])[] = [
    ['missing > 3', 'workflow.missing_field'],
    ['place.ward = "x"', 'workflow.missing_field'],
    ['urgent or missing', 'workflow.missing_field'],
    ['kind > 3', 'workflow.expression_type'],
    ['amount = "100"', 'workflow.expression_type'],
    ['urgent or amount < "5"', 'workflow.expression_type'],
    ['date(day) > "2026-01-01"', 'workflow.expression_type'],
    ['amount + 1', 'workflow.expression_type'],
    ['nothing > 3', 'workflow.expression_type'],
    ['kind', 'workflow.expression_type'],
    ['', 'workflow.bad_expression'],
    ['amount >', 'workflow.bad_expression'],
    ['amount == 1', 'workflow.bad_expression'],
    ['today() > date(day)', 'workflow.bad_expression'],
    ['now() = now()', 'workflow.bad_expression'],
    ['matches(kind, "(a+)+$")', 'workflow.bad_expression'],
    ['count(for i in 1..1000000000 return i) > 1', 'workflow.bad_expression'],
    ['some t in tags satisfies t = "x"', 'workflow.bad_expression'],
    ['(function(x) x)(1) = 1', 'workflow.bad_expression'],
    ['count(tags[item = "x"]) = 1', 'workflow.bad_expression'],
    [`${'('.repeat(300)}true${')'.repeat(300)}`, 'workflow.bad_expression'],
    [Array(400).fill('urgent').join(' and '), 'workflow.bad_expression'],
  ];
  for (const [text, code] of refused) {
    it(`${text.slice(0, 60)} is refused as ${code}`, () =>
      expect(codeOf(() => holds(text, values))).to.equal(code));
  }

  it('never answers otherwise than with a boolean or a code, whatever is written', () => {
    const word = fc.constantFrom(
      'amount',
      'kind',
      '>',
      '=',
      'and',
      'or',
      '(',
      ')',
      '"x"',
      '1',
      'not',
      '.',
      'in',
      '..',
      '[',
      ']',
      '{',
      '@',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 40 }),
          fc.array(word, { maxLength: 12 }).map((all) => all.join(' ')),
        ),
        (text) => {
          try {
            expect(holds(text, values)).to.be.a('boolean');
          } catch (error) {
            expect(error).to.be.instanceOf(WorkflowError);
          }
        },
      ),
    );
  });

  it('is checked at publishing without any data', () => {
    expect(codeOf(() => checkExpression('amount > 3 and place.province = "x"'))).to.equal('none');
  });
});
