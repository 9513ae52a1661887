import { composeDocument } from '../composition/compose-document.ts';
import { documentFromFields, type Issuer, type OutgoingFields } from '../composition/document-from-fields.ts';
import { unfitFields } from '../composition/page-fields.ts';
import type { ContentPlaces, ContentVersion, DocumentRecord } from './document-record.ts';
import { DocumentsError } from './errors.ts';
import { fillNumber } from './fill-number.ts';
import { readBlob } from './read-blob.ts';
import type { DocumentServices } from './services.ts';

export interface Content {
  readonly bytes: Uint8Array;
  readonly places: ContentPlaces;
}

/** The PDF that counts: the last one, unless the fields changed after it was made. */
export const currentContent = ({ content, contentStale }: DocumentRecord): ContentVersion | undefined =>
  contentStale === true ? undefined : content.at(-1);

/** The PDF that counts, or a new one made from the fields. */
export async function contentOf(deps: DocumentServices, document: DocumentRecord): Promise<Content> {
  const current = currentContent(document);
  if (current === undefined) return composeContent(deps, document);
  return { bytes: await readBlob(deps.store.blobs, current.sha256), places: document.places ?? {} };
}

/**
 * The PDF of the document as its fields are now, in the layout of Decree 30/2020; with its number when it has one.
 * @throws DocumentsError `documents.not_composable`; CompositionError `composition.*`
 */
export async function composeContent(
  deps: DocumentServices,
  document: Pick<DocumentRecord, 'agencyId' | 'unitId' | 'fields' | 'numbering'>,
): Promise<Content> {
  const now = deps.clock.now();
  const issuer = await issuerOf(deps, document.agencyId, document.unitId);
  const { bytes, places } = await composeDocument(
    documentFromFields(outgoingFields(document.fields), issuer, now),
    { now },
  );
  return { bytes: fillNumber(bytes, document.numbering), places };
}

async function issuerOf(
  deps: DocumentServices,
  agencyId: string,
  unitId: string | undefined,
): Promise<Issuer> {
  const agency = await deps.people.agency(agencyId);
  if (agency === undefined) throw new DocumentsError('documents.not_composable', `no agency ${agencyId}`);
  const parent = agency.parentId === undefined ? undefined : await deps.people.agency(agency.parentId);
  const unit = unitId === undefined ? undefined : await deps.people.unit(agencyId, unitId);
  const { name, notation, place } = agency;
  return {
    ...{ name, notation, place },
    ...(parent !== undefined && { parent: parent.name }),
    ...(unit !== undefined && { unitNotation: unit.notation }),
  };
}

/** The lint asks every process for these fields; a document whose schema still let something else through stops here. */
function outgoingFields(fields: DocumentRecord['fields']): OutgoingFields {
  const unfit = unfitFields(fields);
  if (unfit.length > 0) {
    throw new DocumentsError('documents.not_composable', `missing or unfit: ${unfit.join(', ')}`, {
      details: { fields: unfit },
    });
  }
  return fields as unknown as OutgoingFields;
}
