import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'chai';
import { readPlace } from '../../server/cli/appearance-options.ts';
import { UsageError } from '../../server/cli/command.ts';
import { command } from '../../server/cli/sign.ts';
import { offlineEvidence } from '../evidence/offline.ts';
import { sealPng, signaturePng } from '../signing/appearance/pictures.ts';
import { officialDocument } from '../signing/appearance/sign-visibly.ts';
import { makeIdentity } from '../signing/identities.ts';
import { makePkcs12 } from '../signing/make-pkcs12.ts';

const PIN = 'mã pin';

describe('anso sign --appearance', () => {
  let folder: string;
  let printed: { stdout: string; stderr: string };
  const at = (name: string): string => join(folder, name);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'anso-appearance-'));
    const identity = makeIdentity('p-256', { subject: 'Lê Văn Đạt' });
    writeFileSync(at('key.p12'), makePkcs12({ keys: [identity], certificates: [identity] }, PIN));
    writeFileSync(at('in.pdf'), await officialDocument());
    writeFileSync(at('ky.png'), signaturePng());
    writeFileSync(at('dau.png'), sealPng());
  });
  after(() => rmSync(folder, { recursive: true }));

  async function sign(input: string, output: string, ...options: string[]): Promise<Record<string, unknown>> {
    const key = ['--p12', at('key.p12'), '--pin-env', 'MY_PIN', '--json'];
    return run([at(input), at(output), ...key, ...options]);
  }
  async function run(argv: readonly string[]): Promise<Record<string, unknown>> {
    printed = { stdout: '', stderr: '' };
    const into = (name: 'stdout' | 'stderr') =>
      new Writable({
        write: (chunk, _encoding, done) => {
          printed[name] += chunk;
          done();
        },
      });
    await command.run(argv, {
      stdout: into('stdout'),
      stderr: into('stderr'),
      stdin: Readable.from([]),
      env: { MY_PIN: PIN },
      isTTY: false,
      openServices: () => Promise.reject(new Error('no store is needed')),
      trust: () => ({ current: async () => ({ anchors: [], intermediates: [], crls: [] }) }),
      evidence: offlineEvidence,
      usageLog: () => undefined,
    });
    return JSON.parse(printed.stdout.trim());
  }
  const wrong = async (...options: string[]): Promise<boolean> => {
    try {
      await sign('in.pdf', 'x.pdf', ...options);
    } catch (error) {
      return error instanceof UsageError;
    }
    return false;
  };

  it('shows the personal signature, then the seal over it with a warning, and never changes what was there', async () => {
    const personal = await sign(
      'in.pdf',
      'one.pdf',
      '--appearance',
      'nd30-personal',
      '--image',
      at('ky.png'),
    );
    expect(personal).to.deep.include({ code: null });
    expect(personal).to.not.have.property('warnings');
    const seal = await sign(
      'one.pdf',
      'two.pdf',
      '--appearance',
      'nd30-organization',
      '--image',
      at('dau.png'),
    );
    expect(seal).to.deep.include({ code: null });
    expect(seal).to.have.nested.property('warnings[0].code', 'over_text');
    expect(printed.stderr).to.include('Lê Văn Đạt');
    const [one, two] = [readFileSync(at('one.pdf')), readFileSync(at('two.pdf'))];
    expect(two.subarray(0, one.length).equals(one)).to.equal(true);
  });

  it('plans the same for a key that is elsewhere', async () => {
    const { pem } = makeIdentity('p-256', { subject: 'Lê Văn Đạt' });
    writeFileSync(at('key.pem'), pem);
    const argv = [
      'prepare',
      at('in.pdf'),
      '--certificate',
      at('key.pem'),
      '--out',
      at('state.json'),
      '--json',
    ];
    const look = ['--appearance', 'nd30-personal', '--image', at('ky.png')];
    expect(await run([...argv, ...look])).to.deep.include({ code: null });
    const seal = ['--appearance', 'nd30-organization', '--image', at('dau.png')];
    const refused = await run([...argv.slice(0, -2), at('other.json'), '--json', ...seal]);
    expect(refused).to.deep.include({ code: 'signing.nothing_to_cover' });
  });

  it('refuses with a code when the picture, the profile or the anchor is no good', async () => {
    writeFileSync(at('own.json'), '{"name":"own","title":{"vi":"a","en":"a"},"colour":1}');
    writeFileSync(at('bad.png'), sealPng().subarray(0, 200));
    const codes = [
      await sign('in.pdf', 'x.pdf', '--appearance', 'nothing-known'),
      await sign('in.pdf', 'x.pdf', '--appearance', at('own.json')),
      await sign('in.pdf', 'x.pdf', '--appearance', 'nd30-personal', '--image', at('bad.png')),
      await sign('in.pdf', 'x.pdf', '--appearance', 'nd30-attachment'),
      await sign('in.pdf', 'x.pdf', '--appearance', 'free', '--anchor', 'không có đâu'),
      await sign('missing.pdf', 'x.pdf', '--appearance', 'free'),
    ].map(({ code }) => code);
    expect(codes).to.deep.equal([
      'signing.appearance_unknown',
      'signing.appearance_invalid',
      'composition.image_damaged',
      'signing.appearance_value_missing',
      'signing.anchor_not_found',
      'signing.source_missing',
    ]);
  });

  it('takes a box in millimetres or points from any corner', () => {
    expect(readPlace({ box: '20,30' })).to.deep.equal({ place: { corner: 'bottom-left', x: 20, y: 30 } });
    const { place, size } = readPlace({ box: 'top-right:72,36,144,72pt', page: 'last' });
    expect(place).to.deep.equal({ page: 'last', corner: 'top-right', x: 25.4, y: 12.7 });
    expect(Math.round(size?.width ?? 0)).to.equal(144);
    expect(readPlace({ anchor: 'Ký tên', side: 'below', match: '2', page: '3' })).to.deep.equal({
      place: { page: 3, anchor: { text: 'Ký tên', side: 'below', gap: 1, match: 2 } },
    });
  });

  it('says what is wrong with the command line before anything is signed', async () => {
    expect(await wrong('--image', at('ky.png'))).to.equal(true);
    for (const options of [
      ['--box', '1'],
      ['--box', 'middle:1,2'],
      ['--box', '1,2', '--anchor', 'a'],
      ['--side', 'above'],
      ['--page', '0'],
      ['--anchor', 'a', '--side', 'near'],
      ['--value', 'number'],
      ['--over-text', 'maybe'],
      ['--box', '1,2,0,5'],
    ]) {
      expect(await wrong('--appearance', 'free', ...options), options.join(' ')).to.equal(true);
    }
  });
});
