import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { systemClock } from '../../server/platform/clock.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Collection, Store } from '../../server/storage/ports.ts';
import { freshCertificate } from '../contract/events.ts';
import { type KillDocument, killSpec } from './kill-documents.ts';
import { scratchFolder } from './scratch.ts';

const KILLS = 10;

describe('a process killed while it writes', () => {
  const folder = scratchFolder();
  const certificate = freshCertificate();

  it(`has lost nothing it answered and counted nothing twice, ${KILLS} times over`, async () => {
    const answered: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      answered.push(...(await runAndKill(1 + ((kill * 7) % 23))));
      const store = await openStore({ dataDir: folder.path }, systemClock);
      await store.dispatch();
      await expectWhole(store, answered);
      await store.close();
    }
    expect(answered.length).to.be.greaterThan(KILLS);
  }).timeout(120_000);

  /** Kills the child with SIGKILL at its `lines`th answer; gives all it had answered. */
  async function runAndKill(lines: number): Promise<string[]> {
    const program = fileURLToPath(new URL('kill-child.ts', import.meta.url));
    const child = spawn(process.execPath, [program, folder.path, certificate], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const seen: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      seen.push(line);
      if (seen.length === lines) child.kill('SIGKILL');
    }
    const [, signal] = await exit;
    expect(signal).to.equal('SIGKILL');
    return seen;
  }

  async function expectWhole(store: Store, answered: readonly string[]): Promise<void> {
    const documents = await store.collection<KillDocument>(killSpec);
    const all = await everything(documents);
    const ids = new Set(all.map((document) => document.id));
    expect(answered.filter((id) => !ids.has(id))).to.deep.equal([]);

    // Each revision of a document carried one event.
    const events = all.reduce((sum, document) => sum + document.revision, 0);
    const totals = await Array.fromAsync(store.usage.totals({ from: '2000-01-01', to: '3000-01-01' }));
    expect(totals.reduce((sum, day) => sum + day.signed, 0)).to.equal(events);
    const chain = await store.audit.verify();
    expect({ entries: chain.entries, brokenAt: chain.brokenAt }).to.deep.equal({
      entries: events,
      brokenAt: undefined,
    });

    const rows = await store.registers.rows('s', { limit: 1000 });
    expect(rows.map((row) => row.number)).to.deep.equal(rows.map((_, at) => at + 1));
    const numbered = all.filter((document) => document.number !== undefined);
    const numberOf = new Map(rows.map((row) => [row.documentId, row.number]));
    expect(numbered.map((document) => numberOf.get(document.id))).to.deep.equal(
      numbered.map(({ number }) => number),
    );
    // A number without a numbered document is one whose document will ask again; never more than were under way.
    expect(rows.length).to.be.within(numbered.length, all.length);

    expect(await readdir(join(folder.path, 'blobs', 'tmp'))).to.deep.equal([]);
    for (const { blob } of all) {
      const content = await buffer(await store.blobs.read(blob));
      expect(createHash('sha256').update(content).digest('hex')).to.equal(blob);
    }
  }
});

async function everything(documents: Collection<KillDocument>): Promise<KillDocument[]> {
  const all: KillDocument[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await documents.find('blob', { limit: 1000, ...(cursor !== undefined && { cursor }) });
    all.push(...page.items);
    if (page.next === undefined) return all;
    cursor = page.next;
  }
}
