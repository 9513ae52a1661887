import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { PlatformError, type PlatformErrorCode } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

export interface FetchRequest {
  /** Sent by POST; without it, GET. */
  readonly body?: Uint8Array;
  readonly contentType?: string;
  /** Octets an answer may have. */
  readonly maxBytes: number;
  /** How many times longer than usual it may take. Default 1. */
  readonly patience?: number;
  /**
   * The address was set up by an administrator and may therefore lie in a private network. Where it redirects to another
   * host or port, that one has to be public.
   */
  readonly configured?: boolean;
}

/**
 * Gives the body of an answer with status 200.
 * @throws PlatformError `platform.fetch_refused` (what is never asked), `platform.fetch_failed`, `platform.fetch_status`,
 *   `platform.fetch_timeout`, `platform.fetch_too_large`.
 */
export type Fetch = (url: string, request: FetchRequest) => Promise<Uint8Array>;

export interface GuardOptions {
  /** Of a whole exchange, redirects included. */
  readonly totalMilliseconds: number;
  /** Without a single octet for so long, an exchange is over. */
  readonly idleMilliseconds: number;
  /** Hosts (`name` or `name:port`) that an administrator lets strangers name, wherever they are. */
  readonly privateHosts?: readonly string[];
  /** How names become addresses; for tests. */
  readonly lookup?: (name: string) => Promise<readonly LookupAddress[]>;
  /** Which addresses may be reached; for tests. */
  readonly isAllowed?: (address: string) => boolean;
}

const MAX_REDIRECTS = 3;
const MAX_URL = 2048;
const USUAL_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * HTTP for addresses that strangers wrote into certificates: only http and https, never to an address that is not
 * public, and connected to the very address that was looked at, so that a name cannot mean another one a moment later.
 * No cookies, no credentials, no proxy; what an answer calls itself is not believed.
 */
export function guardedFetch(options: GuardOptions): Fetch {
  return async (url, request) => {
    const controller = new AbortController();
    const total = options.totalMilliseconds * (request.patience ?? 1);
    const timer = setTimeout(() => {
      controller.abort(new PlatformError('platform.fetch_timeout', `no answer in ${total} ms`));
    }, total);
    try {
      return await follow(url, request, options, controller.signal);
    } catch (error) {
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  };
}

async function follow(
  first: string,
  request: FetchRequest,
  options: GuardOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let url = checkedUrl(first);
  const known = new Set([...(options.privateHosts ?? []), ...(request.configured ? [hostAndPort(url)] : [])]);
  for (let hop = 0; ; hop++) {
    const anywhere = known.has(url.hostname) || known.has(hostAndPort(url));
    const answer = await ask(url, request, anywhere, options, signal);
    if (answer instanceof Uint8Array) return answer;
    if (hop === MAX_REDIRECTS) throw refused(url, 'redirected too often');
    // What is asked by POST stays that: a question without its body would be another question.
    url = checkedUrl(answer.location, url);
  }
}

const hostAndPort = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || USUAL_PORTS[protocol]}`;

function checkedUrl(text: string, base?: URL): URL {
  const url = text.length <= MAX_URL && URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (!url) throw new PlatformError('platform.fetch_refused', 'not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(url, `protocol ${url.protocol}`);
  if (url.username || url.password) throw refused(url, 'credentials in a URL');
  url.hash = '';
  return url;
}

function ask(
  url: URL,
  request: FetchRequest,
  anywhere: boolean,
  options: GuardOptions,
  signal: AbortSignal,
): Promise<Uint8Array | { readonly location: string }> {
  const isAllowed = anywhere ? () => true : (options.isAllowed ?? isPublicAddress);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // node:net asks nobody about a literal address, so it is looked at here; the URL parser has written it plainly.
  if (isIP(host) !== 0 && !isAllowed(host)) throw refused(url, `the address ${host} is not public`);
  const { body, contentType } = request;
  const requestOptions: RequestOptions = {
    method: body ? 'POST' : 'GET',
    agent: false,
    signal,
    lookup: guardedLookup(url, isAllowed, options.lookup ?? systemLookup),
    headers: {
      accept: '*/*',
      'accept-encoding': 'identity',
      connection: 'close',
      'user-agent': 'anso',
      ...(body && { 'content-length': body.length }),
      ...(contentType && { 'content-type': contentType }),
    },
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const exchange = send(url, requestOptions, (answer) => {
      read(answer, url, request.maxBytes).then(resolve, (error: unknown) => {
        exchange.destroy();
        reject(asCoded(error, url));
      });
    });
    exchange.setTimeout(options.idleMilliseconds, () => {
      exchange.destroy(failed('platform.fetch_timeout', url, `silent for ${options.idleMilliseconds} ms`));
    });
    exchange.on('error', (error) => reject(asCoded(error, url)));
    // A socket that is handed over belongs to no exchange any more: no time limit would end it.
    exchange.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      reject(failed('platform.fetch_status', url, `status ${statusCode}`, { statusCode }));
    });
    exchange.end(body);
  });
}

const systemLookup: NonNullable<GuardOptions['lookup']> = (name) =>
  new Promise((resolve, reject) => {
    dnsLookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** Hands node:net only addresses that may be reached; it connects to one of them and asks no second time. */
function guardedLookup(
  url: URL,
  isAllowed: (address: string) => boolean,
  lookup: NonNullable<GuardOptions['lookup']>,
): LookupFunction {
  return (name, { all }, done) => {
    lookup(name).then(
      (addresses) => {
        const allowed = addresses.filter(({ address }) => isAllowed(address));
        const [first] = allowed;
        if (!first) done(refused(url, `no public address for ${name}`), []);
        else if (all) done(null, allowed);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}

const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 307, 308]);

async function read(
  answer: IncomingMessage,
  url: URL,
  maxBytes: number,
): Promise<Uint8Array | { readonly location: string }> {
  const { statusCode, headers } = answer;
  if (REDIRECTS.has(statusCode) && headers.location !== undefined) {
    answer.destroy();
    return { location: headers.location };
  }
  if (statusCode !== 200) throw failed('platform.fetch_status', url, `status ${statusCode}`, { statusCode });
  const chunks: Uint8Array[] = [];
  let length = 0;
  const tooLarge = () => failed('platform.fetch_too_large', url, `more than ${maxBytes} bytes`);
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  for await (const chunk of answer) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

const refused = (url: URL, why: string): PlatformError => failed('platform.fetch_refused', url, why);

function failed(
  code: PlatformErrorCode,
  url: URL,
  why: string,
  details: Record<string, unknown> = {},
): PlatformError {
  return new PlatformError(code, `${url.origin}: ${why}`, { details: { origin: url.origin, ...details } });
}

function asCoded(error: unknown, url: URL): PlatformError {
  if (error instanceof PlatformError) return error;
  const reason = (error as NodeJS.ErrnoException).code ?? 'error';
  return new PlatformError('platform.fetch_failed', `${url.origin}: ${reason}`, {
    details: { origin: url.origin, reason },
    cause: error,
  });
}
