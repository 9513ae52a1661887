import { parseArgs } from 'node:util';
import { benchSign } from './sign.ts';

const usage = `npm run bench -- sign [--seconds N] [--size BYTES] [--at-once N] [--json]

Signs a document of that size (default 50000 bytes) again and again, N seconds a row (default 3), and prints beside each
signer what node:crypto signs with the bare key in the same run. Others are measured when they are installed:
npm install --prefix scripts/bench`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '3' },
    size: { type: 'string', default: '50000' },
    'at-once': { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || positionals[0] !== 'sign') {
  process.stdout.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 64;
} else {
  const { seconds, size, 'at-once': atOnce, json } = values;
  await benchSign({ seconds: Number(seconds), size: Number(size), atOnce: Number(atOnce), json });
}
