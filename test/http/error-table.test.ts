import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { ErrorText } from '../../server/errors/coded-error.ts';
import { errorTable, errorTables } from '../../server/http/error-table.ts';

const SERVER = join(import.meta.dirname, '../../server');

function sources(): string[] {
  return readdirSync(SERVER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the table of all errors', () => {
  it('holds every table that a package declares', async () => {
    for (const file of sources().filter((name) => name.endsWith('/errors.ts'))) {
      const module: Record<string, unknown> = await import(pathToFileURL(file).href);
      for (const [name, table] of Object.entries(module)) {
        if (name.endsWith('Errors')) expect(errorTables, `${name} of ${file}`).to.include(table);
      }
    }
  });

  it('defines no code twice', () => {
    const codes = errorTables.flatMap((table) => Object.keys(table));
    expect(codes).to.have.length(new Set(codes).size);
  });

  it('has a status and both sentences for each code', () => {
    for (const [code, { status, vi, en }] of Object.entries<ErrorText>(errorTable)) {
      expect(code).to.match(/^[a-z0-9]+(\.[a-z0-9_]+)+$/);
      expect(status, code).to.be.within(400, 599);
      expect(vi, code).to.match(/[.!?]$/);
      expect(en, code).to.match(/[.!?]$/);
      expect(vi, `${code} is the same in both languages`).not.to.equal(en);
    }
  });

  it('knows every code that any source throws', () => {
    for (const file of sources()) {
      const thrown = readFileSync(file, 'utf8').matchAll(/new [A-Z]\w*Error\(\s*'([a-z0-9]+\.[a-z0-9_.]+)'/g);
      for (const [, code = ''] of thrown) expect(Object.keys(errorTable), file).to.include(code);
    }
  });
});
