import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../server/config.ts';
import { start } from '../../server/start.ts';
import { memory } from './memory-stream.ts';

describe('the end of the server', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anso-end-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('comes in order although a client never sends the rest of its upload', async () => {
    const config = readConfig({ ANSO_DATA_DIR: folder, ANSO_PORT: '0', ANSO_SHUTDOWN_SECONDS: '1' });
    const server = await start(config, { stdout: memory(), stderr: memory() });
    const { hostname, port } = new URL(server.origin);
    const client = connect(Number(port), hostname);
    client.write(
      `POST /api/v1/verifications HTTP/1.1\r\nHost: ${hostname}\r\nExpect: 100-continue\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\n',
    );
    // It was told to go on: the server waits for the rest.
    await once(client, 'data');
    const cut = once(client, 'close');
    expect(await server.stop('test')).to.equal(true);
    await cut;
  });
});
