import { evaluate, parseExpression } from 'feelin';
import { WorkflowError } from './errors.ts';

const MAX_NODES = 500;
const MAX_DEPTH = 40;

/** Loops and functions would make a condition unbounded; filters and regular expressions likewise. */
const FORBIDDEN_NODES = new Set([
  'ForExpression',
  'QuantifiedExpression',
  'FunctionDefinition',
  'FilterExpression',
]);
/** Everything else of FEEL's library is refused: the clock is no field, and a decision is the same at every replay. */
const FUNCTIONS = new Set(
  [
    ['not', 'number', 'string', 'date', 'date and time', 'duration'],
    ['years and months duration', 'string length', 'upper case', 'lower case', 'contains', 'starts with'],
    ['ends with', 'list contains', 'count', 'min', 'max', 'sum', 'mean', 'abs', 'floor', 'ceiling'],
    ['modulo', 'odd', 'even', 'all', 'any'],
  ].flat(),
);
const MISSING = new Set(['NO_VARIABLE_FOUND', 'NO_CONTEXT_ENTRY_FOUND', 'NO_PROPERTY_FOUND']);

type Values = Readonly<Record<string, unknown>>;
type Node = NonNullable<ReturnType<ReturnType<typeof parseExpression>['topNode']['getChild']>>;

/** @throws WorkflowError `workflow.bad_expression` when `text` is no FEEL or could not be evaluated in bounded time. */
export function checkExpression(text: string): void {
  let nodes = 0;
  let depth = 0;
  parseExpression(text, {}, undefined).iterate({
    enter: (node) => {
      if (++nodes > MAX_NODES || ++depth > MAX_DEPTH) throw bad(text, 'too large');
      if (node.type.isError) throw bad(text, 'malformed');
      // The library reads `a == 1` as `a = (= 1)`, which is never true.
      if (node.name === 'SimplePositiveUnaryTest' && node.node.parent?.name === 'Comparison') {
        throw bad(text, 'malformed comparison');
      }
      if (FORBIDDEN_NODES.has(node.name)) throw bad(text, `${node.name} is not allowed`);
      if (node.name === 'FunctionInvocation') checkFunction(text, node.node.firstChild);
    },
    leave: () => {
      depth--;
    },
  });
}

/**
 * Whether a FEEL condition (DMN 1.3, chapter 10) holds for `values`.
 *
 * @throws WorkflowError `workflow.missing_field` when it names what `values` lacks, `workflow.expression_type` when it
 * compares unlike types or gives no boolean, `workflow.bad_expression`
 */
export function holds(text: string, values: Values): boolean {
  checkExpression(text);
  const value = resultOf(text, values);
  checkComparisons(text, values);
  if (typeof value !== 'boolean') throw typeError(text);
  return value;
}

function resultOf(text: string, values: Values): unknown {
  try {
    const { value, warnings } = evaluate(text, { ...values });
    const missing = warnings.find(({ type }) => MISSING.has(type));
    if (missing !== undefined) {
      throw new WorkflowError('workflow.missing_field', 'a field the condition needs is missing', {
        details: { expression: text, missing: text.slice(missing.position.from, missing.position.to) },
      });
    }
    if (warnings.length > 0) throw typeError(text);
    return value;
  } catch (error) {
    if (error instanceof WorkflowError) throw error;
    throw new WorkflowError('workflow.bad_expression', 'the condition cannot be evaluated', {
      details: { expression: text },
      cause: error,
    });
  }
}

/** The library answers false when unlike things are compared; a wrong answer would send the document the wrong way. */
function checkComparisons(text: string, values: Values): void {
  parseExpression(text, { ...values }, undefined).iterate({
    enter: ({ name, node }) => {
      if (name !== 'Comparison' || node.getChild('CompareOp') === null) return;
      const [left, right] = [node.firstChild, node.lastChild].map((side) =>
        side === null ? null : resultOf(text.slice(side.from, side.to), values),
      );
      if (isNothing(left) || isNothing(right)) return;
      if (kindOf(left) !== kindOf(right)) throw typeError(text);
    },
  });
}

function checkFunction(text: string, callee: Node | null): void {
  const name = callee === null ? '' : text.slice(callee.from, callee.to).replace(/\s+/g, ' ');
  if (!FUNCTIONS.has(name)) throw bad(text, `function ${name} is not allowed`);
}

const isNothing = (value: unknown): boolean => value === null || value === undefined;

const kindOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'object') : typeof value;

const bad = (expression: string, problem: string): WorkflowError =>
  new WorkflowError('workflow.bad_expression', problem, { details: { expression, problem } });
const typeError = (expression: string): WorkflowError =>
  new WorkflowError('workflow.expression_type', 'the condition is neither true nor false', {
    details: { expression },
  });
