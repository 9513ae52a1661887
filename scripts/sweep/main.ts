import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeIdentity } from '../../test/signing/identities.ts';
import { makePkcs12 } from '../../test/signing/make-pkcs12.ts';
import { summary, table } from './report.ts';
import { sweepFiles } from './sweep-files.ts';

const usage = `npm run sweep -- DIR... [--seconds N] [--megabytes N] [--json]

Signs every PDF below each DIR with "anso sign" and a throw-away certificate, each in a process of its own, and looks for
what must never be: an earlier byte that changed, an earlier signature that was intact and is no longer, a file that
"qpdf --check" finds more wrong with than before, a crash, a file left behind by a refusal, more than N seconds (default 5)
or N megabytes (default 300). The files themselves are only read.

  --json   one JSON object: {"summary","rows"}

Exit codes: 0 no fault (refusals with a code are none), 1 any fault, 64 wrong command line.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '300' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const limits = { seconds: Number(values.seconds), megabytes: Number(values.megabytes) };
if (values.help || positionals.length === 0 || !(limits.seconds > 0) || !(limits.megabytes > 0)) {
  process.stdout.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 64;
} else {
  const files = positionals.flatMap(pdfsBelow);
  const folder = mkdtempSync(join(tmpdir(), 'anso-sweep-key-'));
  try {
    const identity = makeIdentity('p-256', { notAfter: new Date(Date.now() + 86_400_000) });
    const key = { p12: join(folder, 'key.p12'), pin: 'sweep' };
    writeFileSync(key.p12, makePkcs12({ keys: [identity], certificates: [identity] }, key.pin));
    let done = 0;
    const rows = await sweepFiles(files, key, limits, () => {
      done += 1;
      if (process.stderr.isTTY) process.stderr.write(`\r${done}/${files.length}`);
    });
    process.stdout.write(
      values.json ? `${JSON.stringify({ summary: summary(rows), rows })}\n` : `\n${table(rows)}\n`,
    );
    process.exitCode = summary(rows).faults > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pdfsBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.pdf$/i.test(name))
    .toSorted()
    .map((name) => join(path, name));
}
