import { readFileSync } from 'node:fs';

/**
 * A table of environment variables from which come the type, the reading and the documentation. Problems are gathered,
 * so that whoever sets up a machine reads all of them at once.
 */
export interface Setting<T> {
  readonly variable: string;
  readonly sentence: string;
  /** The type as the documentation names it, for example `integer 1 to 65535`. */
  readonly type: string;
  /** As one would write it in the environment; undefined when the default is to have none. */
  readonly default: string | undefined;
  /** Its value never appears in logs, and `<variable>_FILE` may name a file that holds it. */
  readonly secret?: boolean;
  /** @throws Error whose message completes the sentence `<variable> …`. */
  readonly parse: (text: string) => T;
}

export type OptionalSetting<T> = Setting<T> & { readonly default: undefined };
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;
export type SettingValues<Table extends SettingTable> = {
  readonly [Key in keyof Table]: Table[Key] extends OptionalSetting<infer T>
    ? T | undefined
    : Table[Key] extends Setting<infer T>
      ? T
      : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem of the environment, one sentence each. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** An empty variable counts as unset. @throws SettingsError with all problems. */
export function readSettings<Table extends SettingTable>(
  table: Table,
  environment: Environment,
): SettingValues<Table> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(table)) {
    try {
      const text = textOf(setting, environment) ?? setting.default;
      values[key] = text === undefined ? undefined : setting.parse(text);
    } catch (error) {
      problems.push(`${setting.variable} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return values as SettingValues<Table>;
}

/** Variables with the prefix that no setting knows: most likely slips of the pen. */
export function unknownVariables(
  table: SettingTable,
  environment: Environment,
  prefix: string,
  allowed: readonly RegExp[] = [],
): string[] {
  const known = new Set<string>();
  for (const { variable, secret } of Object.values(table)) {
    known.add(variable);
    if (secret) known.add(`${variable}_FILE`);
  }
  return Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known.has(name) && !allowed.some((rule) => rule.test(name)))
    .sort();
}

/** The table as Markdown, one row a variable. */
export function describeSettings(table: SettingTable): string {
  const rows = Object.values(table).map((setting) => {
    const name = setting.secret
      ? `\`${setting.variable}\` or \`${setting.variable}_FILE\``
      : `\`${setting.variable}\``;
    const fallback = setting.default === undefined ? 'none' : `\`${setting.default}\``;
    return `| ${name} | ${setting.type} | ${fallback} | ${setting.sentence.replaceAll('|', '\\|')} |`;
  });
  return ['| variable | type | default | what it does |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function textOf(setting: Setting<unknown>, environment: Environment): string | undefined {
  const direct = environment[setting.variable] || undefined;
  if (!setting.secret) return direct;
  const file = environment[`${setting.variable}_FILE`] || undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) throw new Error('and its _FILE variant are both set; keep one');
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`cannot be read from ${file} (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
}

interface Words<D extends string | undefined> {
  readonly variable: string;
  readonly default: D;
  readonly sentence: string;
}

export function text<const D extends string | undefined>(words: Words<D>) {
  return { ...words, type: 'text', parse: (value: string) => value };
}

export function secretText<const D extends string | undefined>(words: Words<D>) {
  return { ...text(words), secret: true };
}

export function integer<const D extends string | undefined>(
  words: Words<D> & { readonly min: number; readonly max: number },
) {
  const { min, max, ...rest } = words;
  return {
    ...rest,
    type: `integer ${min} to ${max}`,
    parse: (value: string): number => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= min && number <= max)) throw new Error(`must be a whole number from ${min} to ${max}`);
      return number;
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Bytes, written with a unit: `100MiB`. */
export function size<const D extends string | undefined>(words: Words<D>) {
  return {
    ...words,
    type: 'size (`B`, `KiB`, `MiB`, `GiB`)',
    parse: (value: string): number => {
      const match = /^(\d{1,9}) ?(B|KiB|MiB|GiB)$/.exec(value);
      const bytes = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
      if (!(bytes >= 1)) throw new Error('must be a size such as 512KiB or 100MiB');
      return bytes;
    },
  };
}

export function choice<const D extends string | undefined, const C extends string>(
  words: Words<D> & { readonly of: readonly C[] },
) {
  const { of, ...rest } = words;
  return {
    ...rest,
    type: of.map((value) => `\`${value}\``).join(', '),
    parse: (value: string): C => {
      const found = of.find((candidate) => candidate === value);
      if (found === undefined) throw new Error(`must be one of ${of.join(', ')}`);
      return found;
    },
  };
}

/** An http(s) origin, without path. */
export function origin<const D extends string | undefined>(words: Words<D>) {
  return {
    ...words,
    type: 'http(s) origin',
    parse: (value: string): string => {
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (
        !url ||
        !['http:', 'https:'].includes(url.protocol) ||
        url.pathname !== '/' ||
        url.search ||
        url.hash
      ) {
        throw new Error('must be an origin such as https://anso.example.gov.vn');
      }
      return url.origin;
    },
  };
}

const partsOf = (value: string): readonly string[] => value.split(/[\s,]+/).filter((part) => part !== '');

/** Names or addresses of machines, each with a port or without; separated by spaces or commas. */
export function hosts<const D extends string | undefined>(words: Words<D>) {
  return {
    ...words,
    type: 'hosts, separated by spaces',
    parse: (value: string): readonly string[] =>
      partsOf(value).map((part) => {
        const url = URL.canParse(`http://${part}/`) ? new URL(`http://${part}/`) : undefined;
        if (url?.pathname !== '/' || url.username || url.search || url.hash) {
          throw new Error('must name hosts such as ocsp.example.gov.vn or 10.0.0.5:8080');
        }
        // The parser drops a port that is the usual one.
        const port = /:(\d+)$/.exec(part)?.[1];
        return port === undefined ? url.hostname : `${url.hostname}:${Number(port)}`;
      }),
  };
}

/** Addresses in their order, separated by spaces or commas. */
export function urls<const D extends string | undefined>(words: Words<D>) {
  return {
    ...words,
    type: 'http(s) URLs, separated by spaces',
    parse: (value: string): readonly string[] => {
      const list = partsOf(value);
      for (const part of list) {
        const url = URL.canParse(part) ? new URL(part) : undefined;
        if (!url || !['http:', 'https:'].includes(url.protocol)) {
          throw new Error('must name http or https addresses such as http://tsa.example.gov.vn/tsr');
        }
        if (url.username || url.password) throw new Error('must not hold credentials');
      }
      return list;
    },
  };
}
