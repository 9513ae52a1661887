import type { PdfDocument } from '../../pdf/document.ts';
import { PdfError } from '../../pdf/errors.ts';
import { type UnaccountedBytes, unaccountedBytes } from '../../pdf/unaccounted-bytes.ts';
import { type Change, Comparison } from './comparison.ts';
import type { Level } from './level.ts';
import { EdgeCache } from './references.ts';
import { catalogRule } from './rules/catalog.ts';
import { documentInformationRule } from './rules/document-information.ts';
import { extensionsRule } from './rules/extensions.ts';
import { fieldsRule } from './rules/fields.ts';
import { formRule } from './rules/form.ts';
import { metadataRule } from './rules/metadata.ts';
import { newObjectsRule } from './rules/new-objects.ts';
import { pagesRule } from './rules/pages.ts';
import { securityStoreRule } from './rules/security-store.ts';
import { structureRule } from './rules/structure.ts';
import { trailerRule } from './rules/trailer.ts';

/** What one incremental update did. */
export interface StepDifference {
  /** Index of the revision that the update made. */
  readonly revision: number;
  readonly level: Level;
  readonly changes: readonly Change[];
  /** Fully qualified names of the fields filled or signed. */
  readonly filledFields: ReadonlySet<string>;
}

/** Each rule judges the objects it knows; the order matters only where one notes what the next may allow. */
const rules = [
  newObjectsRule,
  trailerRule,
  documentInformationRule,
  catalogRule,
  securityStoreRule,
  extensionsRule,
  metadataRule,
  structureRule,
  formRule,
  fieldsRule,
  pagesRule,
];

/** Compares each update of a document with the revision before it, once, whatever number of signatures ask. */
export class RevisionComparer {
  readonly #document: PdfDocument;
  readonly #edges = new EdgeCache();
  readonly #steps = new Map<number, StepDifference>();
  #stray: readonly UnaccountedBytes[] | undefined;

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** The updates after the revision of that index, oldest first, and bytes behind the last unless all are signed. Never throws: what cannot be read is forbidden. */
  after(index: number, wholeFile: boolean): readonly StepDifference[] {
    const steps: StepDifference[] = [];
    for (let i = index + 1; i < this.#document.revisions.length; i++) steps.push(this.#step(i));
    const appended = wholeFile ? undefined : this.#appendedBytes();
    return appended ? [...steps, appended] : steps;
  }

  /** Anything behind the last revision but white space: no cross-reference names it, some readers would find it. */
  #appendedBytes(): StepDifference | undefined {
    const { revisions } = this.#document;
    const end = revisions.at(-1)?.end ?? 0;
    const stray = this.#unaccounted().find((bytes) => bytes.end > end);
    return stray && strayStep(revisions.length, stray);
  }

  #unaccounted(): readonly UnaccountedBytes[] {
    this.#stray ??= unaccountedBytes(this.#document, this.#document.revisions[0]?.end ?? 0);
    return this.#stray;
  }

  #step(index: number): StepDifference {
    const known = this.#steps.get(index);
    if (known) return known;
    const step = this.#compare(index);
    this.#steps.set(index, step);
    return step;
  }

  #compare(index: number): StepDifference {
    try {
      const comparison = new Comparison(this.#document.at(index - 1), this.#document.at(index), this.#edges);
      this.#checkBytes(index, comparison);
      for (const rule of rules) rule(comparison);
      comparison.checkTheRest();
      const { level, changes, filledFields } = comparison;
      return { revision: index, level, changes, filledFields };
    } catch (error) {
      if (!(error instanceof PdfError)) throw error;
      return refusedStep(index, error);
    }
  }

  #checkBytes(index: number, comparison: Comparison): void {
    const revision = this.#document.revisions[index];
    if (!revision) return;
    if (!revision.closed) comparison.forbid('revision_not_closed');
    const stray = this.#unaccounted().find(
      ({ kind, start }) => kind === 'bytes' && start >= revision.start && start < revision.end,
    );
    if (stray) comparison.forbid('unaccounted_bytes', `${stray.start}`);
  }
}

function strayStep(revision: number, { start }: UnaccountedBytes): StepDifference {
  const change: Change = { level: 'forbidden', code: 'unaccounted_bytes', revision, subject: `${start}` };
  return { revision, level: 'forbidden', changes: [change], filledFields: new Set() };
}

function refusedStep(revision: number, error: PdfError): StepDifference {
  const change: Change = { level: 'forbidden', code: 'unreadable_object', revision, subject: error.code };
  return { revision, level: 'forbidden', changes: [change], filledFields: new Set() };
}
