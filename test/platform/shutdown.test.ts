import { expect } from 'chai';
import { silentLogger } from '../../server/platform/services.ts';
import { createShutdown } from '../../server/platform/shutdown.ts';

describe('shutting down', () => {
  it('runs the stages in their order, whatever order they were named in', async () => {
    const order: string[] = [];
    const shutdown = createShutdown(silentLogger, 1000);
    for (const stage of ['release', 'close-store', 'stop-listening', 'finish-work'] as const) {
      shutdown.at(stage, stage, async () => {
        await Promise.resolve();
        order.push(stage);
      });
    }
    expect(await shutdown.run('test')).to.equal(true);
    expect(order).to.deep.equal(['stop-listening', 'finish-work', 'close-store', 'release']);
  });

  it('goes on when a handler fails or hangs, and then says it was not clean', async () => {
    const order: string[] = [];
    const shutdown = createShutdown(silentLogger, 1);
    shutdown.at('stop-listening', 'hangs', () => new Promise(() => {}));
    shutdown.at('finish-work', 'fails', () => {
      throw new Error('x');
    });
    shutdown.at('release', 'last', () => {
      order.push('last');
    });
    expect(await shutdown.run('test')).to.equal(false);
    expect(order).to.deep.equal(['last']);
  });

  it('happens once', async () => {
    let count = 0;
    const shutdown = createShutdown(silentLogger, 1000);
    shutdown.at('release', 'count', () => {
      count += 1;
    });
    await Promise.all([shutdown.run('one'), shutdown.run('two')]);
    expect(count).to.equal(1);
  });
});
