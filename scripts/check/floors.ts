import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The rooms of the house by floor (ARCHITECTURE.md); a file may import its own floor and the floors below. */
const FLOORS: Readonly<Record<string, number>> = Object.fromEntries([
  ...['errors', 'json', 'pdf', 'asn1', 'cms', 'pki', 'workflow', 'calendar'].map((room) => [room, 1]),
  ...['signing', 'verification', 'evidence', 'composition', 'storage', 'platform'].map((room) => [room, 2]),
  ...['processes', 'documents', 'certificates', 'usage', 'accounts', 'audit', 'validations', 'batches'].map(
    (room) => [room, 3],
  ),
  ...['http', 'cli', 'web'].map((room) => [room, 4]),
]);
const WIRING = 5;
const FEATURE = 3;
/** What a pure room may ask of the platform: values only. */
const PURE_BUILTINS = new Set(['node:crypto', 'node:zlib', 'node:buffer', 'node:util']);

/**
 * Reads every import below `server` and says which climb to a higher floor, cross from one feature to another, or bring
 * I/O into the pure floor. One sentence a problem; empty when the house stands.
 */
export function checkFloors(root: string): string[] {
  const server = join(root, 'server');
  const problems: string[] = [];
  for (const file of typescriptFiles(server)) {
    const room = roomOf(server, file);
    const floor = floorOf(room);
    if (floor === undefined) {
      problems.push(`${relative(root, file)}: the room "${room}" stands on no floor`);
      continue;
    }
    for (const target of importsOf(file)) {
      if (target.startsWith('node:')) {
        if (floor === 1 && !PURE_BUILTINS.has(target)) {
          problems.push(`${relative(root, file)}: ${target} is I/O, and floor 1 has none`);
        }
        continue;
      }
      if (!target.startsWith('.')) continue;
      const other = roomOf(server, resolve(dirname(file), target));
      const otherFloor = floorOf(other);
      if (otherFloor === undefined) continue;
      if (otherFloor > floor) problems.push(`${relative(root, file)} climbs to ${other} (${target})`);
      if (floor === FEATURE && otherFloor === FEATURE && other !== room) {
        problems.push(`${relative(root, file)} reaches into another feature, ${other} (${target})`);
      }
    }
  }
  return problems;
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...statements].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** The first folder below server, or "" for the wiring files that stand in server itself. */
function roomOf(server: string, file: string): string {
  const parts = relative(server, file).split('/');
  return parts.length > 1 ? (parts[0] ?? '') : '';
}

const floorOf = (room: string): number | undefined => (room === '' ? WIRING : FLOORS[room]);
