import { Type } from 'typebox';
import { parseCertificate } from '../pki/certificate.ts';
import { PkiError } from '../pki/errors.ts';
import { certificateLabels, readPemOrDer } from '../pki/pem.ts';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import { sendDownload } from '../platform/send-download.ts';
import { changeState } from './change-state.ts';
import { getCertificate } from './get-certificate.ts';
import { downloadImage, removeImage, storeImage } from './holder-image.ts';
import { attachKey, changePin, importKey, type KeyDeps, unlockKey } from './holder-key.ts';
import { type ImportDeps, importIssuedList } from './import-issued-list.ts';
import { readIssuedList } from './issued-list.ts';
import { listCertificates } from './list-certificates.ts';
import { presentCertificate, presentChange, presentKey } from './presenter.ts';
import type { CertificatesDeps } from './register.ts';
import { registerCertificate } from './register-certificate.ts';
import {
  CertificateDetail,
  CertificateView,
  ImageBody,
  ImportResult,
  KeyBody,
  KeyView,
  ListBody,
  ListQuery,
  PinBody,
  RegisterBody,
  StateChangeBody,
  TokenKeyBody,
} from './schema.ts';

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) });
const tag = 'certificates';
const administrator = ['administrator'] as const;

/** The register of certificates and the keys of those whose key is kept here. */
export function certificatesRoutes(deps: ImportDeps & KeyDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates',
      summary: 'Put a certificate into the register',
      tag,
      access: administrator,
      status: 201,
      body: RegisterBody,
      response: CertificateView,
      errors: ['certificates.already_registered', 'certificates.is_authority', 'pki.malformed_certificate'],
      handle: async ({ actor, body: { certificate, ...holding } }) =>
        presentCertificate(
          await registerCertificate(deps, actor, readCertificate(certificate), holding),
          deps.clock.now(),
        ),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates/import',
      summary: 'Put a list of issued certificates into the register',
      description: 'All rows or none; a repeat of the same list changes nothing.',
      tag,
      access: administrator,
      body: ListBody,
      response: ImportResult,
      errors: ['certificates.bad_list'],
      handle: ({ actor, body }) => importIssuedList(deps, actor, readIssuedList(body.list)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/certificates',
      summary: 'The register: of the own agency and those below it, or only the own certificates',
      tag,
      access: 'signed-in',
      query: ListQuery,
      response: Type.Object({ items: Type.Array(CertificateView), next: Type.Optional(Type.String()) }),
      handle: async ({ actor, query }) => {
        const { items, next } = await listCertificates(deps, actor, query);
        const now = deps.clock.now();
        return {
          items: items.map((entry) => presentCertificate(entry, now)),
          ...(next === undefined ? {} : { next }),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/v1/certificates/:id',
      summary: 'One certificate with its changes of state',
      tag,
      access: 'signed-in',
      params: ById,
      response: CertificateDetail,
      errors: ['certificates.not_found'],
      handle: async ({ actor, params }) => {
        const entry = await getCertificate(deps, actor, params.id);
        const { fingerprint } = entry;
        const key = fingerprint === undefined ? undefined : await deps.keys.byFingerprint(fingerprint);
        return {
          ...presentCertificate(entry, deps.clock.now()),
          changes: entry.changes.map(presentChange),
          ...(key === undefined ? {} : { key: presentKey(key) }),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates/:id/state',
      summary: 'Activate, suspend, resume or revoke a certificate',
      description: 'For administrators; the holder may suspend the own certificate and nothing else.',
      tag,
      access: 'signed-in',
      params: ById,
      body: StateChangeBody,
      response: CertificateView,
      errors: ['certificates.not_found', 'certificates.bad_transition', 'certificates.own_certificate'],
      handle: async ({ actor, params, body }) =>
        presentCertificate(await changeState(deps, actor, params.id, body), deps.clock.now()),
    }),
    ...keyRoutes(deps),
    ...imageRoutes(deps),
  ];
}

function keyRoutes(deps: KeyDeps): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates/:id/key',
      summary: 'Put the key of the own certificate into the key store under a new PIN',
      tag,
      access: 'signed-in',
      status: 201,
      params: ById,
      body: KeyBody,
      response: KeyView,
      errors: [
        'certificates.forbidden',
        'signing.p12_wrong_passphrase',
        'signing.pin_unfit',
        'signing.key_exists',
      ],
      handle: async ({ actor, params, body: { p12, passphrase, pin } }) =>
        presentKey(
          await importKey(deps, actor, params.id, { p12: Buffer.from(p12, 'base64'), passphrase, pin }),
        ),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates/:id/key/token',
      summary: 'Take down that the key of the own certificate is on a token attached to this server',
      description:
        'The token is one that the PKCS#11 modules of the configuration see. The PIN is asked for at each signing.',
      tag,
      access: 'signed-in',
      status: 201,
      params: ById,
      body: TokenKeyBody,
      response: KeyView,
      errors: [
        'certificates.forbidden',
        'signing.token_not_found',
        'signing.token_ambiguous',
        'signing.token_no_key',
        'signing.wrong_pin',
        'signing.pin_locked',
        'signing.pin_final_try',
        'signing.pkcs11_unavailable',
        'signing.key_exists',
      ],
      handle: async ({ actor, params, body }) => presentKey(await attachKey(deps, actor, params.id, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates/:id/key/pin',
      summary: 'Change the PIN of the own key',
      tag,
      access: 'signed-in',
      params: ById,
      body: PinBody,
      response: KeyView,
      errors: [
        'certificates.no_key',
        'signing.wrong_pin',
        'signing.pin_locked',
        'signing.pin_unfit',
        'signing.pin_kept_by_token',
      ],
      handle: async ({ actor, params, body }) => presentKey(await changePin(deps, actor, params.id, body)),
    }),
    defineRoute({
      method: 'post',
      path: '/api/v1/certificates/:id/key/unlock',
      summary: 'Let a key be tried again after too many wrong PINs',
      tag,
      access: administrator,
      params: ById,
      response: KeyView,
      errors: ['certificates.no_key', 'certificates.own_certificate'],
      handle: async ({ actor, params }) => presentKey(await unlockKey(deps, actor, params.id)),
    }),
  ];
}

function imageRoutes(deps: CertificatesDeps): AnyRoute[] {
  const path = '/api/v1/certificates/:id/image';
  const common = { path, tag, access: 'signed-in', params: ById } as const;
  const refused = ['certificates.not_found', 'certificates.forbidden'];
  return [
    defineRoute({
      ...common,
      method: 'put',
      summary: 'Keep the picture of a signature or a seal, as it is shown in documents',
      description: 'For the holder or custodian; for a seal also for administrators.',
      body: ImageBody,
      response: CertificateView,
      errors: [
        ...refused,
        'certificates.image_too_large',
        'composition.image_unknown',
        'composition.image_damaged',
        'composition.image_unsupported',
        'composition.image_too_large',
      ],
      handle: async ({ actor, params, body: { image, width } }) => {
        const file = { bytes: Buffer.from(image, 'base64'), ...(width !== undefined && { width }) };
        return presentCertificate(await storeImage(deps, actor, params.id, file), deps.clock.now());
      },
    }),
    defineRoute({
      ...common,
      method: 'get',
      summary: 'The picture, for those who may change it',
      contentType: 'application/octet-stream',
      errors: [...refused, 'certificates.no_image'],
      handle: async ({ actor, params, res }) =>
        sendDownload(res, await downloadImage(deps, actor, params.id)),
    }),
    defineRoute({
      ...common,
      method: 'delete',
      summary: 'Forget the picture; signatures show as text again',
      response: CertificateView,
      errors: [...refused, 'certificates.no_image'],
      handle: async ({ actor, params }) =>
        presentCertificate(await removeImage(deps, actor, params.id), deps.clock.now()),
    }),
  ];
}

/** One certificate, as PEM or as base64 of its DER. @throws PkiError `pki.malformed_certificate`, `pki.malformed_pem` */
function readCertificate(text: string) {
  const bytes = text.includes('-----BEGIN') ? Buffer.from(text, 'utf8') : Buffer.from(text, 'base64');
  const [der, ...more] = readPemOrDer(bytes, certificateLabels);
  if (!der || more.length > 0) throw new PkiError('pki.malformed_pem', 'one certificate was expected');
  return parseCertificate(der);
}
