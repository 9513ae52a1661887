import type { CommandTable } from './cli/main.ts';

/** Every verb of the command line, in the order of `anso --help`. */
export const commands: CommandTable = {
  start: {
    summary: 'run the server',
    load: async () => (await import('./start-command.ts')).command,
  },
  demo: {
    summary: 'show the whole product on real data, in a throw-away folder',
    load: async () => (await import('./cli/demo.ts')).command,
  },
  sign: {
    summary: 'sign PDF files with a key in a file, on a token or in an HSM',
    load: async () => (await import('./cli/sign.ts')).command,
  },
  tokens: {
    summary: 'list tokens and the certificates on them',
    load: async () => (await import('./cli/tokens.ts')).command,
  },
  augment: {
    summary: 'raise the signatures of a PDF to a higher level, or renew its archive time stamp',
    load: async () => (await import('./cli/augment.ts')).command,
  },
  verify: {
    summary: 'judge the signatures of PDF files',
    load: async () => (await import('./cli/verify.ts')).command,
  },
  usage: {
    summary: 'report which certificates are in regular use',
    load: async () => (await import('./cli/usage.ts')).command,
  },
  processes: {
    summary: 'check, import and export ISO process definitions',
    load: async () => (await import('./cli/processes.ts')).command,
  },
  account: {
    summary: 'make an account on this machine, without the web',
    load: async () => (await import('./cli/account.ts')).command,
  },
  audit: {
    summary: 'verify the hash chain of the audit log',
    load: async () => (await import('./cli/audit.ts')).command,
  },
  config: {
    summary: 'check the configuration, or print every variable',
    load: async () => (await import('./config-command.ts')).command,
  },
};
