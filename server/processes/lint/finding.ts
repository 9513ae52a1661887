import type { ProcessDefinition } from '../../workflow/definition.ts';

/** An error keeps a version from being submitted; a warning is told. */
export type Severity = 'error' | 'warning';

export interface Finding {
  /** Id of the rule: `schema`, or the name of a file of this folder. */
  readonly rule: string;
  readonly severity: Severity;
  /** JSON pointer (RFC 6901) into the definition. */
  readonly path: string;
  readonly vi: string;
  readonly en: string;
}

export type Fault = Pick<Finding, 'path' | 'vi' | 'en'> & { readonly severity?: Severity };

/** One rule about definitions that have passed the schema. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly check: (definition: ProcessDefinition) => Iterable<Fault>;
}

/** A reference token of a JSON pointer. */
export const pointer = (token: string): string => token.replaceAll('~', '~0').replaceAll('/', '~1');
