import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Authority, AuthorityName } from './authority.ts';
import { derOf } from './authority.ts';

/** What the certificates of a run point at, on a loopback port: lists, issuers, OCSP and time stamps. */
export interface AuthorityServer {
  readonly url: string;
  /** Where time stamps are asked for. */
  readonly tsa: string;
  /** From now on this authority answers; before, everything is 503. */
  serve(authority: Authority): void;
  close(): Promise<void>;
}

/** The port must be known before the first certificate is made, so it listens first. */
export async function openAuthorityServer(): Promise<AuthorityServer> {
  let authority: Authority | undefined;
  let asked = 0;
  const server: Server = createServer((request, response) => {
    asked += 1;
    answer(authority, request, `answer-${asked}`).then(
      ({ type, body }) => response.writeHead(body ? 200 : 503, { 'Content-Type': type }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    tsa: `${url}/tsa`,
    serve: (served) => {
      authority = served;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Answer {
  readonly type: string;
  readonly body?: Buffer;
}

async function answer(
  authority: Authority | undefined,
  request: IncomingMessage,
  unique: string,
): Promise<Answer> {
  if (!authority) return { type: 'text/plain' };
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, name = '', kind] = /^\/(root|issuing)\.(crl|crt)$/.exec(pathname) ?? [];
  if (kind === 'crl') {
    return { type: 'application/pkix-crl', body: await authority.crl(name as AuthorityName) };
  }
  if (kind === 'crt') {
    const pem = await readFile(authority.path(`${name}.pem`), 'utf8');
    return { type: 'application/pkix-cert', body: derOf(pem) };
  }
  if (pathname === '/tsa') {
    return {
      type: 'application/timestamp-reply',
      body: await authority.timeStamp(await bodyOf(request), unique),
    };
  }
  if (pathname.startsWith('/ocsp')) {
    return {
      type: 'application/ocsp-response',
      body: await authority.ocsp(await ocspRequestOf(request, pathname), unique),
    };
  }
  return { type: 'text/plain' };
}

/** RFC 6960 A.1: posted, or in the address as base64. */
async function ocspRequestOf(request: IncomingMessage, pathname: string): Promise<Buffer> {
  if (request.method === 'POST') return bodyOf(request);
  return Buffer.from(decodeURIComponent(pathname.slice('/ocsp/'.length)), 'base64');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
