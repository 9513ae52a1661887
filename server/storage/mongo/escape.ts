/**
 * Names a MongoDB document may not hold everywhere (a leading `$`, any `.`; a NUL nowhere) written so that it may:
 * JSON Schemas and forms that features keep are full of them (`$ref`). `%` marks, as in a URL.
 */
export function escapeNames(value: unknown): unknown {
  return renamed(value, (name) => name.replaceAll(/[$.%\0]/g, percent));
}

/** What {@link escapeNames} was given. */
export function unescapeNames(value: unknown): unknown {
  return renamed(value, (name) =>
    name.replaceAll(/%([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function renamed(value: unknown, rename: (name: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [rename(name), renamed(item, rename)]),
  );
}
