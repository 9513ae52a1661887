import { claim, unclaim } from './claim.ts';
import { complete, returnBack } from './complete.ts';
import type { ProcessDefinition } from './definition.ts';
import { delegate } from './delegate.ts';
import { WorkflowError } from './errors.ts';
import type { Advance, Command, Context, WorkflowInstance } from './instance.ts';
import { attach, cancel, comment } from './note.ts';
import { start } from './start.ts';
import { refusal, Transaction } from './transaction.ts';

/**
 * The engine: what `command` makes of `instance` under `definition`, or why it is refused. Pure, total and
 * deterministic; nothing is changed in place. `instance` is undefined only before `start`.
 */
export function advance(
  definition: ProcessDefinition,
  instance: WorkflowInstance | undefined,
  command: Command,
  context: Context,
): Advance {
  try {
    const tx = new Transaction(definition, instance, context);
    checkState(definition, instance, command);
    run(tx, command);
    return { instance: tx.instance, events: tx.events };
  } catch (error) {
    if (error instanceof WorkflowError) return { refusal: { code: error.code, details: error.details } };
    throw error;
  }
}

function checkState(
  definition: ProcessDefinition,
  instance: WorkflowInstance | undefined,
  { type }: Command,
): void {
  if (instance === undefined) {
    if (type !== 'start') throw refusal('workflow.not_started');
    return;
  }
  if (type === 'start') throw refusal('workflow.already_started');
  const { code, version } = instance.process;
  if (code !== definition.code || version !== definition.version) throw refusal('workflow.other_definition');
  if (instance.state !== 'running') throw refusal('workflow.ended');
}

function run(tx: Transaction, command: Command): void {
  switch (command.type) {
    case 'start':
      start(tx);
      break;
    case 'claim':
      claim(tx, command.visit);
      break;
    case 'unclaim':
      unclaim(tx, command.visit);
      break;
    case 'complete':
      complete(tx, command);
      break;
    case 'return':
      returnBack(tx, command);
      break;
    case 'delegate':
      delegate(tx, command);
      break;
    case 'comment':
      comment(tx, command);
      break;
    case 'attach':
      attach(tx, command);
      break;
    case 'cancel':
      cancel(tx, command);
      break;
  }
}
