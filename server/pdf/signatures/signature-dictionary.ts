import { formatPdfDate } from '../date.ts';
import { PdfDict, PdfName, type PdfObject, type PdfRef, PdfString } from '../objects.ts';
import { serialize } from '../serialize.ts';
import type { DocMdp, FieldLock } from './locks.ts';

/** What a signature dictionary says in words (ISO 32000-2 table 255). */
export interface SignatureTexts {
  readonly name?: string;
  readonly reason?: string;
  readonly location?: string;
  readonly contactInfo?: string;
  /** /M: the time the signer claims, shown in the zone of `zoneOffsetMinutes` (default UTC). */
  readonly signingTime?: Date;
  readonly zoneOffsetMinutes?: number;
}

/** Room for each of the three numbers of /ByteRange that are known only in the end. */
const NUMBER_WIDTH = 12;

/** A dictionary with room for what is known only when all is written; offsets count from its first byte. */
export interface DictionaryWithGaps {
  /** One character for each byte. */
  readonly text: string;
  readonly byteRangeAt: number;
  /** The `<` of /Contents. */
  readonly contentsAt: number;
  /** After its `>`. */
  readonly contentsEnd: number;
}

export function signatureDictionary(parts: {
  readonly type: 'Sig' | 'DocTimeStamp';
  readonly filter: string;
  readonly subFilter: string;
  readonly contentsSize: number;
  readonly texts: SignatureTexts;
  readonly references: PdfObject;
  /** Encrypts what is encrypted; /Contents never is (7.6.2). */
  readonly protect: (dict: PdfDict) => PdfObject;
}): DictionaryWithGaps {
  const { texts } = parts;
  const text = (value: string | undefined) => (value === undefined ? undefined : PdfString.text(value));
  const time = texts.signingTime && formatPdfDate(texts.signingTime, texts.zoneOffsetMinutes);
  const head = `<< /Type /${parts.type} /Filter ${serialize(PdfName.of(parts.filter))} /SubFilter ${serialize(PdfName.of(parts.subFilter))} /ByteRange `;
  const range = byteRangeText([0, 0, 0, 0]);
  const gap = `<${'0'.repeat(parts.contentsSize * 2)}>`;
  const rest = PdfDict.of({
    M: time === undefined ? undefined : new PdfString(Buffer.from(time, 'latin1')),
    Name: text(texts.name),
    Reason: text(texts.reason),
    Location: text(texts.location),
    ContactInfo: text(texts.contactInfo),
    Reference: parts.references,
  });
  const tail = serialize(parts.protect(rest)).slice('<<'.length);
  const contentsAt = head.length + range.length + ' /Contents '.length;
  return {
    text: `${head}${range} /Contents ${gap}${tail}`,
    byteRangeAt: head.length,
    contentsAt,
    contentsEnd: contentsAt + gap.length,
  };
}

/** /ByteRange at a width that does not depend on the numbers. */
export function byteRangeText(range: readonly [number, number, number, number]): string {
  const [first, ...rest] = range;
  return `[${first} ${rest.map((value) => String(value).padEnd(NUMBER_WIDTH)).join(' ')}]`;
}

/** The entries of /Reference (12.8.2): what this signature permits after it, and what it locks. */
export function signatureReferences(
  catalog: PdfRef,
  docMdp: DocMdp | undefined,
  lock: FieldLock | undefined,
): PdfObject {
  const reference = (
    method: string,
    parameters: Readonly<Record<string, PdfObject>>,
    data?: PdfObject,
  ): PdfDict =>
    PdfDict.of({
      Type: PdfName.of('SigRef'),
      TransformMethod: PdfName.of(method),
      TransformParams: PdfDict.of({
        Type: PdfName.of('TransformParams'),
        V: PdfName.of('1.2'),
        ...parameters,
      }),
      Data: data,
    });
  const references: PdfDict[] = [];
  if (docMdp) references.push(reference('DocMDP', { P: docMdp }));
  if (lock) references.push(reference('FieldMDP', lockEntries(lock), catalog));
  return references.length > 0 ? references : null;
}

/** /Action and /Fields, the same in a lock dictionary and in FieldMDP parameters. */
export function lockEntries(lock: FieldLock): Record<string, PdfObject> {
  return {
    Action: PdfName.of(lock.action),
    ...(lock.action === 'All' ? {} : { Fields: lock.fields.map((field) => PdfString.text(field)) }),
  };
}
