import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { idFrom } from '../../platform/ids.ts';
import type { Actor } from '../../platform/route.ts';
import { prepareDeferred } from '../../signing/deferred/prepare-deferred.ts';
import { UsageMeter } from '../../signing/usage-meter.ts';
import { StorageError } from '../../storage/errors.ts';
import { load } from '../change.ts';
import { checkHeld } from '../choose-certificate.ts';
import { contentOf } from '../compose-content.ts';
import { DocumentsError } from '../errors.ts';
import type { DocumentServices } from '../services.ts';
import { SigningAttempt } from '../signing-attempt.ts';
import { signingLevel } from '../signing-level.ts';
import {
  documentTerms,
  type SignatureWish,
  type SigningStep,
  signingStep,
  usageContextOf,
} from '../signing-step.ts';
import { basisOf, told, type WaitingSignature } from './waiting-signature.ts';

/** Enough for a pile of documents on one desk; each keeps a PDF. */
const MAX_WAITING = 1000;
const DEFAULT_DAYS = 7;
/** Milliseconds for which a preparation whose time is over is kept, so that it is still told why it is refused. */
const KEPT = 30 * 86_400_000;
/** Older ones that each new preparation takes away. */
const TIDIED_AT_ONCE = 20;

export interface PrepareSignature extends SignatureWish {
  readonly visit: string;
  /** DER in base64, as the token gives it. */
  readonly certificate: string;
  /** Its issuers, DER in base64. */
  readonly chain?: readonly string[];
  readonly days?: number;
}

/**
 * Prepares the signature of a step for a key that is elsewhere. The document stays as it is; what is refused is counted. The
 * same request again gives the same preparation.
 *
 * @throws as `signDocument`; PkiError for a certificate that cannot be read; DocumentsError `documents.too_many_preparations`
 */
export async function prepareSignature(
  deps: DocumentServices,
  actor: Actor,
  id: string,
  input: PrepareSignature,
  requestId?: string,
): Promise<WaitingSignature> {
  const preparation = requestId === undefined ? deps.newId() : idFrom('waiting-signature', requestId);
  const known = await deps.waiting.get(preparation);
  if (known) return known;
  const [certificate, ...chain] = [input.certificate, ...(input.chain ?? [])].map(readCertificate);
  if (!certificate) throw new TypeError('a certificate is given');
  await makeRoom(deps, actor);

  const document = await load(deps, actor, id);
  const at = signingStep(deps, actor, document, input.visit);
  const registered = await checkHeld(deps, actor, at.step.certificate, certificate.fingerprint);
  const before = await contentOf(deps, document);
  const { terms, content } = await documentTerms(deps, at, before, registered, input);
  const level = await signingLevel(deps);
  const request = { ...terms, ...level, certificate, chain, waitDays: input.days ?? DEFAULT_DAYS };
  const prepared = await prepareDeferred(request).catch(async (error: unknown) => {
    await countRefusal(deps, actor, { at, certificate, error });
    throw error;
  });
  const { sha256 } = await deps.store.blobs.put(content.bytes);
  return insertOnce(deps, {
    id: preparation,
    documentId: id,
    visit: input.visit,
    account: actor.accountId,
    basis: basisOf(document),
    source: sha256,
    places: content.places,
    certificate: certificate.fingerprint,
    state: prepared.state,
    toSign: told(prepared),
    field: prepared.field,
    expiresAt: prepared.state.expiresAt,
  });
}

const readCertificate = (text: string): Certificate => parseCertificate(Buffer.from(text, 'base64'));

/** A certificate that may not sign is an attempt; one that may is none yet. */
async function countRefusal(
  deps: DocumentServices,
  actor: Actor,
  refusal: { readonly at: SigningStep; readonly certificate: Certificate; readonly error: unknown },
): Promise<void> {
  const { at, certificate, error } = refusal;
  const attempt = new SigningAttempt(deps, actor, at.document.id);
  const meter = new UsageMeter({ ...deps, sink: attempt, context: usageContextOf(at, 'deferred') });
  await meter.failed(certificate.fingerprint, error);
  await attempt.recordRefusal(error);
}

async function makeRoom({ waiting, clock }: DocumentServices, actor: Actor): Promise<void> {
  const longOver = new Date(clock.now().getTime() - KEPT).toISOString();
  const { items } = await waiting.find('expiry', { to: longOver, limit: TIDIED_AT_ONCE });
  for (const { id } of items) await waiting.remove(id);
  if ((await waiting.count('account', { prefix: [actor.accountId] })) >= MAX_WAITING) {
    throw new DocumentsError('documents.too_many_preparations', `${MAX_WAITING} are the limit`);
  }
}

async function insertOnce(
  { waiting }: Pick<DocumentServices, 'waiting'>,
  value: Omit<WaitingSignature, 'revision'>,
): Promise<WaitingSignature> {
  try {
    return await waiting.insert(value);
  } catch (error) {
    const known =
      error instanceof StorageError && error.code === 'storage.duplicate'
        ? await waiting.get(value.id)
        : undefined;
    if (!known) throw error;
    return known;
  }
}
