import { createAccountAsOperator } from '../accounts/operator.ts';
import { AccountRole } from '../workflow/definition.ts';
import { type Command, type CommandIo, exitCodes, UsageError } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { printJson, printLine } from './print.ts';
import { readPassword } from './read-password.ts';

const options = {
  login: { type: 'string' },
  name: { type: 'string' },
  position: { type: 'string' },
  role: { type: 'string', multiple: true },
  'agency-code': { type: 'string' },
  'agency-name': { type: 'string' },
  'agency-notation': { type: 'string' },
  'agency-place': { type: 'string' },
  'password-env': { type: 'string' },
  'password-file': { type: 'string' },
  temporary: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export const command: Command = {
  name: 'account',
  summary: 'make an account on this machine, without the web',
  usage: `anso account create --login LOGIN --name NAME --role ROLE... --agency-code CODE
    [--agency-name NAME --agency-notation TEXT --agency-place PLACE]   the agency, when it does not exist yet
    [--position TEXT] [--password-env NAME | --password-file FILE] [--temporary] [--json]

Roles: ${AccountRole.anyOf.map((role) => role.const).join(', ')}.

The password comes from the environment variable NAME, from FILE, or is asked for on the terminal; never from the
command line, where every process of the machine could read it. With --temporary it must be changed before the first
sign-in.

Exit codes: 0 made, 1 refused, 64 wrong command line.`,

  run: async (argv, io) => {
    const { values, positionals } = parseOptions(argv, options);
    if (positionals.length !== 1 || positionals[0] !== 'create') throw new UsageError('say: account create');
    const { login, name, position } = values;
    if (login === undefined || name === undefined || values['agency-code'] === undefined) {
      throw new UsageError('--login, --name and --agency-code are needed');
    }
    const password = await passwordFrom(values, io);
    const account = await createAccountAsOperator(await io.openServices(), {
      login,
      name,
      ...(position === undefined ? {} : { position }),
      roles: rolesOf(values.role),
      agencyCode: values['agency-code'],
      agency: agencyOf(values),
      password,
      temporary: values.temporary ?? false,
    });
    if (values.json) printJson(io.stdout, { id: account.id, login, agencyId: account.agencyId });
    else printLine(io.stdout, `made the account ${login} (${account.id})`);
    return exitCodes.ok;
  },
};

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

function rolesOf(given: readonly string[] | undefined): AccountRole[] {
  if (given === undefined) throw new UsageError('--role is needed');
  return given.map((name) => {
    const role = AccountRole.anyOf.find((candidate) => candidate.const === name)?.const;
    if (role === undefined) throw new UsageError(`${JSON.stringify(name)} is no role`);
    return role;
  });
}

/** Undefined: the agency must exist. */
function agencyOf(values: Values): { name: string; notation: string; place: string } | undefined {
  const name = values['agency-name'];
  const notation = values['agency-notation'];
  const place = values['agency-place'];
  if (name === undefined && notation === undefined && place === undefined) return undefined;
  if (name === undefined || notation === undefined || place === undefined) {
    throw new UsageError('--agency-name, --agency-notation and --agency-place go together');
  }
  return { name, notation, place };
}

function passwordFrom(values: Values, io: CommandIo): Promise<string> {
  return readPassword(io, { env: values['password-env'], file: values['password-file'] });
}
