import { randomBytes } from 'node:crypto';
import { timeStampQuery, timeStampRequest } from '../cms/time-stamp-request.ts';
import { parseTimeStampResponse } from '../cms/time-stamp-response.ts';
import { verifyTimeStampToken } from '../cms/verify-time-stamp-token.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fetch } from '../platform/guarded-fetch.ts';
import type { Imprint, StampedTime } from './ports.ts';
import { Refused } from './refusal.ts';
import { type EvidenceTrust, trustedAuthority } from './trusted-authority.ts';

export interface TimeStampAuthority {
  /** Set up by an administrator, so that it may lie in a private network. */
  readonly url: string;
  /** Policy to ask for, dotted decimal. */
  readonly policy?: string;
}

export interface AskOptions {
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Whom an authority's certificate has to lead to. Read anew for each token. */
  readonly trust: () => Promise<EvidenceTrust>;
  /** How far an authority's clock may be from ours. Default five minutes. */
  readonly toleranceMilliseconds?: number;
}

const MAX_TOKEN = 256 * 1024;
const FIVE_MINUTES = 300_000;
/** Failures of RFC 3161 that may pass by themselves. */
const TRANSIENT: ReadonlySet<string> = new Set(['timeNotAvailable', 'systemFailure']);

/**
 * Asks one authority once and checks everything it says.
 * @throws Refused, PlatformError of the fetch, CmsError, PkiError.
 */
export async function askTimeStamp(
  { url, policy }: TimeStampAuthority,
  imprint: Imprint,
  { fetch, clock, trust, toleranceMilliseconds = FIVE_MINUTES }: AskOptions,
): Promise<StampedTime> {
  const nonce = randomBytes(8).readBigUInt64BE();
  const expected = { ...imprint, nonce, ...(policy !== undefined && { policy }) };
  const asked = clock.now();
  const bytes = await fetch(url, {
    body: timeStampRequest(expected),
    contentType: timeStampQuery,
    maxBytes: MAX_TOKEN,
    configured: true,
  });
  const received = clock.now();
  const token = grantedToken(bytes);
  const between = {
    from: new Date(asked.getTime() - toleranceMilliseconds),
    to: new Date(received.getTime() + toleranceMilliseconds),
  };
  const facts = verifyTimeStampToken(token, { ...expected, between });
  const { certificate, certificates, info, problems } = facts;
  const [problem] = problems;
  if (problem || !certificate) throw new Refused(problem ?? 'no_signing_certificate', problems.join(', '));
  const chain = trustedAuthority(certificate, certificates, await trust(), received);
  return { token, time: info.time, certificate, chain };
}

function grantedToken(bytes: Uint8Array): Uint8Array {
  const { token, status = 'unknown', failures, text } = parseTimeStampResponse(bytes);
  if (token) return token;
  const busy = status === 'waiting' || failures.some((name) => TRANSIENT.has(name));
  throw new Refused(`status_${status}`, [...failures, text].join(' ').trim(), !busy);
}
