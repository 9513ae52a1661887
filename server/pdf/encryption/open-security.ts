import { PdfError } from '../errors.ts';
import { equalObjects, PdfDict, type PdfObject, PdfRef, PdfString } from '../objects.ts';
import type { Reader } from '../reader.ts';
import type { Revision } from '../xref/revision.ts';
import type { RevisionIndex } from '../xref/revision-index.ts';
import { readEncryptionDictionary } from './encryption-dictionary.ts';
import { SecurityHandler } from './security-handler.ts';
import { unlock } from './unlock.ts';

/** What stands in the file about its encryption. */
export interface EncryptedFile {
  readonly reader: Reader;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  readonly index: RevisionIndex;
}

/**
 * Opens the security handler of an encrypted document when it is first asked for (ISO 32000-2 7.6.2). All revisions must have the same encryption:
 * a file that is partly encrypted, or by two keys, shows different things in different readers.
 * @throws PdfError `pdf.password_required`, `pdf.password_wrong`, `pdf.encryption_unsupported`, `pdf.encryption_invalid`.
 */
export function securityOf(file: EncryptedFile, password: string | undefined): () => SecurityHandler {
  return once(() => openSecurity(file, password));
}

function openSecurity(file: EncryptedFile, password: string | undefined): SecurityHandler {
  const [first, ...others] = file.revisions.map(({ trailer }) => trailer.get('Encrypt') ?? null);
  if (others.some((other) => !equalObjects(other, first ?? null))) {
    throw new PdfError('pdf.encryption_invalid', 'the revisions are not encrypted alike');
  }
  const dict = first instanceof PdfRef ? readObject(file, first) : first;
  if (!(dict instanceof PdfDict)) throw new PdfError('pdf.encryption_invalid', '/Encrypt is no dictionary');
  const encryption = readEncryptionDictionary(dict);
  return new SecurityHandler({
    encryption,
    unlocked: unlock(encryption, fileIdentifier(file), password),
    ownNumber: first instanceof PdfRef ? first.number : undefined,
    spend: (bytes) => file.reader.countDecrypted(bytes),
  });
}

/** The encryption dictionary, with no decryption and the same in every revision that writes it. */
function readObject({ reader, revisions, index }: EncryptedFile, ref: PdfRef): PdfObject {
  const offsets = new Set<number>();
  for (const { entry } of index.history(ref.number, revisions.length - 1)) {
    if (entry.kind !== 'offset' || entry.generation !== ref.generation) {
      throw new PdfError('pdf.encryption_invalid', '/Encrypt is no object of its own');
    }
    offsets.add(entry.offset);
  }
  const [newest = null, ...older] = [...offsets].map((offset) => {
    const { number, value } = reader.parseAt(offset, (parser) => parser.indirectObject());
    return number === ref.number ? value : null;
  });
  if (older.some((value) => !equalObjects(value, newest))) {
    throw new PdfError('pdf.encryption_invalid', 'a revision has another encryption dictionary');
  }
  return newest;
}

/** The first part of /ID: direct and never encrypted (14.4). Files without it have taken an empty one. */
function fileIdentifier({ revisions }: EncryptedFile): Uint8Array {
  const id = revisions.at(-1)?.trailer.get('ID');
  const first = Array.isArray(id) ? id[0] : undefined;
  return first instanceof PdfString ? first.bytes : new Uint8Array();
}

/** The same result, or the same exception, at every call: making a key takes thousands of hashes. */
function once<T>(make: () => T): () => T {
  let kept: (() => T) | undefined;
  return () => {
    if (!kept) {
      try {
        const value = make();
        kept = () => value;
      } catch (error) {
        kept = () => {
          throw error;
        };
      }
    }
    return kept();
  };
}
