import type { PdfView } from '../document.ts';
import { PdfError } from '../errors.ts';
import { isArray, PdfDict, type PdfObject, PdfRef, PdfStream } from '../objects.ts';

/**
 * The numbers of all objects that the trailer leads to, with the object streams they stand in; each of them is read.
 * @throws PdfError `pdf.repair_incomplete`, with the first object that is missing or cannot be read.
 */
export function reachableObjects(view: PdfView): Set<number> {
  const reached = new Set<number>();
  const pending: PdfObject[] = [view.trailer];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value instanceof PdfRef) {
      if (reached.has(value.number)) continue;
      if (!value.equals(view.refOf(value.number)))
        throw incomplete(value.number, `object ${value} is missing or unreadable`);
      reached.add(value.number);
      const entry = view.locate(value.number)?.entry;
      if (entry?.kind === 'compressed') pending.push(new PdfRef(entry.container, 0));
      pending.push(read(view, value));
    } else if (isArray(value)) {
      for (const item of value) if (isComposite(item)) pending.push(item);
    } else {
      const dict = value instanceof PdfStream ? value.dict : value;
      if (dict instanceof PdfDict) for (const [, item] of dict) if (isComposite(item)) pending.push(item);
    }
  }
  return reached;
}

const isComposite = (value: PdfObject): boolean =>
  isArray(value) || value instanceof PdfRef || value instanceof PdfDict || value instanceof PdfStream;

function read(view: PdfView, ref: PdfRef): PdfObject {
  try {
    return view.get(ref);
  } catch (cause) {
    if (!(cause instanceof PdfError) || NOT_OF_ONE_OBJECT.test(cause.code)) throw cause;
    throw incomplete(ref.number, `object ${ref} cannot be read: ${cause.message}`, cause);
  }
}

/** No password, or too much work: nothing that another copy of the object would mend. */
const NOT_OF_ONE_OBJECT = /^pdf\.(password_|encryption_|too_|repair_|damaged_)/;

export const incomplete = (object: number, message: string, cause?: PdfError): PdfError =>
  new PdfError('pdf.repair_incomplete', message, { details: { object }, ...(cause && { cause }) });
