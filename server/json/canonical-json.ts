/**
 * The JSON canonicalization scheme (RFC 8785): one text for one value, so that its digest can be compared.
 * Object members sort by UTF-16 code units; numbers and strings are written as ECMAScript writes them, which is what
 * the RFC prescribes. A member that is `undefined` is left out, as `JSON.stringify` does.
 *
 * @throws TypeError on what is no JSON value: NaN, infinities, lone surrogates (RFC 8785 3.2.2), functions, bigints.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`);
      return JSON.stringify(value);
    case 'string':
      return quote(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : members(value);
    default:
      throw new TypeError(`a ${typeof value} is no JSON value`);
  }
}

function members(object: object): string {
  return `{${Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${quote(name)}:${canonicalJson(value)}`)
    .join(',')}}`;
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate is no Unicode text');
  return JSON.stringify(text);
}
