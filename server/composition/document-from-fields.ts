import { documentSymbol, documentType } from './document-type.ts';
import type { Competence, OutgoingDocument, Urgency } from './outgoing-document.ts';

/** What the process of issuing outgoing documents (QT.VT.01) keeps as fields; its schema has validated them. */
export interface OutgoingFields {
  readonly type: string;
  readonly subject: string;
  readonly body: string;
  readonly authority?: string;
  readonly legalBasis?: readonly string[];
  readonly addressees?: readonly string[];
  readonly recipients?: readonly string[];
  readonly urgency?: Urgency;
  readonly competence?: Competence;
  readonly onBehalfOf?: string;
  readonly collective?: string;
  readonly signerPosition: string;
  readonly signerName: string;
}

/** The issuing agency and the unit that drafted the document, as accounts keep them. */
export interface Issuer {
  readonly parent?: string;
  readonly name: string;
  readonly notation: string;
  readonly place: string;
  readonly unitNotation?: string;
}

/** People's committees and councils are printed without the level above them. */
const standsAlone = /^(?:Ủy ban|Uỷ ban|Hội đồng) nhân dân/iu;

/**
 * The document that the fields describe.
 * @param at decides which list of document types is in force.
 * @throws CompositionError `composition.unknown_type`.
 */
export function documentFromFields(fields: OutgoingFields, issuer: Issuer, at: Date): OutgoingDocument {
  const type = documentType(fields.type, at);
  const { competence, onBehalfOf, collective, authority, urgency } = fields;
  return {
    agency: {
      ...(issuer.parent === undefined || standsAlone.test(issuer.name.normalize())
        ? {}
        : { parent: issuer.parent }),
      name: issuer.name,
      place: issuer.place,
    },
    type,
    symbol: documentSymbol(type, issuer.notation, issuer.unitNotation),
    subject: fields.subject,
    ...(authority === undefined ? {} : { authority }),
    legalBasis: fields.legalBasis ?? [],
    addressees: fields.addressees ?? [],
    body: fields.body,
    recipients: fields.recipients ?? [],
    filing: issuer.unitNotation === undefined ? 'VT' : `VT, ${issuer.unitNotation}`,
    signer: {
      ...(competence === undefined ? {} : { competence }),
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      ...(collective === undefined ? {} : { collective }),
      position: fields.signerPosition,
      name: fields.signerName,
    },
    ...(urgency === undefined ? {} : { urgency }),
  };
}
