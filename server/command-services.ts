import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';
import { readConfig } from './config.ts';
import type { EvidenceServices } from './evidence/ports.ts';
import { systemClock } from './platform/clock.ts';
import type { Logger, Services, TrustMaterial } from './platform/services.ts';
import type { Environment } from './platform/settings.ts';
import { trustFolders } from './platform/trust-folders.ts';

/** A command is done before what it does not need would be loaded. */
const require = createRequire(import.meta.url);

/** What commands may ask for, loaded and opened when they do. */
export function commandServices(environment: Environment, stderr: Writable) {
  let opened: Promise<Services> | undefined;
  const trust = (): TrustMaterial => {
    const config = readConfig(environment);
    return trustFolders(
      {
        anchors: config.trustAnchorsFolder,
        intermediates: config.intermediatesFolder,
        crls: config.crlFolder,
      },
      lateLogger(quiet(config.logLevel), stderr),
    );
  };
  return {
    open: (): Promise<Services> => {
      opened ??= (async () => {
        const config = readConfig(environment);
        const { openServices } = await import('./open-services.ts');
        return openServices(config, lateLogger(quiet(config.logLevel), stderr));
      })();
      return opened;
    },
    trust,
    evidence: (authorities?: readonly string[]): EvidenceServices => {
      const config = readConfig(environment);
      const { openEvidence } =
        require('./evidence/open-evidence.ts') as typeof import('./evidence/open-evidence.ts');
      const logger = lateLogger(quiet(config.logLevel), stderr);
      const timeStampAuthorities = authorities ?? config.timeStampAuthorities;
      return openEvidence(
        { ...config, timeStampAuthorities },
        { trust: trust(), clock: systemClock, logger },
      );
    },
    usageLog: (): string | undefined => readConfig(environment).usageLog,
    /** Copies waiting events and closes the store, when one was opened. */
    close: async (): Promise<void> => {
      const services = await opened?.catch(() => undefined);
      await services?.store.close();
    },
  };
}

/** A command says itself what it did; its log tells of trouble only. */
const quiet = (level: string): string => (level === 'info' ? 'warn' : level);

/** A logger that is loaded when there is something to log, which is rare. */
function lateLogger(level: string, stderr: Writable): Logger {
  let opened: Logger | undefined;
  const logger = (): Logger => {
    const { createLogger } = require('./platform/logger.ts') as typeof import('./platform/logger.ts');
    opened ??= createLogger(level, stderr);
    return opened;
  };
  return {
    debug: (facts, message) => logger().debug(facts, message),
    info: (facts, message) => logger().info(facts, message),
    warn: (facts, message) => logger().warn(facts, message),
    error: (facts, message) => logger().error(facts, message),
    child: (facts) => logger().child(facts),
  };
}
