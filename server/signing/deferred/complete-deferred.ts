import type { TimeStamper } from '../../evidence/ports.ts';
import type { ByteSource } from '../../pdf/byte-source.ts';
import type { Clock } from '../../platform/clock.ts';
import { idFrom, newId } from '../../platform/ids.ts';
import type { BegunSignature } from '../begin-signature.ts';
import { type CertificateCheckOptions, checkCertificate } from '../check-certificate.ts';
import { checkSignatureValue } from '../check-signature-value.ts';
import { SigningError } from '../errors.ts';
import { finishSignature, type SignedPdf } from '../finish-signature.ts';
import type { UsageContext, UsageSink } from '../usage-meter.ts';
import { UsageMeter } from '../usage-meter.ts';
import { LONGEST_WAIT_DAYS } from './longest-wait.ts';
import { deferredStamper } from './prepare-deferred.ts';
import { readValue } from './read-value.ts';
import { readCertificate, restoreSignature } from './restore-signature.ts';
import { base64, type DeferredState, invalidState } from './state.ts';

const DAY = 86_400_000;
/** Clocks of two machines differ a little. */
const CLOCK_SKEW = 5 * 60_000;

export interface DeferredCompletion extends Omit<CertificateCheckOptions, 'at'> {
  readonly state: DeferredState;
  /** The signature value in any form that `readValue` knows. */
  readonly value: Uint8Array;
  readonly source: ByteSource;
  readonly password?: string;
  /** Needed for every level above B-B: it stamps when the value has come. */
  readonly stamper?: TimeStamper;
  readonly clock: Clock;
  readonly sink: UsageSink;
  readonly context: Omit<UsageContext, 'eventId'>;
}

/**
 * The second half of a deferred signature: the value has come. Nothing of the state is believed, and what was right when
 * it was prepared must be right now: the certificate in its period and not revoked, the file unchanged, the time not over.
 * One attempt, counted once; a success has the same id however often it is repeated.
 *
 * @throws SigningError `signing.deferred_expired`, `signing.value_unreadable`, `signing.wrong_value`; as
 * `restoreSignature`, `checkCertificate` and `finishSignature`
 */
export async function completeDeferred(completion: DeferredCompletion): Promise<SignedPdf> {
  const { state, value, source, password, clock, sink } = completion;
  let eventId: string | undefined;
  const context = { ...completion.context, eventId: () => eventId ?? newId(clock.now()) };
  const meter = new UsageMeter({ sink, clock, context });
  return meter.attempt(readCertificate(state.certificate).fingerprint, async () => {
    const begun = await restoreSignature(state, source, password);
    const { certificate, toBeSigned } = begun;
    const now = clock.now();
    checkInTime(begun, state, now);
    await checkCertificate(certificate, { ...completion, at: now });
    const given = readValue(value, certificate);
    checkValue(begun, given);
    const stamper = deferredStamper(state.level, completion.stamper);
    const signed = await finishSignature(begun, given, stamper);
    eventId = idFrom('deferred', base64(toBeSigned));
    return signed;
  });
}

/** The signed time bounds the wait as well: it cannot be changed without another value. */
function checkInTime(
  { signingTime, certificate }: BegunSignature,
  { expiresAt }: DeferredState,
  now: Date,
): void {
  const latest = Math.min(Date.parse(expiresAt), signingTime.getTime() + LONGEST_WAIT_DAYS * DAY);
  if (Number.isNaN(latest)) throw invalidState('no date is its end');
  if (now.getTime() > latest) {
    throw new SigningError(
      'signing.deferred_expired',
      `could be completed until ${new Date(latest).toISOString()}`,
    );
  }
  if (signingTime.getTime() > now.getTime() + CLOCK_SKEW || signingTime < certificate.notBefore) {
    throw invalidState('prepared at an impossible time');
  }
}

/** A value that does not fit is no fault of ours here: it came from outside. */
function checkValue({ certificate, algorithm, toBeSigned }: BegunSignature, value: Uint8Array): void {
  try {
    checkSignatureValue(certificate, algorithm, toBeSigned, value);
  } catch (cause) {
    throw new SigningError('signing.wrong_value', 'the value does not fit the certificate and the document', {
      cause,
    });
  }
}
