import type { DocumentRecord, Numbering } from './document-record.ts';
import { printedNumber } from './numbering.ts';
import { registerColumns } from './register-columns.ts';
import type { DocumentServices } from './services.ts';

export type Numbered = Numbering & { readonly number: number; readonly text: string };

/** The document's number in its series: the next one, or always again the one it has. */
export async function takeNumber(
  deps: DocumentServices,
  document: DocumentRecord,
  numbering: Numbering,
): Promise<Numbered> {
  const { series, symbol } = numbering;
  const { number } = await deps.store.registers.allocate({
    series,
    documentId: document.id,
    time: deps.clock.now().toISOString(),
    columns: await registerColumns(deps, document, numbering),
  });
  const numbered = { ...numbering, number, text: printedNumber(number, symbol) };
  await deps.store.registers.describe(series, number, await registerColumns(deps, document, numbered));
  return numbered;
}
