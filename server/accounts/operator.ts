import { Compile } from 'typebox/compile';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../storage/ports.ts';
import type { AccountRole } from '../workflow/definition.ts';
import { insertAccount } from './create-account.ts';
import { insertAgency } from './create-agency.ts';
import { AccountsError } from './errors.ts';
import { agencyByCode } from './first-administrator.ts';
import { checkPassword } from './password-rules.ts';
import { type AccountsDeps, openAccounts } from './repository.ts';
import { type Account, AccountInput, type Agency, AgencyInput } from './schema.ts';
import { setPassword } from './set-password.ts';

export interface OperatorInput {
  readonly login: string;
  readonly name: string;
  readonly position?: string;
  readonly roles: AccountRole[];
  readonly agencyCode: string;
  /** Needed when no agency has that code. */
  readonly agency?: Omit<AgencyInput, 'code'> | undefined;
  readonly password: string;
  readonly temporary: boolean;
}

const validAccount = Compile(AccountInput);
const validAgency = Compile(AgencyInput);

/**
 * Makes an account, and its agency when there is none, for whoever has a shell on the machine.
 * @throws AccountsError `accounts.invalid`, `accounts.not_found`, `accounts.login_taken`, `accounts.weak_password`.
 */
export async function createAccountAsOperator(
  services: { store: Store; clock: Clock; newId: (time?: Date) => string },
  input: OperatorInput,
): Promise<Account> {
  const deps = await openAccounts(services);
  const { login, name, position, roles, password, temporary } = input;
  checkPassword(password, login, deps.clock.now());
  const agency = await agencyFor(deps, input);
  const facts = { login, name, roles, agencyId: agency.id, ...(position === undefined ? {} : { position }) };
  if (!validAccount.Check(facts)) throw invalid(validAccount.Errors(facts));
  const account = await insertAccount(deps, 'system', facts);
  return setPassword(deps, 'system', account, password, { temporary });
}

async function agencyFor(deps: AccountsDeps, input: OperatorInput): Promise<Agency> {
  const existing = await agencyByCode(deps, input.agencyCode);
  if (existing !== undefined) return existing;
  if (input.agency === undefined) {
    throw new AccountsError(
      'accounts.not_found',
      `no agency has the code ${input.agencyCode}; describe it to make it`,
    );
  }
  const facts = { code: input.agencyCode, ...input.agency };
  if (!validAgency.Check(facts)) throw invalid(validAgency.Errors(facts));
  return insertAgency(deps, 'system', facts);
}

function invalid(errors: readonly { instancePath: string; message: string }[]): AccountsError {
  const first = errors[0];
  return new AccountsError(
    'accounts.invalid',
    `${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}`,
  );
}
