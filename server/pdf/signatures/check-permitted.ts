import type { PdfView } from '../document.ts';
import { PdfError } from '../errors.ts';
import { listSignatures } from './list-signatures.ts';
import { isLocked } from './locks.ts';

export type Change =
  | { readonly kind: 'sign'; readonly field: string; readonly certify: boolean }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'fill'; readonly fields: readonly string[] }
  | { readonly kind: 'add-fields' };

/**
 * Refuses a change that would break an earlier signature, before anything is written (ISO 32000-2 12.8.2.2, 12.8.2.4);
 * `details.by` of the error names that signature's field.
 * A document time stamp is permitted after any signature (EN 319 142-1 5.5). An encrypted document must permit what is
 * not done as its owner (7.6.4.2, table 22).
 * @throws PdfError `pdf.permission_denied`, `pdf.changes_forbidden`, `pdf.field_locked`, `pdf.certification_not_first`.
 */
export function checkPermitted(view: PdfView, change: Change): void {
  const { security } = view;
  if (security && !security.permits(change.kind === 'add-fields' ? 'add-fields' : 'fill-fields')) {
    throw new PdfError('pdf.permission_denied', 'the permissions of the encrypted document forbid it');
  }
  if (change.kind === 'timestamp') return;
  const signatures = listSignatures(view);
  const [first] = signatures;
  if (first === undefined) return;
  if (change.kind === 'add-fields') {
    throw new PdfError('pdf.changes_forbidden', 'new fields in a signed document break its signatures');
  }
  if (change.kind === 'sign' && change.certify) {
    const by = first.fieldName ?? null;
    throw new PdfError('pdf.certification_not_first', `the document is signed already${called(by)}`, {
      details: { by },
    });
  }
  const names = change.kind === 'sign' ? [change.field] : change.fields;
  for (const { fieldName, docMdp, fieldMdp, lock } of signatures) {
    const by = fieldName ?? null;
    if (docMdp === 1 || lock?.permission === 1) {
      throw new PdfError(
        'pdf.changes_forbidden',
        `the document is certified against any change${called(by)}`,
        {
          details: { by },
        },
      );
    }
    const locked = fieldMdp && names.find((name) => isLocked(fieldMdp, name));
    if (locked !== undefined) {
      throw new PdfError('pdf.field_locked', `an earlier signature locks the field${called(by)}`, {
        details: { field: locked, by },
      });
    }
  }
}

/** Whose signature it is, for people; a name of 10 KB is told in its beginning. */
const called = (field: string | null): string =>
  field === null ? '' : `: signature ${JSON.stringify(field.slice(0, 80))}`;
