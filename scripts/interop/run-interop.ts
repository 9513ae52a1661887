import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Authority, type SignerFiles } from './authority.ts';
import { type AuthorityServer, openAuthorityServer } from './authority-server.ts';
import type { Case } from './cases.ts';
import type { Bench, Judge, JudgedFile } from './judge.ts';
import { makeCase, type Workshop } from './make-case.ts';
import { isAsked, type Outcome, outcomeOf } from './outcome.ts';
import { outsideOf } from './outside.ts';
import type { OpenProvider } from './provider.ts';

export interface Finding {
  readonly judge: string;
  readonly outcome: Outcome;
  readonly says: string;
}

export interface Row {
  readonly tested: Case;
  /** Why there is no file to judge. */
  readonly unsigned?: string;
  readonly findings: readonly Finding[];
}

/** Of a judge, or of a provider that is not here. */
export interface JudgeState {
  readonly name: string;
  readonly version?: string;
  /** Why it was not asked. */
  readonly skipped?: string;
}

export interface Interop {
  readonly judges: readonly JudgeState[];
  /** Those whose cases are left out. */
  readonly missingProviders: readonly JudgeState[];
  readonly rows: readonly Row[];
}

export interface InteropOptions {
  readonly cases: readonly Case[];
  readonly judges: readonly Judge[];
  /** Empty; keys, files and whatever the judges need are left there. */
  readonly folder: string;
  readonly cache: string;
  readonly onProgress: (text: string) => void;
}

/** Makes a PKI, signs every case with it and has every judge that is here look at every file. */
export async function runInterop(options: InteropOptions): Promise<Interop> {
  const { folder, cache, onProgress } = options;
  const cases = options.cases.filter(({ provider }) => provider.missing?.() === undefined);
  const server = await openAuthorityServer();
  try {
    const authority = await Authority.make(join(folder, 'pki'), server.url);
    server.serve(authority);
    const { files, failures } = await signAll(cases, authority, server, options);
    const bench: Bench = { root: authority.root, crls: await crlFiles(authority), folder, cache };
    const states: JudgeState[] = [];
    const findings = new Map<string, Finding[]>(cases.map(({ id }) => [id, []]));
    for (const judge of options.judges) {
      onProgress(`${judge.name}: ${files.length} files`);
      const state = await stateOf(judge, cache);
      states.push(state);
      if (state.skipped !== undefined) continue;
      const verdicts = new Map((await judge.judge(files, bench)).map((verdict) => [verdict.file, verdict]));
      for (const tested of cases) {
        if (failures.has(tested.id) || !isAsked(judge.name, tested)) continue;
        const verdict = verdicts.get(tested.id) ?? { accepted: false, says: 'no verdict' };
        const outcome = outcomeOf(judge.name, tested, verdict);
        findings.get(tested.id)?.push({ judge: judge.name, outcome, says: verdict.says });
      }
    }
    return {
      judges: states,
      missingProviders: missingProviders(options.cases),
      rows: cases.map((tested) => {
        const unsigned = failures.get(tested.id);
        return {
          tested,
          findings: findings.get(tested.id) ?? [],
          ...(unsigned !== undefined && { unsigned }),
        };
      }),
    };
  } finally {
    await server.close();
  }
}

function missingProviders(cases: readonly Case[]): JudgeState[] {
  return [...new Set(cases.map(({ provider }) => provider))].flatMap(({ name, missing }) => {
    const skipped = missing?.();
    return skipped === undefined ? [] : [{ name, skipped }];
  });
}

async function signAll(
  cases: readonly Case[],
  authority: Authority,
  server: AuthorityServer,
  { folder, onProgress }: InteropOptions,
): Promise<{ files: JudgedFile[]; failures: Map<string, string> }> {
  const providers = new Map<string, Promise<OpenProvider>>();
  const signers = new Map<string, Promise<SignerFiles>>();
  const workshop: Workshop = {
    folder,
    outside: await outsideOf(authority, server),
    signerOf: ({ algorithm: { key }, document }, nth) => {
      const kind = document.wrong?.byStranger ? 'stranger' : 'signer';
      return getOrMake(signers, `${kind} ${nth} ${key.join(' ')}`, () =>
        authority[kind](`${kind}-${signers.size}`, `Người ký ${nth + 1}`, key),
      );
    },
    providerOf: ({ provider }) =>
      getOrMake(providers, provider.name, async () => {
        const place = join(folder, `provider-${providers.size}`);
        await mkdir(place);
        return provider.open(place);
      }),
  };
  const files: JudgedFile[] = [];
  const failures = new Map<string, string>();
  for (const [index, tested] of cases.entries()) {
    if (index % 20 === 0) onProgress(`signing: ${index} of ${cases.length}`);
    try {
      files.push(await makeCase(tested, workshop));
    } catch (error) {
      failures.set(tested.id, String(error));
    }
  }
  for (const provider of providers.values()) await (await provider).close?.();
  return { files, failures };
}

function getOrMake<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

async function crlFiles(authority: Authority): Promise<string[]> {
  return Promise.all(
    (['root', 'issuing'] as const).map(async (name) => {
      const path = authority.path(`${name}.crl`);
      await writeFile(path, await authority.crl(name));
      return path;
    }),
  );
}

async function stateOf(judge: Judge, cache: string): Promise<JudgeState> {
  const skipped = await judge.missing(cache);
  if (skipped !== undefined) return { name: judge.name, skipped };
  return { name: judge.name, version: await judge.version(cache) };
}
