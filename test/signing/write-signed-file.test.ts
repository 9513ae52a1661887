import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SigningError } from '../../server/signing/errors.ts';
import { signFile } from '../../server/signing/sign-file.ts';
import { type FileSystem, writeSignedFile } from '../../server/signing/write-signed-file.ts';
import { signatureFacts } from './judges.ts';
import { clock, codeOf, makeProvider } from './providers.ts';
import { samplePdf } from './sample-pdf.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });
const real: FileSystem = { open, rename, unlink };

/** A disk on which the writing of the `nth` piece fails, after it has taken half of it. */
function diskFullAt(nth: number): FileSystem {
  let writes = 0;
  return {
    ...real,
    open: async (path, flags, mode) => {
      const handle = await open(path, flags, mode);
      const write = async (bytes: Uint8Array): Promise<never> => {
        await handle.write(bytes, 0, bytes.length >> 1);
        throw failure('ENOSPC');
      };
      return {
        sync: () => handle.sync(),
        close: () => handle.close(),
        write: (bytes: Uint8Array, offset: number, length: number) =>
          ++writes >= nth ? write(bytes) : handle.write(bytes, offset, Math.min(length, 100_000)),
      } as Awaited<ReturnType<FileSystem['open']>>;
    },
  };
}

/** Counts every call of the file system, and lets the nth one fail as on a full disk; closing only after it has closed. */
function stepwise(fails: () => boolean): FileSystem {
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (fails()) throw failure('ENOSPC');
    return work();
  };
  return {
    unlink,
    rename: (from, to) => step(() => rename(from, to)),
    open: (path, flags, mode) =>
      step(async () => {
        const handle = await open(path, flags, mode);
        return {
          sync: () => step(() => handle.sync()),
          close: async () => {
            await handle.close();
            await step(async () => {});
          },
          write: (bytes: Uint8Array, at: number, length: number) =>
            step(() => handle.write(bytes, at, length)),
        } as unknown as FileHandle;
      }),
  };
}

const failingAt = (nth: number): FileSystem => {
  let calls = 0;
  return stepwise(() => ++calls === nth);
};

async function countedSteps(run: (files: FileSystem) => Promise<unknown>): Promise<number> {
  let calls = 0;
  await run(
    stepwise(() => {
      calls++;
      return false;
    }),
  );
  return calls;
}

describe('writing a signed file', () => {
  let folder: string;
  let input: string;
  let output: string;
  const pdf = samplePdf({ size: 3 * 2 ** 20 });
  const options = { provider: makeProvider('p-256'), clock };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anso-write-'));
    [input, output] = [join(folder, 'in.pdf'), join(folder, 'out.pdf')];
    writeFileSync(input, pdf);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('leaves the signed file and nothing else', async () => {
    await signFile(input, output, options);
    const signed = readFileSync(output);
    expect(signed.subarray(0, pdf.length).equals(pdf)).to.equal(true);
    expect(signatureFacts(signed)[0]?.messageDigestMatches).to.equal(true);
    expect(readdirSync(folder)).to.have.members(['in.pdf', 'out.pdf']);
  });

  it('may sign a file into itself', async () => {
    await signFile(input, input, options);
    expect(signatureFacts(readFileSync(input))).to.have.length(1);
  });

  const failures: readonly [string, FileSystem, string][] = [
    ['the disk is full at once', diskFullAt(1), 'signing.disk_full'],
    ['the disk is full in the middle', diskFullAt(12), 'signing.disk_full'],
    [
      'the file cannot be made',
      { ...real, open: () => Promise.reject(failure('EACCES')) },
      'signing.write_failed',
    ],
    [
      'the file cannot be renamed',
      { ...real, rename: () => Promise.reject(failure('EXDEV')) },
      'signing.write_failed',
    ],
  ];
  for (const [name, files, code] of failures) {
    it(`leaves what was there, and nothing new, when ${name}`, async () => {
      writeFileSync(output, 'earlier');
      expect(await codeOf(signFile(input, output, options, files))).to.equal(code);
      expect(readFileSync(output, 'utf8')).to.equal('earlier');
      expect(readdirSync(folder)).to.have.members(['in.pdf', 'out.pdf']);
    });
  }

  it('leaves what was there at whatever step the file system fails', async () => {
    writeFileSync(output, 'earlier');
    const steps = await countedSteps((files) => signFile(input, output, options, files));
    expect(steps).to.be.greaterThan(8);
    for (let step = 1; step <= steps; step++) {
      writeFileSync(output, 'earlier');
      const files = failingAt(step);
      const code = await codeOf(signFile(input, output, options, files));
      if (code === undefined) {
        // Behind the renaming nothing can be taken back: the file is there and whole.
        expect(signatureFacts(readFileSync(output)), `step ${step}`).to.have.length(1);
      } else {
        expect(code, `step ${step}`).to.equal('signing.disk_full');
        expect(readFileSync(output, 'utf8'), `step ${step}`).to.equal('earlier');
      }
      expect(readdirSync(folder), `step ${step}`).to.have.members(['in.pdf', 'out.pdf']);
    }
  });

  it('ends when the disk takes nothing more and does not say why', async () => {
    const files: FileSystem = {
      ...real,
      open: async (path, flags, mode) => {
        const handle = await open(path, flags, mode);
        return {
          sync: () => handle.sync(),
          close: () => handle.close(),
          write: async () => ({ bytesWritten: 0, buffer: Buffer.alloc(0) }),
        } as unknown as FileHandle;
      },
    };
    expect(await codeOf(signFile(input, output, options, files))).to.equal('signing.write_failed');
    expect(readdirSync(folder)).to.deep.equal(['in.pdf']);
  });

  it('says that the source cannot be read when that is so, and leaves nothing', async () => {
    const source = {
      length: 3 * 2 ** 20,
      read: (): Uint8Array => {
        throw new SigningError('signing.source_missing', 'gone');
      },
    };
    expect(await codeOf(writeSignedFile(output, source, Buffer.alloc(1)))).to.equal('signing.source_missing');
    expect(readdirSync(folder)).to.deep.equal(['in.pdf']);
  });

  it('leaves nothing when the program is ended by a signal in the middle', async () => {
    const module = (name: string): string =>
      JSON.stringify(new URL(`../../server/${name}`, import.meta.url).href);
    const program = `
      import { OutputFile } from ${module('signing/write-signed-file.ts')};
      const file = new OutputFile(process.argv[1]);
      await file.write(Buffer.alloc(10));
      process.stdout.write('written');
      setInterval(() => {}, 1000);`;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program, output]);
      await once(child.stdout, 'data');
      expect(readdirSync(folder)).to.have.length(2);
      child.kill(signal);
      expect((await once(child, 'exit'))[1]).to.equal(signal);
      expect(readdirSync(folder)).to.deep.equal(['in.pdf']);
    }
  });

  it('leaves nothing when signing is refused, or there is no such file', async () => {
    writeFileSync(input, 'no PDF');
    expect(await codeOf(signFile(input, output, options))).to.equal('pdf.not_a_pdf');
    expect(await codeOf(signFile(join(folder, 'none.pdf'), output, options))).to.equal(
      'signing.source_missing',
    );
    expect(readdirSync(folder)).to.deep.equal(['in.pdf']);
  });
});
