import { expect } from 'chai';
import { JobThread, ThreadFault } from '../../server/platform/job-thread.ts';

const echo = new URL(
  `data:text/javascript,${encodeURIComponent(
    "import { parentPort } from 'node:worker_threads'; parentPort.on('message', (job) => parentPort.postMessage(job));",
  )}`,
);

describe('Jobs on a thread of their own', () => {
  it('takes no answer of a thread that was given up for the answer of the next job', async () => {
    const thread = new JobThread<string, string>(echo, 500);
    try {
      expect(await thread.run('first')).to.equal('first');
      // What follows this turn begins with timers, and messages come after them.
      await new Promise((resolve) => setImmediate(resolve));
      const late = thread.run('late').catch((error: unknown) => error);
      const next = thread.run('next');
      // Nobody is here to hear the answer before the time is over: it comes when the next job has begun.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
      expect(await late).to.be.instanceOf(ThreadFault);
      expect(await next).to.equal('next');
    } finally {
      await thread.close();
    }
  });
});
