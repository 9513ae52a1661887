import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type CampaignResult, runCampaign } from '../../scripts/fuzz/campaign.ts';
import { makeCase } from '../../scripts/fuzz/fuzz-case.ts';
import { makeTargets, targetNames } from '../../scripts/fuzz/targets.ts';
import { plantedTargets } from './planted-targets.ts';

const script = (path: string): URL => new URL(path, import.meta.url);

describe('the fuzzer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const planted = (name: string, cases = 30): Promise<CampaignResult> =>
    runCampaign({
      targets: [...plantedTargets.values()].filter((target) => target.name === name),
      worker: script('./planted-worker.ts'),
      // Only what hangs is waited for; the others may be slow on a busy machine.
      patience: name === 'hangs' ? 1_000 : 20_000,
      seed: 1,
      cases,
      folder,
    });

  const problems: Readonly<Record<string, RegExp>> = {
    wrong: /^a short file is called long$/,
    throws: /^threw TypeError: a short file$/,
    hangs: /^hangs$/,
    dies: /^dies$/,
    eats: /^takes \d+ MB$/,
  };
  for (const [name, problem] of Object.entries(problems)) {
    it(`finds a program that ${name === 'wrong' ? 'is wrong' : name}, and writes how it did`, async () => {
      const { findings } = await planted(name);
      expect(findings.map((finding) => finding.problem)).to.have.length(1);
      expect(findings[0]?.problem).to.match(problem);
      const [report = '', ...more] = readdirSync(folder).filter((file) => file.endsWith('.json'));
      expect(more).to.deep.equal([]);
      const written = JSON.parse(readFileSync(join(folder, report), 'utf8'));
      expect(written).to.include({ seed: 1, target: name, number: findings[0]?.case.number });
    });
  }

  it('finds nothing in a sound program, and runs every case', async () => {
    expect(await planted('sound', 400)).to.deep.include({ cases: 400, findings: [] });
  });

  it('makes the case smaller', async () => {
    const { findings } = await planted('wrong');
    expect(findings[0]?.bytes.length).to.be.lessThan(4);
  });
});

describe('damaged files', () => {
  it('are the same for the same seed', async () => {
    const [first, second] = [await makeTargets(''), await makeTargets('')];
    for (const [name, target] of first) {
      const again = second.get(name);
      for (let number = 1; number <= 40; number++) {
        const id = { seed: 7, target: name, number };
        expect(again && makeCase(again, id)).to.deep.equal(makeCase(target, id));
      }
    }
  });

  it('are read, verified and signed without a finding', async () => {
    const targets = [...(await makeTargets('')).values()];
    expect(targets.map(({ name }) => name)).to.deep.equal([...targetNames]);
    const worker = script('../../scripts/fuzz/worker.ts');
    const { cases, findings } = await runCampaign({ targets, worker, seed: 20_260_601, cases: 120 });
    expect(findings.map(({ case: { target, number }, problem }) => [target, number, problem])).to.deep.equal(
      [],
    );
    expect(cases).to.equal(120 * targets.length);
  });
});
