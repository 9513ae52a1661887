import type { Writable } from 'node:stream';
import { readConfig } from './config.ts';
import { openEvidence } from './evidence/open-evidence.ts';
import type { EvidenceServices } from './evidence/ports.ts';
import { openServices } from './open-services.ts';
import { systemClock } from './platform/clock.ts';
import { createLogger } from './platform/logger.ts';
import type { Services, TrustMaterial } from './platform/services.ts';
import type { Environment } from './platform/settings.ts';
import { trustFolders } from './platform/trust-folders.ts';

/** What commands may ask for, opened when they do. */
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
      createLogger(quiet(config.logLevel), stderr),
    );
  };
  return {
    open: (): Promise<Services> => {
      opened ??= (async () => {
        const config = readConfig(environment);
        return openServices(config, createLogger(quiet(config.logLevel), stderr));
      })();
      return opened;
    },
    trust,
    evidence: (authorities?: readonly string[]): EvidenceServices => {
      const config = readConfig(environment);
      const logger = createLogger(quiet(config.logLevel), stderr);
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
