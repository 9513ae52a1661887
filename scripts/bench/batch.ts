import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { samplePdf } from '../../test/signing/sample-pdf.ts';
import { openOffice, trustDevelopmentPki } from '../demo/office.ts';
import { startServer } from '../demo/server-process.ts';
import { makeDevPki } from '../dev-pki/make-dev-pki.ts';
import { awaitBatch, beginMeasuring, collectBatch, measured, observed, startBatch } from './batch-run.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '500' },
    size: { type: 'string', default: '50000' },
    json: { type: 'boolean', default: false },
  },
});
await benchBatch({ files: Number(values.files), size: Number(values.size), json: values.json });

/** Signs so many files of that size as one batch of a real server, and says how long its event loop was kept from turning. */
async function benchBatch(options: {
  readonly files: number;
  readonly size: number;
  readonly json: boolean;
}): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'anso-bench-batch-'));
  const figures = join(dataFolder, 'loop-delay.json');
  const pki = await makeDevPki({ only: ['person', 'organization'] });
  await trustDevelopmentPki(dataFolder, pki);
  const env = { ANSO_REQUESTS_PER_MINUTE: '1000000', ...observed(figures) };
  const server = await startServer({ dataFolder, env });
  try {
    const { people, pins } = await openOffice(server, pki);
    const { client } = people.leader;
    const files = Array.from({ length: options.files }, () => samplePdf({ size: options.size }));
    const { id } = await collectBatch(client, files);
    await beginMeasuring(figures);
    const start = performance.now();
    await startBatch(client, id, pins.leader);
    const { progress } = await awaitBatch(client, id);
    const seconds = (performance.now() - start) / 1000;
    const loop = await measured(figures);
    const row = { files: options.files, size: options.size, signed: progress.signed, seconds, loop };
    process.stdout.write(
      options.json
        ? `${JSON.stringify(row)}\n`
        : `${progress.signed} of ${options.files} files of ${options.size} bytes in ${seconds.toFixed(1)} s, ${(progress.signed / seconds).toFixed(0)}/s; event loop p50 ${loop.p50} ms, p99 ${loop.p99} ms, longest ${loop.max} ms\n`,
    );
  } finally {
    await server.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}
