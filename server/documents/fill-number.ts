import { dateText, numberText } from '../composition/issue-text.ts';
import { filledTextField, type TextFieldName } from '../composition/text-field.ts';
import { bytesSource } from '../pdf/byte-source.ts';
import { fillTextFields } from '../pdf/forms/text-fields.ts';
import { openPdf } from '../pdf/open-pdf.ts';
import { IncrementalUpdate } from '../pdf/update/incremental-update.ts';
import type { Numbering } from './document-record.ts';

/**
 * Writes number and date into their fields, as an incremental update that every earlier signature permits (ISO 32000-2
 * 12.8.2.2, form filling). Without a number yet, the same bytes.
 *
 * @throws PdfError `pdf.field_missing`, `pdf.field_locked`, `pdf.changes_forbidden`; CompositionError
 */
export function fillNumber(bytes: Uint8Array, numbering: Numbering | undefined): Uint8Array {
  if (numbering?.number === undefined) return bytes;
  const values = { so_van_ban: numberText(numbering.number), ngay_ban_hanh: dateText(numbering.date) };
  const update = new IncrementalUpdate(openPdf(bytesSource(bytes)));
  fillTextFields(
    update,
    Object.entries(values).map(([name, value]) => ({
      name,
      value,
      appearance: (field) => filledTextField(update, name as TextFieldName, value, field.rect),
    })),
  );
  return Buffer.concat([bytes, update.finish().bytes]);
}
