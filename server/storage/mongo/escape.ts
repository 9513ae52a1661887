/** Names one array inside another: `%` alone is no escaped name. */
const NESTED = '%';

/**
 * Names a MongoDB document may not hold everywhere (a leading `$`, any `.`; a NUL nowhere) written so that it may:
 * JSON Schemas and forms that features keep are full of them (`$ref`). `%` marks, as in a URL. An array directly in
 * an array, which not every compatible server takes, stands in an object of its own.
 */
export function escapeNames(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => (Array.isArray(item) ? { [NESTED]: escapeNames(item) } : escapeNames(item)));
  }
  return renamed(value, (name) => name.replaceAll(/[$.%\0]/g, percent), escapeNames);
}

/** What {@link escapeNames} was given. */
export function unescapeNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unescapeNames);
  if (isObject(value) && Object.hasOwn(value, NESTED)) return unescapeNames(value[NESTED]);
  return renamed(value, (name) => name.replaceAll(/%([0-9a-f]{2})/g, character), unescapeNames);
}

function percent(text: string): string {
  return `%${text.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function character(_: string, hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function renamed(
  value: unknown,
  rename: (name: string) => string,
  inside: (value: unknown) => unknown,
): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), inside(member)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
