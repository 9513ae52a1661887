import { documentType } from '../composition/document-type.ts';
import type { DocumentRecord, Numbering } from './document-record.ts';
import type { DocumentServices } from './services.ts';

type Columns = Readonly<Record<string, string | number | readonly string[]>>;

/** The columns of the printed register (Decree 30/2020, annex IV), as far as they are known by now. */
export async function registerColumns(
  deps: DocumentServices,
  document: DocumentRecord,
  numbering: Numbering,
  known: { readonly sentDate?: string } = {},
): Promise<Columns> {
  return numbering.register === 'incoming'
    ? incoming(document, numbering)
    : { ...(await outgoing(deps, document, numbering)), ...known };
}

/** Sổ đăng ký văn bản đi: ten columns. */
async function outgoing(
  deps: DocumentServices,
  { fields, signatures, unitId, agencyId, workflow }: DocumentRecord,
  { text, date }: Numbering,
): Promise<Columns> {
  const signer = signatures.find(({ kind }) => kind === 'personal')?.by;
  const unit = unitId === undefined ? undefined : await deps.people.unit(agencyId, unitId);
  const person = signer === undefined ? undefined : await deps.people.account(signer);
  return {
    numberNotation: text ?? '',
    date,
    typeAndSubject: typeAndSubject(fields, new Date(workflow.startedAt)),
    signer: person?.name ?? texts(fields.signerName)[0] ?? '',
    recipients: [...texts(fields.addressees), ...texts(fields.recipients)],
    filedBy: unit?.name ?? '',
    copies: 1,
    sentDate: '',
    receivedBy: '',
    notes: '',
  };
}

/** Sổ đăng ký văn bản đến: ten columns, from the fields of the process that handles incoming documents. */
function incoming({ fields }: DocumentRecord, { text, date }: Numbering): Columns {
  const [author = '', symbol = '', issued = '', type = '', subject = '', handler = ''] = [
    ...['author', 'symbol', 'issuedDate', 'typeName', 'subject', 'leadUnit'],
  ].map((name) => texts(fields[name])[0]);
  return {
    arrivalDate: date,
    arrivalNumber: text ?? '',
    author,
    numberNotation: symbol,
    date: issued,
    typeAndSubject: `${type} ${subject}`.trim(),
    handler,
    forwardedDate: handler === '' ? '' : date,
    receivedBy: '',
    notes: '',
  };
}

function typeAndSubject({ type, subject }: DocumentRecord['fields'], at: Date): string {
  const [key = '', about = ''] = [...texts(type), ...texts(subject)];
  try {
    return `${documentType(key, at).name} ${about}`.trim();
  } catch {
    return about === '' ? key : about;
  }
}

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');
