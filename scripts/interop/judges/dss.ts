import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from '../installed.ts';
import { jsonLines } from '../json-lines.ts';
import type { Judge } from '../judge.ts';
import { missingTool, mustRun } from '../run-tool.ts';

const folder = join(import.meta.dirname, '../dss');
const pom = join(folder, 'pom.xml');

/** EU DSS with its default policy: TOTAL_PASSED, the level asked for, no change it cannot explain. All files in one JVM. */
export const dss: Judge = {
  name: 'EU DSS',
  missing: async (cache) => {
    const tool = missingTool('javac', 'mvn');
    if (tool) return `${tool} is not installed`;
    return classPath(cache).then(
      () => undefined,
      (error: Error) => `it cannot be installed: ${error.message.trim().split('\n').at(-1)}`,
    );
  },
  version: async () => {
    const [, version] = /<dss.version>(.*)<\/dss.version>/.exec(await readFile(pom, 'utf8')) ?? [];
    return `EU DSS ${version}`;
  },
  judge: async (files, { root, crls, cache }) => {
    const lines = files.map(({ id, path, level, signatures, password = '' }) =>
      [id, path, level, signatures, password].join('\t'),
    );
    const java = ['-cp', await classPath(cache), join(folder, 'Judge.java'), root, ...crls];
    return jsonLines(await mustRun('java', java, { input: lines.join('\n'), timeout: 1_200_000 }));
  },
};

export async function classPath(cache: string): Promise<string> {
  const place = await installed(cache, 'dss', pom, async (made) => {
    const jars = join(made, 'jars');
    const copy = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`];
    await mustRun('mvn', copy, { timeout: 400_000 });
  });
  return `${join(place, 'jars')}/*`;
}
