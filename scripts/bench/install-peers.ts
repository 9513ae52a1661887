import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from '../interop/installed.ts';
import { classPath } from '../interop/judges/dss.ts';
import { python } from '../interop/judges/pyhanko.ts';
import { missingTool, mustRun } from '../interop/run-tool.ts';

const sources = join(import.meta.dirname, 'peers');

/** A kind of peers, with what it takes to have them. */
export interface PeerKind {
  /** Why it cannot be had; undefined when it can. */
  readonly missing: () => string | undefined;
  /** Installs the pinned versions into the cache, unless they are there. Gives what runs them. */
  readonly install: (cache: string) => Promise<string>;
}

const lacking = (tool: string | undefined): string | undefined => tool && `${tool} is not installed`;

/** The folder of the npm packages. */
export const npmPeers: PeerKind = {
  missing: () => undefined,
  install: (cache) =>
    installed(cache, 'npm', join(sources, 'package-lock.json'), async (folder) => {
      for (const name of ['package.json', 'package-lock.json'])
        await copyFile(join(sources, name), join(folder, name));
      await mustRun('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, timeout: 300_000 });
    }),
};

/** The python of an environment with the pyHanko of `npm run interop`. */
export const pyhankoPeer: PeerKind = {
  missing: () => lacking(missingTool('python3')),
  install: python,
};

/** The class path with the EU DSS of `npm run interop`. */
export const dssPeer: PeerKind = {
  missing: () => lacking(missingTool('javac', 'mvn')),
  install: classPath,
};
