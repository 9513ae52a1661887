import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

export interface TestServer {
  /** `http://127.0.0.1:<port>/`. */
  readonly url: string;
  readonly port: number;
  /** What was asked so far. */
  readonly asked: readonly Exchange[];
  close(): Promise<void>;
}

/** What to answer: a body, or anything done with the response. */
export type Answer = (exchange: Exchange, response: ServerResponse) => Uint8Array | string | undefined;

const running = new Set<TestServer>();

/** A real HTTP server on a free port of this machine. {@link closeServers} ends those still open. */
export async function serve(answer: Answer): Promise<TestServer> {
  const asked: Exchange[] = [];
  const server = createServer(async (request, response) => {
    const exchange = await readAll(request);
    asked.push(exchange);
    const body = answer(exchange, response);
    if (body !== undefined) response.end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const started: TestServer = {
    url: `http://127.0.0.1:${port}/`,
    port,
    asked,
    close: () =>
      new Promise((resolve) => {
        running.delete(started);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  running.add(started);
  return started;
}

/** For `afterEach`. */
export const closeServers = async (): Promise<void> => {
  await Promise.all([...running].map((server) => server.close()));
};

/** An address where nobody listens. */
export async function deadUrl(): Promise<string> {
  const server = await serve(() => '');
  await server.close();
  return server.url;
}

async function readAll(request: IncomingMessage): Promise<Exchange> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    type: request.headers['content-type'] ?? '',
    body: Buffer.concat(chunks),
  };
}

/** Sends the beginning of an answer and then nothing more. */
export const silent: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': 1000 });
  response.write('x');
  return undefined;
};

/** Sends an octet now and then, for ever. */
export const drip: Answer = (_, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write('x'), 10);
  response.on('close', () => clearInterval(timer));
  return undefined;
};

/** Sends without end, as fast as it is taken. */
export const flood: Answer = (_, response) => {
  response.writeHead(200);
  const chunk = Buffer.alloc(64 * 1024);
  const more = (): void => {
    if (!response.writableEnded && !response.destroyed) response.write(chunk, more);
  };
  more();
  return undefined;
};

export const redirect =
  (location: string, status = 302): Answer =>
  (_, response) => {
    response.writeHead(status, { location });
    return '';
  };

export const httpStatus =
  (status: number): Answer =>
  (_, response) => {
    response.writeHead(status);
    return '';
  };
