import { join } from 'node:path';
import { installed } from '../installed.ts';
import { jsonLines } from '../json-lines.ts';
import type { Judge } from '../judge.ts';
import { missingTool, mustRun } from '../run-tool.ts';

const folder = join(import.meta.dirname, '../pyhanko');

/** AdES validation (EN 319 102-1 5.6) and the difference analysis; from level B-LT on with nothing but what the file holds. */
export const pyhanko: Judge = {
  name: 'pyHanko',
  missing: async (cache) => {
    const tool = missingTool('python3');
    if (tool) return `${tool} is not installed`;
    return python(cache).then(
      () => undefined,
      (error: Error) => `it cannot be installed: ${error.message.trim().split('\n').at(-1)}`,
    );
  },
  version: async (cache) => {
    const say = 'import importlib.metadata as m; print("pyHanko", m.version("pyHanko"))';
    return (await mustRun(await python(cache), ['-c', say])).trim();
  },
  judge: async (files, { root, crls, cache }) => {
    const input = files.map((file) => JSON.stringify(file)).join('\n');
    const options = { input, timeout: 1_200_000 };
    return jsonLines(await mustRun(await python(cache), [join(folder, 'judge.py'), root, ...crls], options));
  },
};

/** The python of a virtual environment with the pinned versions. */
export async function python(cache: string): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  const environment = await installed(cache, 'pyhanko', requirements, async (place) => {
    await mustRun('python3', ['-m', 'venv', place]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await mustRun(join(place, 'bin/python'), pip, { timeout: 300_000 });
  });
  return join(environment, 'bin/python');
}
