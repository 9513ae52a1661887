import { delimiter, resolve } from 'node:path';
import {
  choice,
  describeSettings,
  type Environment,
  hosts,
  integer,
  origin,
  readSettings,
  type SettingValues,
  secretText,
  size,
  text,
  unknownVariables,
  urls,
} from './platform/settings.ts';

/** Every variable of the environment that this program reads. With none of them set it runs on one machine, for that machine. */
export const settings = {
  profile: choice({
    variable: 'ANSO_PROFILE',
    default: 'production',
    of: ['production', 'demo'],
    sentence:
      'With `demo` the roots of the development PKI may be trusted; anybody can make certificates below them, so `production` does not start when it finds one.',
  }),
  dataFolder: text({
    variable: 'ANSO_DATA_DIR',
    default: './data',
    sentence: 'Folder of the SQLite database, the blobs, the server key and the trust folders.',
  }),
  host: text({
    variable: 'ANSO_HOST',
    default: '127.0.0.1',
    sentence: 'Address to listen on. Listen on others only behind a proxy that speaks TLS.',
  }),
  port: integer({
    variable: 'ANSO_PORT',
    default: '8080',
    min: 0,
    max: 65535,
    sentence: 'Port to listen on; 0 takes any free one.',
  }),
  publicOrigin: origin({
    variable: 'ANSO_PUBLIC_ORIGIN',
    default: undefined,
    sentence:
      'Origin that browsers use, when it is not the address listened on: writes from other origins are refused, and cookies are secure when it is https.',
  }),
  trustedProxies: integer({
    variable: 'ANSO_TRUSTED_PROXIES',
    default: '0',
    min: 0,
    max: 10,
    sentence:
      'How many proxies stand in front: that many X-Forwarded-For entries are believed when addresses are limited and logged.',
  }),
  mongodbUri: secretText({
    variable: 'ANSO_MONGODB_URI',
    default: undefined,
    sentence:
      'Keeps everything in this MongoDB replica set or sharded cluster instead of SQLite and the disk.',
  }),
  serverKey: secretText({
    variable: 'ANSO_SERVER_KEY',
    default: undefined,
    sentence:
      'Key that encrypts the key store, 32 bytes in base64. Without it, `server.key` in the data folder is used, and made with mode 600 when it is missing.',
  }),
  trustAnchorsFolder: text({
    variable: 'ANSO_TRUST_ANCHORS_DIR',
    default: undefined,
    sentence:
      'Folder of trusted root certificates (PEM or DER). Without it, `trust/anchors` in the data folder.',
  }),
  intermediatesFolder: text({
    variable: 'ANSO_INTERMEDIATES_DIR',
    default: undefined,
    sentence:
      'Folder of certificates that help to build paths and are not trusted by themselves. Without it, `trust/intermediates` in the data folder.',
  }),
  crlFolder: text({
    variable: 'ANSO_CRL_DIR',
    default: undefined,
    sentence:
      'Folder of certificate revocation lists (PEM or DER). Without it, `trust/crls` in the data folder.',
  }),
  timeStampAuthorities: urls({
    variable: 'ANSO_TSA_URLS',
    default: undefined,
    sentence:
      'Time-stamp authorities (RFC 3161), asked in this order. Their certificates have to lead to the trusted roots. With one, documents are signed at level B-T, or not at all, and raised to B-LT once they are released. Without any, signatures reach level B-B only.',
  }),
  network: choice({
    variable: 'ANSO_NETWORK',
    default: 'off',
    of: ['off', 'on'],
    sentence:
      'With `on`, what certificates name is fetched when revocation data has to be embedded (OCSP, CRLs, issuers): from public addresses only. With `off`, the CRLs of the trust folders have to do. Time-stamp authorities are asked either way.',
  }),
  privateHosts: hosts({
    variable: 'ANSO_NETWORK_HOSTS',
    default: undefined,
    sentence:
      'Hosts that may be reached although their addresses are private, as an authority in the own network is; with a port, at that port only.',
  }),
  fetchSeconds: integer({
    variable: 'ANSO_FETCH_SECONDS',
    default: '15',
    min: 1,
    max: 300,
    sentence:
      'How long a time-stamp authority, an OCSP responder or a server of issuers may take to answer; a CRL may take four times as long.',
  }),
  pkcs11Modules: text({
    variable: 'ANSO_PKCS11_MODULES',
    default: undefined,
    sentence:
      'Libraries (PKCS#11) of the tokens and HSMs attached to this server, their paths separated as in PATH. They are loaded into the server.',
  }),
  uploadLimit: size({
    variable: 'ANSO_UPLOAD_LIMIT',
    default: '100MiB',
    sentence: 'Largest file that may be attached, signed or verified over HTTP.',
  }),
  jsonLimit: size({
    variable: 'ANSO_JSON_LIMIT',
    default: '1MiB',
    sentence: 'Largest JSON body.',
  }),
  sessionIdleMinutes: integer({
    variable: 'ANSO_SESSION_IDLE_MINUTES',
    default: '30',
    min: 1,
    max: 1440,
    sentence: 'A session without a request for so long is over.',
  }),
  sessionHours: integer({
    variable: 'ANSO_SESSION_HOURS',
    default: '12',
    min: 1,
    max: 168,
    sentence: 'A session is over after so long, used or not.',
  }),
  signInFailures: integer({
    variable: 'ANSO_SIGN_IN_FAILURES',
    default: '5',
    min: 1,
    max: 100,
    sentence:
      'So many wrong passwords in a row lock an account for a while; four times as many lock an address.',
  }),
  signInLockMinutes: integer({
    variable: 'ANSO_SIGN_IN_LOCK_MINUTES',
    default: '15',
    min: 1,
    max: 1440,
    sentence: 'How long that lock lasts.',
  }),
  idleAccountDays: integer({
    variable: 'ANSO_IDLE_ACCOUNT_DAYS',
    default: '45',
    min: 1,
    max: 3650,
    sentence: 'An account not used for so many days is disabled (QCVN 12:2026/BCA asks for 45).',
  }),
  requestsPerMinute: integer({
    variable: 'ANSO_REQUESTS_PER_MINUTE',
    default: '1200',
    min: 1,
    max: 1_000_000,
    sentence: 'Requests one address may make in a minute; sign-ins are limited to a fortieth of it.',
  }),
  shutdownSeconds: integer({
    variable: 'ANSO_SHUTDOWN_SECONDS',
    default: '20',
    min: 1,
    max: 600,
    sentence: 'How long requests under way may take to end when the server is told to stop.',
  }),
  usageLog: text({
    variable: 'ANSO_USAGE_LOG',
    default: undefined,
    sentence:
      'File to which `anso sign` appends one line of JSON for each attempt to sign. Without it, attempts on the command line are not kept.',
  }),
  logLevel: choice({
    variable: 'ANSO_LOG_LEVEL',
    default: 'info',
    of: ['debug', 'info', 'warn', 'error', 'silent'],
    sentence: 'How much is logged, as one JSON object a line on standard error.',
  }),
};

export type Settings = SettingValues<typeof settings>;

export interface Config extends Settings {
  readonly serverKeyFile: string;
  readonly temporaryFolder: string;
  readonly trustAnchorsFolder: string;
  readonly intermediatesFolder: string;
  readonly crlFolder: string;
  readonly pkcs11ModulePaths: readonly string[];
  /** Variables that look like ours and are not: said in the log at start. */
  readonly unknown: readonly string[];
}

/** Variables of the tests and of commands, which the user names. */
const NOT_OURS = [/^ANSO_TEST_/, /^ANSO_CORPORA$/, /^ANSO_(.*_)?(PIN|PASSWORD)(_FILE)?$/];

/** @throws SettingsError with every problem at once. */
export function readConfig(environment: Environment): Config {
  const values = readSettings(settings, environment);
  const dataFolder = resolve(values.dataFolder);
  return {
    ...values,
    dataFolder,
    serverKeyFile: resolve(dataFolder, 'server.key'),
    temporaryFolder: resolve(dataFolder, 'uploads'),
    trustAnchorsFolder: resolve(values.trustAnchorsFolder ?? `${dataFolder}/trust/anchors`),
    intermediatesFolder: resolve(values.intermediatesFolder ?? `${dataFolder}/trust/intermediates`),
    crlFolder: resolve(values.crlFolder ?? `${dataFolder}/trust/crls`),
    pkcs11ModulePaths: (values.pkcs11Modules ?? '').split(delimiter).filter((path) => path !== ''),
    unknown: unknownVariables(settings, environment, 'ANSO_', NOT_OURS),
  };
}

/** docs/configuration.md: generated, so that it cannot go stale. */
export function configurationPage(): string {
  return [
    '# Configuration',
    '',
    'Generated from `server/config.ts` by `npx anso config --write`; do not edit.',
    '',
    'Everything is set by environment variables, and everything has a default. A variable with a `_FILE` variant is a',
    'secret: the variant names a file that holds the value. When something is wrong, all problems are listed at once and',
    'the exit code is 78.',
    '',
    describeSettings(settings),
  ].join('\n');
}
