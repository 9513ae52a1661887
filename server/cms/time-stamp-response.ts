import { Asn1Error } from '../asn1/errors.ts';
import { type Node, readBitString, readDer, readInteger, readString } from '../asn1/read.ts';
import { Tag } from '../asn1/tag.ts';
import { CmsError } from './errors.ts';

/** PKIStatus of RFC 3161 2.4.2, by its number. */
const STATUSES = [
  'granted',
  'grantedWithMods',
  'rejection',
  'waiting',
  'revocationWarning',
  'revocationNotification',
] as const;
export type TimeStampStatus = (typeof STATUSES)[number];

/** Bits of PKIFailureInfo that RFC 3161 2.4.2 defines. */
const FAILURES: Readonly<Record<number, string>> = {
  0: 'badAlg',
  2: 'badRequest',
  5: 'badDataFormat',
  14: 'timeNotAvailable',
  15: 'unacceptedPolicy',
  16: 'unacceptedExtension',
  17: 'addInfoNotAvailable',
  25: 'systemFailure',
};

export interface TimeStampResponse {
  /** Undefined: a number that RFC 3161 does not know. */
  readonly status?: TimeStampStatus;
  /** What the authority says about it; somebody else's words, shortened, on one line. */
  readonly text: string;
  /** By name; `bit n` for one that is not defined. */
  readonly failures: readonly string[];
  /** DER (or BER, as it came) of the token's ContentInfo; present only, and then always, when the status grants it. */
  readonly token?: Uint8Array;
}

/**
 * Reads a TimeStampResp (RFC 3161 2.4.2). The token is not looked into.
 * @throws CmsError `cms.malformed`, also when a granted response has no token, or a refused one has.
 */
export function parseTimeStampResponse(bytes: Uint8Array): TimeStampResponse {
  try {
    const [info, token] = readDer(bytes, { ber: true }).expect(Tag.sequence).children;
    if (!info) throw new CmsError('cms.malformed', 'a time-stamp response without status');
    const status = STATUSES[Number(readInteger(info.expect(Tag.sequence).at(0)))];
    const granted = status === 'granted' || status === 'grantedWithMods';
    if (granted !== (token !== undefined)) {
      throw new CmsError('cms.malformed', `status ${status} ${token ? 'with' : 'without'} a token`);
    }
    const rest = info.children.slice(1);
    const text = rest.find(({ tag }) => tag === Tag.sequence);
    const failure = rest.find(({ tag }) => tag === Tag.bitString);
    return {
      ...(status && { status }),
      text: text ? freeText(text) : '',
      failures: failure ? failuresOf(failure) : [],
      ...(token && { token: token.bytes }),
    };
  } catch (error) {
    if (error instanceof Asn1Error) throw new CmsError('cms.malformed', error.message, { cause: error });
    throw error;
  }
}

const MAX_TEXT = 300;

/** PKIFreeText; it goes into messages and logs, so that nothing in it may look like more lines of them. */
function freeText(node: Node): string {
  const whole = node.children.slice(0, 8).map(readString).join(' ');
  return whole
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}

function failuresOf(node: Node): readonly string[] {
  const { bytes } = readBitString(node);
  return [...bytes.subarray(0, 8)].flatMap((octet, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7]
      .filter((bit) => (octet & (0x80 >> bit)) !== 0)
      .map((bit) => FAILURES[index * 8 + bit] ?? `bit ${index * 8 + bit}`),
  );
}
