import { Type } from 'typebox';
import type { Actor } from '../platform/route.ts';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import type { Limits, PeopleDirectory, Services, TrustMaterial } from '../platform/services.ts';
import { oneFile } from '../platform/upload.ts';
import { VerificationWorker } from '../verification/verification-worker.ts';
import { ValidationsError } from './errors.ts';
import { readerOf } from './policy.ts';
import { presentLine, presentValidation } from './presenter.ts';
import { ById, ListQuery, ValidationView } from './schema.ts';
import { uploadedPdf } from './upload.ts';
import { openValidations, type Validation } from './validation.ts';
import { type ValidationsDeps, verifyUpload } from './verify-upload.ts';

/** One file may take this long, and this many may wait. */
const WORK = { milliseconds: 60_000, waiting: 32 };

const tag = 'verification';

/** Those who answer for records may look at what strangers had verified. */
const readers = ['auditor', 'administrator'] as const;

/** Opens the collection and the worker; gives the routes and how to stop. */
export async function validationsFeature(
  services: Pick<Services, 'store' | 'clock' | 'newId' | 'limits'> & {
    readonly trust: TrustMaterial;
    readonly people: PeopleDirectory;
  },
): Promise<{ readonly routes: AnyRoute[]; close(): Promise<void> }> {
  const worker = new VerificationWorker(WORK);
  const validations = await openValidations(services.store);
  const deps = { ...services, worker, validations };
  return { routes: validationsRoutes(deps, services.limits), close: () => worker.close() };
}

type Deps = ValidationsDeps & { readonly people: PeopleDirectory };

/** @throws ValidationsError `validations.not_found`, also for what the actor may not read. */
async function readable({ validations, people }: Deps, actor: Actor, id: string): Promise<Validation> {
  const validation = await validations.get(id);
  if (validation !== undefined && (await readerOf(people, actor)(validation))) return validation;
  throw new ValidationsError('validations.not_found', `no verification ${id}`);
}

function validationsRoutes(deps: Deps, limits: Limits): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/verifications',
      summary: 'Judge the signatures of a PDF file',
      description:
        'Anybody may ask. The file is judged and thrown away; the report is kept with the certificates and CRLs it rests on. A file that is no PDF is answered with the verdict `unreadable`.',
      tag,
      access: 'public',
      upload: oneFile(limits),
      response: ValidationView,
      errors: ['verification.file_missing', 'verification.busy'],
      handle: async ({ actor, req }) => presentValidation(await verifyUpload(deps, actor, uploadedPdf(req))),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/verifications',
      summary: 'Verifications that were kept, newest first; a page may hold fewer than asked for',
      tag,
      access: readers,
      query: ListQuery,
      response: Type.Object({
        items: Type.Array(Type.Object({ id: Type.String(), time: Type.String(), verdict: Type.String() })),
        next: Type.Optional(Type.String()),
      }),
      handle: async ({ actor, query }) => {
        const page = await deps.validations.find('byTime', { ...query, descending: true });
        const mayRead = readerOf(deps.people, actor);
        const items = [];
        for (const each of page.items) if (await mayRead(each)) items.push(presentLine(each));
        return { items, ...(page.next !== undefined && { next: page.next }) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/verifications/:id',
      summary: 'One verification with its evidence',
      tag,
      access: readers,
      params: ById,
      response: ValidationView,
      errors: ['validations.not_found'],
      handle: async ({ actor, params }) => {
        const validation = await readable(deps, actor, params.id);
        return { ...presentValidation(validation), evidence: validation.evidence };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/v1/verifications/:id',
      summary: 'Dispose of a verification and its evidence',
      tag,
      access: ['administrator'],
      params: ById,
      status: 204,
      errors: ['validations.not_found'],
      handle: async ({ actor, params }) => {
        const { id } = await readable(deps, actor, params.id);
        await deps.validations.remove(id);
      },
    }),
  ];
}
