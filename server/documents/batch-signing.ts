import type { Actor } from '../platform/route.ts';
import type { HeldKey } from '../signing/held-key.ts';
import { load } from './change.ts';
import { presentSummary } from './presenter.ts';
import type { DocumentServices } from './services.ts';
import { signWithKey } from './sign-document.ts';
import type { SignatureWish } from './signing-step.ts';
import { signingStep } from './signing-step.ts';

/** Signing many documents with one opened key, as a port for whoever keeps the pile. */
export const batchSigning = (deps: DocumentServices) => ({
  /** What the document is called. @throws as `signDocument` when the actor may not sign it now */
  describe: async (actor: Actor, id: string, visit: string): Promise<string> => {
    const document = await load(deps, actor, id);
    signingStep(deps, actor, document, visit);
    return presentSummary(actor, document).title;
  },

  /** @throws as `signDocument` */
  sign: async (
    actor: Actor,
    at: SignatureWish & { readonly document: string; readonly visit: string; readonly certificate: string },
    key: HeldKey,
    requestId: string,
  ) => {
    const { document, ...input } = at;
    const open = async (_: string, how: Parameters<HeldKey['metered']>[0]) => key.metered(how);
    const signed = await signWithKey(deps, actor, document, { ...input, open }, requestId);
    const signature = signed.signatures.find(({ visit }) => visit === at.visit);
    const content = signed.content.findLast(({ made }) => made === 'signed');
    if (!signature || !content) throw new TypeError('a signed document has its signature and its PDF');
    const { sha256, size } = content;
    return { output: { sha256, size }, field: signature.field, level: signature.level };
  },
});
