import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDevPki } from './make-dev-pki.ts';
import { certsDevFolder } from './recipe.ts';

const usage = `npm run certs:dev -- [--out DIR] [--force]

Makes the development PKI of certs-dev/recipe.json: certificates, PKCS#12 files, revocation lists, random PINs.
  --out DIR   where to write (default: certs-dev)
  --force     replace what an earlier run left there
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: certsDevFolder },
    force: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
} else if (existsSync(join(values.out, 'pins.json')) && !values.force) {
  process.stderr.write(`${values.out} already holds a development PKI; --force replaces it.\n`);
  process.exitCode = 1;
} else {
  const pki = await makeDevPki({ out: values.out });
  const [authorities, certificates] = [pki.authorities, pki.certificates].map((part) => Object.keys(part));
  process.stdout.write(
    `${values.out}: ${authorities?.length} authorities, ${certificates?.length} certificates.\n` +
      'PINs of the PKCS#12 files: pins.json. For development only.\n',
  );
}
