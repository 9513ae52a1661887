import type { Config } from './config.ts';
import { systemClock } from './platform/clock.ts';
import { newId } from './platform/ids.ts';
import type { Logger, Services } from './platform/services.ts';
import { openStore } from './storage/open-store.ts';

/** The services of this configuration; whoever opened them closes `store`. */
export async function openServices(config: Config, logger: Logger): Promise<Services> {
  const { mongodbUri, dataFolder } = config;
  const where = mongodbUri === undefined ? { dataDir: dataFolder } : { mongodbUri };
  const store = await openStore(where, systemClock, logger);
  return {
    store,
    clock: systemClock,
    logger,
    newId,
    limits: {
      uploadBytes: config.uploadLimit,
      jsonBytes: config.jsonLimit,
      temporaryFolder: config.temporaryFolder,
    },
  };
}
