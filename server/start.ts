import { mkdir, rm, statfs } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Writable } from 'node:stream';
import { offerFirstAdministrator } from './accounts/first-administrator.ts';
import { type App, createApp } from './app.ts';
import { refuseDevelopmentAnchors } from './certificates/development-anchor.ts';
import type { Config } from './config.ts';
import type { HealthCheck } from './http/health.ts';
import { openServices } from './open-services.ts';
import { parseCertificate } from './pki/certificate.ts';
import { PlatformError } from './platform/errors.ts';
import { lockFolder } from './platform/folder-lock.ts';
import { createLogger } from './platform/logger.ts';
import { loadServerKey } from './platform/server-key.ts';
import type { Logger, TrustMaterial } from './platform/services.ts';
import { createShutdown, type Shutdown } from './platform/shutdown.ts';
import { trustFolders } from './platform/trust-folders.ts';

export interface RunningServer {
  /** Where browsers reach it. */
  readonly origin: string;
  readonly app: App;
  /** Stops in order. Resolves to true when everything ended in time. */
  stop(reason: string): Promise<boolean>;
}

/** Cutting connections takes no longer. */
const CUTTING = 1_000;
const TIDY_EVERY = 3_600_000;
/** A document is worth more once it is proven for the long term, and an OCSP responder has news at once. */
const RAISE_EVERY = 300_000;
/** Below this, writes begin to fail: say so before they do. */
const LEAST_FREE_BYTES = 256 * 1024 ** 2;

/** Opens everything, listens, and prints where and, when nobody can administer yet, the one-time link. */
export async function start(
  config: Config,
  out: { stdout: Writable; stderr: Writable },
): Promise<RunningServer> {
  const logger = createLogger(config.logLevel, out.stderr);
  for (const variable of config.unknown) logger.warn({ variable }, 'unknown environment variable');
  const shutdown = createShutdown(logger, config.shutdownSeconds * 1000 + CUTTING);
  try {
    return await open(config, logger, shutdown, out.stdout);
  } catch (error) {
    await shutdown.run('start failed');
    throw error;
  }
}

async function open(
  config: Config,
  logger: Logger,
  shutdown: Shutdown,
  stdout: Writable,
): Promise<RunningServer> {
  shutdown.at('release', 'data folder', lockFolder(config.dataFolder));
  const serverKey = loadServerKey({ given: config.serverKey, file: config.serverKeyFile });
  // What a killed server was receiving is of no use to anybody.
  await rm(config.temporaryFolder, { recursive: true, force: true });
  await mkdir(config.temporaryFolder, { recursive: true, mode: 0o700 });
  if (config.mongodbUri !== undefined && config.serverKey === undefined) {
    logger.warn(
      { file: config.serverKeyFile },
      'other servers of this database need the same ANSO_SERVER_KEY',
    );
  }
  const services = await openServices(config, logger);
  shutdown.at('close-store', 'store', () => services.store.close());
  // Events a killed server left behind are copied before anybody asks for reports.
  await services.store.dispatch();

  let stopping = false;
  const healthChecks: HealthCheck[] = [
    { name: 'disk', check: () => hasRoom(config.dataFolder) },
    { name: 'running', check: async () => !stopping },
  ];
  const trust = trustFolders(
    {
      anchors: config.trustAnchorsFolder,
      intermediates: config.intermediatesFolder,
      crls: config.crlFolder,
    },
    logger,
  );
  if (config.profile === 'production') await refuseDevelopmentRoots(trust);
  const app = await createApp({ ...services, config, serverKey, trust, healthChecks });
  const server = createServer(app.express);
  await listen(server, config);
  shutdown.at('stop-listening', 'http', () => closeServer(server, config.shutdownSeconds * 1000, logger));
  shutdown.at('finish-work', 'threads', () => app.close());
  shutdown.at('finish-work', 'events', () => services.store.dispatch());
  nowAndThen(() => app.tidy(), TIDY_EVERY, logger, shutdown);
  nowAndThen(() => app.raise(), RAISE_EVERY, logger, shutdown);

  const { port } = server.address() as AddressInfo;
  const origin =
    config.publicOrigin ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  stdout.write(`Ấn Số listens on ${origin}\n`);
  const link = await offerFirstAdministrator(app.accounts);
  if (link !== undefined) {
    stdout.write(
      `Nobody can administer it yet. Make the first administrator here, once, until ${link.expiresAt}:\n${origin}${link.link}\n`,
    );
  }
  logger.info({ origin, engine: services.store.engine, node: process.version }, 'listening');
  return {
    origin,
    app,
    stop: (reason) => {
      stopping = true;
      return shutdown.run(reason);
    },
  };
}

async function refuseDevelopmentRoots(trust: TrustMaterial): Promise<void> {
  const { anchors } = await trust.current();
  refuseDevelopmentAnchors(anchors.map(parseCertificate));
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => {
      const why = `cannot listen on ${host} port ${port} (${cause.code}); set another ANSO_HOST or ANSO_PORT`;
      reject(new PlatformError('platform.cannot_listen', why, { cause }));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

/**
 * Takes no new connection, drops those that only wait for another request, and lets requests end. What has not ended after
 * `milliseconds` is cut: a client that never sends the rest of its upload must not make the end one in disorder.
 */
function closeServer(server: Server, milliseconds: number, logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      logger.warn({ milliseconds }, 'requests that did not end are cut');
      server.closeAllConnections();
    }, milliseconds);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function nowAndThen(work: () => Promise<unknown>, every: number, logger: Logger, shutdown: Shutdown): void {
  const run = (): void => {
    work().catch((err: unknown) => logger.error({ err }, 'work in the background failed'));
  };
  run();
  const timer = setInterval(run, every).unref();
  shutdown.at('stop-listening', 'timer', () => clearInterval(timer));
}

async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > LEAST_FREE_BYTES;
}
