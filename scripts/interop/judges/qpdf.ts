import { inParallel } from '../in-parallel.ts';
import type { Judge, JudgedFile, Verdict } from '../judge.ts';
import { missingTool, mustRun, runTool } from '../run-tool.ts';

/** The file's structure: neither errors nor warnings (exit code 3). It does not look at signatures. */
export const qpdf: Judge = {
  name: 'qpdf',
  missing: async () => (missingTool('qpdf') ? 'qpdf is not installed' : undefined),
  version: async () => (await mustRun('qpdf', ['--version'])).split('\n')[0] ?? '',
  judge: (files) => inParallel(files, judgeOne),
};

async function judgeOne({ id, path, password }: JudgedFile): Promise<Verdict> {
  const secret = password === undefined ? [] : [`--password=${password}`];
  const { status, stdout, stderr } = await runTool('qpdf', ['--check', ...secret, path]);
  return { file: id, accepted: status === 0, says: status === 0 ? 'no errors' : `${stdout}${stderr}`.trim() };
}
