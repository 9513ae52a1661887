import { createHash } from 'node:crypto';
import { parseTimeStampResponse } from '../../../server/cms/time-stamp-response.ts';
import { verifyTimeStampToken } from '../../../server/cms/verify-time-stamp-token.ts';
import { checkOcsp } from '../../../server/pki/check-ocsp.ts';
import { parseOcspResponse } from '../../../server/pki/ocsp-response.ts';
import type { SeedFile } from '../fuzz-case.ts';
import { certificate, issuer } from '../seeds/evidence.ts';
import { guarded } from './problem.ts';

const AT = new Date('2026-06-01T00:00:00Z');
const EXPECTED = {
  digestAlgorithm: 'SHA-256',
  digest: createHash('sha256').update('x').digest(),
  nonce: 5n,
} as const;

/** Reads the bytes as an OCSP response and as a time-stamp response, and believes nothing that nobody signed. */
export function evidenceChecker(seeds: readonly SeedFile[]): (bytes: Buffer) => string | undefined {
  const said = new Set(seeds.flatMap(({ bytes }) => believedAnswer(bytes) ?? []));
  const stamped = new Set(seeds.flatMap(({ bytes }) => believedStamp(bytes) ?? []));
  if (said.size !== 3 || stamped.size !== 1) throw new Error('the seeds are not what they should be');
  return (bytes) => {
    const answer = believedAnswer(bytes);
    if (answer !== undefined && !said.has(answer)) return 'an OCSP answer nobody signed is believed';
    const stamp = believedStamp(bytes);
    return stamp !== undefined && !stamped.has(stamp) ? 'a time stamp nobody signed is believed' : undefined;
  };
}

/** What is signed of an answer that tells the status. */
function believedAnswer(bytes: Buffer): string | undefined {
  const basic = guarded(['pki'], () => {
    const response = parseOcspResponse(bytes);
    const { status } = checkOcsp(response, certificate, issuer, { at: AT });
    return status === 'unknown' ? undefined : response.basic;
  });
  return basic && textOf(basic.tbs);
}

/** What is signed of a token without any problem. */
function believedStamp(bytes: Buffer): string | undefined {
  const content = guarded(['cms'], () => {
    const { token } = parseTimeStampResponse(bytes);
    const facts = token && verifyTimeStampToken(token, EXPECTED);
    return facts?.problems.length === 0 ? facts.signedData.encapsulated.content : undefined;
  });
  return content && textOf(content);
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
