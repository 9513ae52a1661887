import { signedAttributes } from '../../cms/build-signed-data.ts';
import { CodedError } from '../../errors/coded-error.ts';
import type { PdfErrorCode } from '../../pdf/errors.ts';
import { PdfRef } from '../../pdf/objects.ts';
import { preparedSignature } from '../../pdf/signatures/prepare-signature.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { JobThread, ThreadFault } from '../../platform/job-thread.ts';
import type { BegunSignature } from '../begin-signature.ts';
import { SigningError } from '../errors.ts';
import type { BeginJob, BeginResult } from './begin-worker.ts';

export interface BeginRequest extends Pick<BeginJob, 'path' | 'at' | 'wish'> {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
}

/** Begins signatures on a thread of its own: reading, repairing and hashing a large file would hold up everybody else. */
export class BeginThread {
  readonly #thread: JobThread<BeginJob, BeginResult>;

  /** @param milliseconds one file may take */
  constructor(milliseconds: number) {
    this.#thread = new JobThread(new URL('./begin-worker.ts', import.meta.url), milliseconds);
  }

  /**
   * `beginSignature` of the file at `path`, of which the certificate has been checked.
   * @throws as `beginSignature`; SigningError `signing.timed_out`
   */
  async begin({ certificate, chain, ...rest }: BeginRequest): Promise<BegunSignature> {
    const job = { ...rest, certificate: certificate.der, chain: chain.map(({ der }) => der) };
    const result = await this.#thread.run(job).catch(asTimedOut);
    if ('code' in result) {
      throw new CodedError(result.code, result.message, { details: { ...result.details } });
    }
    const { algorithm, contentDigest } = result;
    const cms = { ...algorithm, certificate, chain, contentDigest };
    return {
      prepared: preparedOf(result),
      repaired: result.repaired as PdfErrorCode | null,
      ...{ cms, certificate, algorithm },
      signingTime: rest.at,
      toBeSigned: signedAttributes(cms),
    };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

function asTimedOut(error: unknown): never {
  if (!(error instanceof ThreadFault)) throw error;
  throw new SigningError('signing.timed_out', error.reason);
}

/** Only its length is asked of the source here: what was read was read there. */
function preparedOf(result: Exclude<BeginResult, { code: string }>): BegunSignature['prepared'] {
  const { fieldName, appended, byteRange, sourceLength: length } = result;
  const source = {
    length,
    read: (): never => {
      throw new TypeError('the file was read on another thread');
    },
  };
  const [fieldRef, signatureRef] = [new PdfRef(...result.fieldRef), new PdfRef(...result.signatureRef)];
  return preparedSignature(source, { fieldName, fieldRef, signatureRef, appended, byteRange });
}
