import type { PdfView } from '../../pdf/document.ts';
import { equalObjects, PdfDict, type PdfObject, PdfRef, PdfStream } from '../../pdf/objects.ts';
import { type ChangedObjects, changedObjects } from './changed-objects.ts';
import { type Level, worst } from './level.ts';
import { collectEdges, type Edge, type EdgeCache } from './references.ts';

/** What kind of thing was done, for sentences; the union is closed so that each has one. */
export type ChangeCode =
  | 'security_store_updated'
  | 'document_time_stamp_added'
  | 'extensions_declared'
  | 'metadata_updated'
  | 'document_information_updated'
  | 'version_raised'
  | 'signature_field_added'
  | 'signature_added'
  | 'field_filled'
  | 'form_resources_added'
  | 'structure_extended'
  | 'annotation_added'
  | 'annotation_changed'
  | 'annotation_removed'
  | 'object_changed'
  | 'ambiguous_object'
  | 'hidden_signature'
  | 'dangling_reference_filled'
  | 'catalog_replaced'
  | 'catalog_changed'
  | 'trailer_changed'
  | 'pages_changed'
  | 'page_changed'
  | 'form_changed'
  | 'field_changed'
  | 'field_added'
  | 'field_removed'
  | 'appearance_changed'
  | 'page_covered'
  | 'security_store_removed'
  | 'unaccounted_bytes'
  | 'revision_not_closed'
  | 'unreadable_object'
  | 'too_complex';

export interface Change {
  readonly level: Level;
  readonly code: ChangeCode;
  /** Index of the revision that made it. */
  readonly revision: number;
  /** Where: a field's name, a key, an object number. */
  readonly subject?: string;
}

/** Changes told of one update, and fields that it may fill; one that does more is refused. */
const MAX_CHANGES = 10_000;

/** Pairs of values that one deep comparison may cost. */
const MAX_PAIRS = 200_000;

export type Holder = number | 'trailer';

/** The keys by which objects of a kind are referred to; an array that is an object of its own refers by none. */
export type Role = ReadonlySet<string>;

/**
 * Two consecutive revisions side by side. Everything is refused by default: rules judge the objects they know and
 * `accept` those, or `excuse` single edges whose targets they have judged; whatever else changed and can still be
 * reached from the trailer is a forbidden change.
 */
export class Comparison {
  readonly older: PdfView;
  readonly newer: PdfView;
  readonly changes: Change[] = [];
  readonly #told = new Set<string>();
  /** Fully qualified names of the fields that were filled. */
  readonly filledFields = new Set<string>();
  /** Objects of signature fields and widgets that this revision may put on pages. */
  readonly newWidgets = new Set<number>();
  readonly #objects: ChangedObjects;
  readonly #edges: EdgeCache;
  readonly #accepted = new Set<number>();
  readonly #roles = new Map<number, Role>();
  readonly #excused = new Map<Holder, string[]>();
  readonly #required: PdfObject[] = [];
  readonly #replacedAppearances = new Set<number>();

  /** @throws PdfError when an object cannot be read */
  constructor(older: PdfView, newer: PdfView, edges: EdgeCache) {
    this.older = older;
    this.newer = newer;
    this.#edges = edges;
    this.#objects = changedObjects(older, newer);
  }

  get level(): Level {
    return this.changes.reduce<Level>((level, change) => worst(level, change.level), 'none');
  }

  note(level: Exclude<Level, 'none'>, code: ChangeCode, subject?: string): void {
    const revision = this.newer.revision.index;
    const told = `${code} ${subject ?? ''}`;
    if (this.#told.has(told) || this.changes.length > MAX_CHANGES) return;
    this.#told.add(told);
    if (this.changes.length === MAX_CHANGES) {
      this.changes.push({ level: 'forbidden', code: 'too_complex', revision });
      return;
    }
    this.changes.push({ level, code, revision, ...(subject !== undefined && { subject }) });
  }

  forbid(code: ChangeCode, subject?: string): void {
    this.note('forbidden', code, subject);
  }

  isChanged(number: number): boolean {
    return this.#objects.changed.has(number);
  }

  isAdded(number: number): boolean {
    return this.#objects.added.has(number);
  }

  /** A rule has judged all of this object as what it is: as that, it may be referred to from anywhere. */
  accept(number: number, role?: Role): void {
    this.#accepted.add(number);
    if (role) this.expect(number, role);
  }

  /**
   * What was done to this object is judged by what it is. One dictionary can be a form field and the XObject resources
   * of a page at once, and what is harmless in the one shows in the other; so nothing may refer to it as anything else.
   */
  expect(number: number, role: Role): void {
    this.#roles.set(number, this.#roles.get(number)?.intersection(role) ?? role);
  }

  /** A rule has judged what the references of `holder` under `path` lead to; from elsewhere the targets are not excused. */
  excuse(holder: Holder, path: string): void {
    const paths = this.#excused.get(holder);
    if (paths) paths.push(path);
    else this.#excused.set(holder, [path]);
  }

  /** Behind an excused edge: what this value refers to must be unchanged after all. */
  require(value: PdfObject | undefined): void {
    if (value !== undefined) this.#required.push(value);
  }

  /**
   * This appearance dictionary gave way to another. Where something that is no widget refers to it as well, nobody can
   * tell what that shows, and the replacement is refused.
   */
  replaceAppearance(before: PdfObject | undefined): void {
    if (before instanceof PdfRef) this.#replacedAppearances.add(before.number);
  }

  /**
   * The same value, whether written in place or referred to. A reference to the same object counts as the same: whether
   * that object changed is asked where it is judged, or by `checkTheRest`.
   */
  same(before: PdfObject | undefined, after: PdfObject | undefined): boolean {
    return this.#same(before ?? null, after ?? null, false, new Set());
  }

  /** The same value, and what it refers to has not changed either, as far as the objects met say the same. */
  unchanged(before: PdfObject | undefined, after: PdfObject | undefined): boolean {
    return this.#same(before ?? null, after ?? null, true, new Set());
  }

  #same(before: PdfObject, after: PdfObject, follow: boolean, pairs: Set<string>): boolean {
    if (before instanceof PdfRef && after instanceof PdfRef) {
      const untouched = !this.isChanged(after.number) && !this.isAdded(after.number);
      if (before.equals(after) && (untouched || !follow)) return true;
      const pair = `${before}:${after}`;
      if (pairs.has(pair)) return true;
      if (pairs.size > MAX_PAIRS) return false;
      pairs.add(pair);
    }
    if (before instanceof PdfRef || after instanceof PdfRef) {
      return this.#same(this.older.resolve(before), this.newer.resolve(after), follow, pairs);
    }
    if (before instanceof PdfStream) {
      return (
        after instanceof PdfStream &&
        this.#same(before.dict, after.dict, follow, pairs) &&
        Buffer.compare(before.bytes, after.bytes) === 0
      );
    }
    if (before instanceof PdfDict) {
      if (!(after instanceof PdfDict)) return false;
      const keys = new Set([...before.keys(), ...after.keys()]);
      return [...keys].every((k) => this.#same(before.get(k) ?? null, after.get(k) ?? null, follow, pairs));
    }
    if (Array.isArray(before)) {
      if (!Array.isArray(after) || before.length !== after.length) return false;
      return before.every((item, i) => this.#same(item, after[i] ?? null, follow, pairs));
    }
    return equalObjects(before, after);
  }

  /** Whether anything that `value` leads to, however far, was changed or added. @throws PdfError */
  reachesChange(value: PdfObject | undefined): boolean {
    const queue = collectEdges(value ?? null).map(({ target }) => target);
    const seen = new Set(queue);
    for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
      if (this.isChanged(number) || this.isAdded(number) || !this.#edges.visit()) return true;
      for (const { target } of this.#edges.of(this.newer, number)) {
        if (!seen.has(target)) queue.push(target);
        seen.add(target);
      }
    }
    return false;
  }

  /** Keys whose values do not say the same. */
  differingKeys(before: PdfDict, after: PdfDict): readonly string[] {
    const keys = new Set([...before.keys(), ...after.keys()]);
    return [...keys].filter((key) => !this.same(before.get(key), after.get(key)));
  }

  /** The last step: everything reachable that no rule has judged must be as it was. @throws PdfError */
  checkTheRest(): void {
    const queue: number[] = [];
    const seen = new Set<number>();
    const visit = (holder: Holder | undefined, edges: readonly Edge[]): void => {
      for (const edge of edges) {
        if (holder !== undefined && this.#isExcused(holder, edge.path)) continue;
        this.#judge(holder, edge);
        if (seen.has(edge.target)) continue;
        seen.add(edge.target);
        queue.push(edge.target);
      }
    };
    visit('trailer', collectEdges(this.newer.trailer));
    for (const value of this.#required) visit(undefined, collectEdges(value));
    for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
      if (!this.#edges.visit()) {
        this.forbid('too_complex');
        return;
      }
      if (this.isChanged(number) && !this.#accepted.has(number)) continue;
      visit(number, this.#edges.of(this.newer, number));
    }
  }

  #judge(holder: Holder | undefined, { path, target }: Edge): void {
    if (this.isChanged(target) && !this.#accepted.has(target)) {
      this.forbid('object_changed', `${target} (${holder ?? ''}/${path})`);
    }
    if (holder !== undefined && this.#isMisused(target, path)) {
      this.forbid('object_changed', `${target} (${holder}/${path})`);
    }
    if (this.#replacedAppearances.has(target) && !/(^|\/)AP$/.test(path)) {
      this.forbid('appearance_changed', `${target} (${holder ?? ''}/${path})`);
    }
    // An object number that the older revision already referred to, in vain, is no addition but a change (7.3.10).
    if (this.isAdded(target) && holder !== undefined && this.#referredBefore(holder, target)) {
      this.forbid('dangling_reference_filled', `${target} (${holder}/${path})`);
    }
  }

  #isMisused(target: number, path: string): boolean {
    const role = this.#roles.get(target);
    const judged = this.isChanged(target) || this.#excused.has(target);
    return role !== undefined && judged && !role.has(path.slice(path.lastIndexOf('/') + 1));
  }

  #referredBefore(holder: Holder, target: number): boolean {
    // Trailer keys of ISO 32000-2 table 15 are judged one by one; no reader follows any other.
    if (holder === 'trailer' || this.isAdded(holder)) return false;
    return this.#edges.of(this.older, holder).some((edge) => edge.target === target);
  }

  #isExcused(holder: Holder, path: string): boolean {
    return (this.#excused.get(holder) ?? []).some(
      (excused) => excused === '' || path === excused || path.startsWith(`${excused}/`),
    );
  }
}
