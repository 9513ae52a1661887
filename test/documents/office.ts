import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import outgoing from '../../processes/QT.VT.01/1.json' with { type: 'json' };
import { vietnamCalendar } from '../../server/calendar/vietnam.ts';
import { completeTask } from '../../server/documents/complete-task.ts';
import type { DocumentRecord } from '../../server/documents/document-record.ts';
import { registerDocument } from '../../server/documents/register-document.ts';
import { releaseDocument } from '../../server/documents/release-document.ts';
import { returnDocument } from '../../server/documents/return-document.ts';
import {
  type DocumentPorts,
  type DocumentServices,
  documentServices,
} from '../../server/documents/services.ts';
import { signDocument } from '../../server/documents/sign-document.ts';
import { startDocument } from '../../server/documents/start-document.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Actor } from '../../server/platform/route.ts';
import { type RegisteredCertificate, silentLogger } from '../../server/platform/services.ts';
import { type KeyStore, openKeyStore } from '../../server/signing/key-store.ts';
import { openStore } from '../../server/storage/open-store.ts';
import type { Store, UsageEvent } from '../../server/storage/ports.ts';
import type { AccountRole, ProcessDefinition, WorkedStep } from '../../server/workflow/definition.ts';
import { freshKeys, type Identity, makeIdentity } from '../signing/identities.ts';
import { makePkcs12 } from '../signing/make-pkcs12.ts';

const actor = (accountId: string, name: string, role: AccountRole, unitId = 'van-phong'): Actor => ({
  accountId,
  login: accountId,
  name,
  agencyId: 'ubnd',
  unitId,
  roles: [role],
  via: 'session',
});

export const drafter = actor('drafter', 'Trần Thị Bình', 'official');
export const unitLeader = actor('unit-leader', 'Lê Văn Cường', 'leader');
export const leader = actor('leader', 'Nguyễn Văn An', 'leader', 'lanh-dao');
export const clerk = actor('clerk', 'Phạm Thị Dung', 'clerk');
export const auditor = actor('auditor', 'Hồ Văn Em', 'auditor');
export const outsider: Actor = { ...actor('outsider', 'Người Ngoài', 'leader'), agencyId: 'so-y-te' };
export const colleague = actor('colleague', 'Võ Thị Giang', 'official', 'tai-chinh');
const people = [drafter, unitLeader, leader, clerk, auditor, outsider, colleague];

export const PIN = 'Bí-mật-8';

export const fields = {
  type: 'QĐ',
  subject: 'Ban hành Kế hoạch cải cách hành chính năm 2027',
  authority: 'CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH',
  legalBasis: ['Căn cứ Luật Tổ chức chính quyền địa phương'],
  body: 'Điều 1. Ban hành Kế hoạch.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.',
  recipients: ['Như Điều 2'],
  urgency: 'normal',
  competence: 'TM.',
  onBehalfOf: 'ỦY BAN NHÂN DÂN',
  signerPosition: 'CHỦ TỊCH',
  signerName: 'Nguyễn Văn An',
};

/** Issued both certificates. */
export const authority = makeIdentity('p-256', { ca: true, subject: 'CA', keys: freshKeys('p-256') });
let personal: Identity | undefined;
let organization: Identity | undefined;

/** An agency with its people, keys and a real SQLite store in a folder of its own. */
export interface Office {
  readonly deps: DocumentServices;
  readonly store: Store;
  readonly keys: KeyStore;
  readonly folder: string;
  now: Date;
  /** The keys of the certificates, as tokens would have them. */
  readonly identities: { readonly personal: Identity; readonly organization: Identity };
  /** Certificates as the register has them; a test may take some away or change them. */
  certificates: RegisteredCertificate[];
  definition: ProcessDefinition;
  /** What the register says of every certificate; undefined lets it sign. */
  gate: string | undefined;
  /** The same office with another store: a faulty one, or one as after a restart. */
  with(store: Store): Promise<DocumentServices>;
  usage(): Promise<UsageEvent[]>;
  close(): Promise<void>;
}

/** With other ports than the usual where a test gives them. */
export async function openOffice(given: Partial<DocumentPorts> = {}): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'anso-documents-'));
  const office = { now: new Date('2026-11-23T02:00:00.000Z'), gate: undefined } as unknown as Office & {
    deps: DocumentServices;
  };
  const clock = { now: () => new Date(office.now) };
  const store = await openStore({ dataDir: folder, patienceMs: 50 }, clock);
  const serverKey = Buffer.alloc(32, 7);
  const cost = { N: 256, r: 8, p: 1 };
  const wait = async () => {};
  const keys = await openKeyStore({ store, serverKey, clock, cost, wait });

  personal ??= makeIdentity('p-256', { subject: 'Nguyễn Văn An', issuer: authority });
  organization ??= makeIdentity('rsa-2048', {
    ...{ subject: 'ỦY BAN NHÂN DÂN TỈNH CÀ MAU', serial: 77, issuer: authority },
  });
  const held = [
    [leader, personal, 'person'],
    [clerk, organization, 'organization'],
  ] as const;
  const certificates: RegisteredCertificate[] = [];
  for (const [owner, identity, holderKind] of held) {
    const p12 = makePkcs12({ keys: [identity], certificates: [identity] }, 'tạm');
    const { accountId, agencyId } = owner;
    const key = await keys.import({
      p12,
      passphrase: 'tạm',
      pin: PIN,
      owner: accountId,
      agencyId,
      actor: 'admin',
    });
    const { id: keyId, fingerprint } = key;
    certificates.push({
      id: `cert-${accountId}`,
      fingerprint,
      holderKind,
      agencyId,
      accountId,
      keyId,
      state: 'active',
    });
  }

  const make = async (from: Store): Promise<DocumentServices> =>
    documentServices({
      store: from,
      clock,
      newId,
      logger: silentLogger,
      limits: { uploadBytes: 1_000_000, jsonBytes: 1_000_000, temporaryFolder: join(folder, 'tmp') },
      calendar: vietnamCalendar,
      keys: from === store ? keys : await openKeyStore({ store: from, serverKey, clock, cost, wait }),
      gate: { check: async () => office.gate },
      signingTrust: async () => ({}),
      processes: {
        effective: async (agencyId, code) =>
          agencyId === 'ubnd' && code === office.definition.code
            ? {
                definition: office.definition,
                version: office.definition.version,
                hash: hashOf(office.definition),
              }
            : undefined,
      },
      certificates: {
        byFingerprint: async (wanted) =>
          office.certificates.find(({ fingerprint }) => fingerprint === wanted),
        heldBy: async (accountId) => office.certificates.filter((one) => one.accountId === accountId),
      },
      people: {
        account: async (id) => {
          const found = people.find(({ accountId }) => accountId === id);
          return found && { ...found, id, active: true };
        },
        agency: async (id) =>
          id === 'ubnd'
            ? { id, code: 'H12', name: 'ỦY BAN NHÂN DÂN TỈNH CÀ MAU', notation: 'UBND', place: 'Cà Mau' }
            : undefined,
        unit: async () => ({ id: 'van-phong', agencyId: 'ubnd', name: 'Văn phòng', notation: 'VP' }),
      },
      ...given,
    });

  return Object.assign(office, {
    store,
    keys,
    folder,
    identities: { personal, organization },
    certificates,
    definition: outgoing as unknown as ProcessDefinition,
    deps: await make(store),
    with: make,
    usage: async () => {
      await store.dispatch();
      const all = await Promise.all(certificates.map(({ fingerprint }) => store.usage.events(fingerprint)));
      return all.flatMap(({ items }) => items);
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

const hashOf = (definition: ProcessDefinition): string =>
  createHash('sha256').update(JSON.stringify(definition)).digest('hex');

export const openVisit = ({ workflow }: DocumentRecord): string => workflow.visits.at(-1)?.id ?? '';
export const stepOf = ({ workflow }: DocumentRecord): string | undefined => workflow.visits.at(-1)?.step;

export const start = (deps: DocumentServices, given: object = fields): Promise<DocumentRecord> =>
  startDocument(deps, drafter, { process: 'QT.VT.01', fields: { ...given } });

export const complete = (deps: DocumentServices, who: Actor, document: DocumentRecord, outcome: string) =>
  completeTask(deps, who, document.id, { visit: openVisit(document), outcome });

/** From draft to the leader's desk. */
export const toSigning = async (deps: DocumentServices, given: object = fields): Promise<DocumentRecord> =>
  submit(deps, await start(deps, given));

/** A draft through all who read it before the leader signs. */
export async function submit(deps: DocumentServices, draft: DocumentRecord): Promise<DocumentRecord> {
  const submitted = await complete(deps, drafter, draft, 'submit');
  const reviewed = await complete(deps, unitLeader, submitted, 'approve');
  const checked = await complete(deps, clerk, reviewed, 'pass');
  return complete(deps, leader, checked, 'approve');
}

/** The definition with a way back to the draft from one more step. */
export function withReturnFrom(definition: ProcessDefinition, key: string): ProcessDefinition {
  const step = definition.steps[key] as WorkedStep;
  const back = { title: { vi: 'Trả lại' }, next: 'draft', return: true };
  const steps = { ...definition.steps, [key]: { ...step, outcomes: { ...step.outcomes, return: back } } };
  return { ...definition, steps };
}

export const sign = (
  deps: DocumentServices,
  who: Actor,
  document: DocumentRecord,
  request?: string,
  pin = PIN,
) => signDocument(deps, who, document.id, { visit: openVisit(document), pin }, request);

export const register = (deps: DocumentServices, document: DocumentRecord, request?: string) =>
  registerDocument(deps, clerk, document.id, openVisit(document), request);

export const release = (deps: DocumentServices, document: DocumentRecord, request?: string) =>
  releaseDocument(deps, clerk, document.id, openVisit(document), request);

export const sendBack = (deps: DocumentServices, who: Actor, document: DocumentRecord, reason: string) =>
  returnDocument(deps, who, document.id, { visit: openVisit(document), outcome: 'return', reason });

/** To the clerk's desk, signed by the leader. */
export const toNumbering = async (deps: DocumentServices): Promise<DocumentRecord> =>
  sign(deps, leader, await toSigning(deps));

/** To the seal: signed and numbered. */
export const toSealing = async (deps: DocumentServices): Promise<DocumentRecord> =>
  register(deps, await toNumbering(deps));

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'none';
}
