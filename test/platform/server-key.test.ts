import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lockFolder } from '../../server/platform/folder-lock.ts';
import { loadServerKey } from '../../server/platform/server-key.ts';

describe('the server key', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-key-'));
    file = join(folder, 'data', 'server.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, for its owner only, and leaves nothing half written', () => {
    const key = loadServerKey({ file });
    expect(key).to.have.length(32);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(join(folder, 'data'))).to.deep.equal(['server.key']);
    expect(loadServerKey({ file })).to.deep.equal(key);
  });

  for (const mode of [0o640, 0o604, 0o660, 0o644]) {
    it(`is refused in a file of mode ${mode.toString(8)}`, () => {
      loadServerKey({ file });
      chmodSync(file, mode);
      expect(() => loadServerKey({ file }))
        .to.throw()
        .with.property('code', 'platform.key_file_open');
    });
  }

  it('is refused when it is too short, and is not told', () => {
    loadServerKey({ file });
    writeFileSync(file, 'c2hvcnQ=');
    expect(() => loadServerKey({ file }))
      .to.throw()
      .that.satisfies((error: Error & { code: string }) => {
        expect(error.code).to.equal('platform.bad_server_key');
        expect(error.message).not.to.contain('c2hvcnQ');
        return true;
      });
  });

  it('comes from the environment when it is given there, and then no file is made', () => {
    const given = Buffer.alloc(32, 9).toString('base64');
    expect(loadServerKey({ given, file })).to.deep.equal(Buffer.alloc(32, 9));
    expect(() => readFileSync(file)).to.throw();
  });
});

describe('the lock of the data folder', () => {
  it('is held by one, and free again when that one lets go', () => {
    const folder = mkdtempSync(join(tmpdir(), 'anso-lock-'));
    const release = lockFolder(folder);
    expect(() => lockFolder(folder))
      .to.throw()
      .with.property('code', 'platform.data_folder_in_use');
    release();
    lockFolder(folder)();
    rmSync(folder, { recursive: true });
  });
});
