import express, { type Express } from 'express';
import packageJson from '../package.json' with { type: 'json' };
import { actorOfSession, actorOfToken } from './accounts/authenticate.ts';
import { peopleDirectory } from './accounts/directory.ts';
import { agencyByCode } from './accounts/first-administrator.ts';
import { tidyAccounts } from './accounts/housekeeping.ts';
import { type AccountsDeps, openAccounts } from './accounts/repository.ts';
import { accountsRoutes, credentialPaths } from './accounts/routes.ts';
import { sessionCookie } from './accounts/session-cookie.ts';
import { auditRoutes } from './audit/routes.ts';
import { batchesFeature } from './batches/routes.ts';
import { vietnamCalendar } from './calendar/vietnam.ts';
import { certificateDirectory } from './certificates/certificate-directory.ts';
import { certificateGate } from './certificates/certificate-gate.ts';
import { issuedCertificates } from './certificates/issued-certificates.ts';
import { certificatesRoutes } from './certificates/routes.ts';
import type { Config } from './config.ts';
import { batchSigning } from './documents/batch-signing.ts';
import { documentProofs } from './documents/document-proofs.ts';
import { ProofKeeper } from './documents/proof-keeper.ts';
import { documentsRoutes } from './documents/routes.ts';
import { documentServices } from './documents/services.ts';
import { signingTrustOf } from './documents/signing-trust.ts';
import { accessLog } from './http/access-log.ts';
import { authentication } from './http/authentication.ts';
import { textOfError } from './http/error-table.ts';
import { type HealthCheck, healthRoutes } from './http/health.ts';
import { createIdempotency } from './http/idempotency.ts';
import { type OpenApiDocument, openApiDocument } from './http/openapi.ts';
import { openApiRoutes } from './http/openapi-routes.ts';
import { originCheck } from './http/origin-check.ts';
import { servePages } from './http/pages.ts';
import { nothingHere, problemHandler } from './http/problem-handler.ts';
import { rateLimitPerMinute } from './http/rate-limits.ts';
import { registerRoutes } from './http/register-routes.ts';
import { assignRequestId } from './http/request-context.ts';
import { securityHeaders } from './http/security-headers.ts';
import type { AnyRoute } from './platform/route.ts';
import type { Services, TrustMaterial } from './platform/services.ts';
import { processCatalogue } from './processes/catalogue.ts';
import { openProcesses } from './processes/repository.ts';
import { processesRoutes } from './processes/routes.ts';
import { openKeyStore } from './signing/key-store.ts';
import { ServerTokens } from './signing/pkcs11/server-tokens.ts';
import { usageRoutes } from './usage/routes.ts';
import { validationsFeature } from './validations/routes.ts';

export interface AppServices extends Services {
  readonly config: Config;
  readonly serverKey: Uint8Array;
  readonly trust: TrustMaterial;
  readonly healthChecks?: readonly HealthCheck[];
}

export interface App {
  readonly express: Express;
  readonly routes: readonly AnyRoute[];
  readonly openApi: OpenApiDocument;
  readonly accounts: AccountsDeps;
  /** Raises released documents for which there are proofs by now; for a timer. Gives how many. */
  raise(): Promise<number>;
  /** Removes what has expired; for a timer. */
  tidy(): Promise<void>;
  /** Ends threads of work; the store is closed by whoever opened it. */
  close(): Promise<void>;
}

/** Sign-ins may be this part of all requests of an address. */
const CREDENTIAL_PART = 40;
/** And judging files, which strangers may ask for and which keeps a row each, this part. */
const JUDGING_PART = 10;

/** Wires every feature to its ports and serves their routes. */
export async function createApp(services: AppServices): Promise<App> {
  const { config, logger, store } = services;
  const secure = config.publicOrigin?.startsWith('https:') ?? false;
  const cookie = sessionCookie(secure);
  const accounts = await openAccounts(services, config);
  const idempotency = await createIdempotency(services);

  const tokens = new ServerTokens(config.pkcs11ModulePaths);
  const features = await openFeatures(services, accounts, cookie, tokens);
  const health = healthRoutes([
    { name: 'store', check: () => store.ping() },
    ...(services.healthChecks ?? []),
  ]);
  const validations = await validationsFeature({ ...services, people: peopleDirectory(accounts) });
  const documented = [...features.routes, ...validations.routes, ...health];
  const openApi = openApiDocument(documented, packageJson.version);
  const routes = [...documented, ...openApiRoutes(openApi)];

  const app = express();
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.use(assignRequestId(services.newId), accessLog(logger), securityHeaders(secure));
  app.use(rateLimitPerMinute(config.requestsPerMinute));
  app.use([...credentialPaths], rateLimitPerMinute(Math.ceil(config.requestsPerMinute / CREDENTIAL_PART)));
  app.use('/api/v1/verifications', rateLimitPerMinute(Math.ceil(config.requestsPerMinute / JUDGING_PART)));
  servePages(app);
  app.use(
    authentication(
      {
        bySession: (secret) => actorOfSession(accounts, secret),
        byToken: (token) => actorOfToken(accounts, token),
      },
      cookie.name,
    ),
  );
  app.use(originCheck(config.publicOrigin));
  registerRoutes(app, routes, { idempotency, jsonLimit: config.jsonLimit });
  app.use(nothingHere, problemHandler(logger));

  return {
    express: app,
    routes,
    openApi,
    accounts,
    raise: () => features.keeper.run(),
    tidy: async () => {
      await tidyAccounts(accounts);
      await idempotency.purge();
    },
    close: async () => {
      await Promise.all([validations.close(), features.close()]);
      await tokens.close();
    },
  };
}

/** Every feature with the ports through which it reaches the others. */
async function openFeatures(
  services: AppServices,
  accounts: AccountsDeps,
  cookie: ReturnType<typeof sessionCookie>,
  tokens: ServerTokens,
): Promise<{ readonly routes: AnyRoute[]; readonly keeper: ProofKeeper; close(): Promise<void> }> {
  const { store, clock, serverKey, trust, logger, config } = services;
  const proofs = documentProofs(config, services);
  const people = peopleDirectory(accounts);
  const keys = await openKeyStore({ store, serverKey, clock, tokens });
  const processes = await openProcesses(services, people);
  const signing = {
    certificates: certificateDirectory({ store, clock, keys }),
    gate: certificateGate(store),
    signingTrust: signingTrustOf(trust, logger),
  };
  const documents = await documentServices({
    ...services,
    ...signing,
    people,
    keys,
    processes: processCatalogue(processes),
    calendar: vietnamCalendar,
    ...(proofs && { proofs }),
  });
  const batches = await batchesFeature({
    ...services,
    ...signing,
    keys,
    documents: batchSigning(documents),
    textOf: textOfError,
  });
  const agencyIdOf = async (code: string) => (await agencyByCode(accounts, code))?.id;
  const routes = [
    ...accountsRoutes({ ...accounts, cookie }),
    ...processesRoutes(processes),
    ...documentsRoutes(documents),
    ...certificatesRoutes({ ...services, people, keys, agencyIdOf }),
    ...usageRoutes({ ledger: store.usage, certificates: issuedCertificates(store), people, clock }),
    ...auditRoutes({ store, people }),
    ...batches.routes,
  ];
  const keeper = new ProofKeeper(documents);
  const close = async (): Promise<void> => {
    await Promise.all([batches.close(), keeper.stop()]);
  };
  return { routes, keeper, close };
}
