import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountRole } from '../../server/workflow/definition.ts';
import type { DevPki } from '../dev-pki/make-dev-pki.ts';
import { Client } from './client.ts';
import type { ServerProcess } from './server-process.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly client: Client;
}

/** People of one commune office, each signed in at a browser of their own, and what opens their keys. */
export interface Office {
  readonly administrator: Client;
  readonly agencyId: string;
  readonly unitId: string;
  readonly people: Readonly<Record<Role, Person>>;
  /** PINs of the two keys in the key store. */
  readonly pins: { readonly leader: string; readonly seal: string };
}

export type Role = 'official' | 'unitLeader' | 'leader' | 'clerk' | 'qualityManager' | 'auditor';

const province = {
  code: 'H99',
  name: 'ỦY BAN NHÂN DÂN TỈNH SÔNG XANH',
  notation: 'UBND',
  place: 'Sông Xanh',
};
const commune = { code: 'H99.15', name: 'ỦY BAN NHÂN DÂN XÃ AN BÌNH', notation: 'UBND', place: 'An Bình' };
const staff: Readonly<Record<Role, { login: string; name: string; position: string; roles: AccountRole[] }>> =
  {
    official: { login: 'lvphuoc', name: 'Lê Văn Phước', position: 'Công chức', roles: ['official'] },
    unitLeader: { login: 'ttbinh', name: 'Trịnh Thị Bình', position: 'Chánh Văn phòng', roles: ['leader'] },
    leader: { login: 'ntmanh', name: 'Nguyễn Thị Minh Ánh', position: 'Chủ tịch', roles: ['leader'] },
    clerk: { login: 'tqdat', name: 'Trần Quốc Đạt', position: 'Văn thư', roles: ['clerk'] },
    qualityManager: {
      login: 'dthoa',
      name: 'Đặng Thị Hòa',
      position: 'Phụ trách ISO',
      roles: ['qualityManager'],
    },
    auditor: { login: 'hvkiem', name: 'Hoàng Văn Kiểm', position: 'Thanh tra', roles: ['auditor'] },
  };

/** Puts the development root, its intermediates and CRLs where a server with this data folder looks for them. */
export async function trustDevelopmentPki(dataFolder: string, pki: DevPki): Promise<void> {
  const folders = { anchors: 'trust/anchors', intermediates: 'trust/intermediates', crls: 'trust/crls' };
  for (const folder of Object.values(folders)) await mkdir(join(dataFolder, folder), { recursive: true });
  for (const id of ['root', 'issuing']) {
    const { certificate, crl } = pki.authority(id);
    const folder = id === 'root' ? folders.anchors : folders.intermediates;
    await writeFile(join(dataFolder, folder, `${id}.crt`), certificate);
    await writeFile(join(dataFolder, folders.crls, `${id}.crl`), crl);
  }
}

/** From an empty server to a working office, all through the HTTP API. Passwords and PINs are random and kept nowhere. */
export async function openOffice(server: ServerProcess, pki: DevPki): Promise<Office> {
  const administrator = await firstAdministrator(server);
  const { agencyId: parentId } = await administrator.call<{ agencyId: string }>('/api/v1/me');
  const agency = await administrator.call<{ id: string }>('/api/v1/agencies', {
    body: { ...commune, parentId },
  });
  const unit = await administrator.call<{ id: string }>(`/api/v1/agencies/${agency.id}/units`, {
    body: { name: 'Văn phòng', notation: 'VP' },
  });
  const place = { agencyId: agency.id, unitId: unit.id };
  const engaged = Object.entries(staff).map(async ([role, person]) => {
    // The chairwoman stands above the units.
    const where = role === 'leader' ? { agencyId: agency.id } : place;
    return [role, await engage(server.origin, administrator, { ...person, ...where })] as const;
  });
  const people = Object.fromEntries(await Promise.all(engaged)) as Record<Role, Person>;
  const [leader, seal] = await Promise.all([
    giveCertificate(administrator, people.leader, pki.certificate('person'), {
      ...place,
      holderKind: 'person',
    }),
    giveCertificate(administrator, people.clerk, pki.certificate('organization'), {
      agencyId: agency.id,
      holderKind: 'organization',
    }),
  ]);
  return { administrator, agencyId: agency.id, unitId: unit.id, people, pins: { leader, seal } };
}

async function firstAdministrator(server: ServerProcess): Promise<Client> {
  const client = new Client(server.origin);
  const account = { login: 'quantri', password: newPassword() };
  await client.call('/api/v1/setup', {
    body: { ...account, name: 'Quản trị hệ thống', token: await server.setupToken, agency: province },
  });
  await client.call('/api/v1/sign-in', { body: account });
  return client;
}

async function engage(
  origin: string,
  administrator: Client,
  person: { login: string; name: string },
): Promise<Person> {
  const { account, invitation } = await administrator.call<{
    account: { id: string };
    invitation: { token: string };
  }>('/api/v1/accounts', { body: person });
  const client = new Client(origin);
  const password = newPassword();
  await client.call('/api/v1/invitations/accept', { body: { token: invitation.token, password } });
  await client.call('/api/v1/sign-in', { body: { login: person.login, password } });
  return { id: account.id, name: person.name, client };
}

/** Registers the certificate; its holder brings the P12 file and chooses a PIN. Resolves to the PIN. */
async function giveCertificate(
  administrator: Client,
  holder: Person,
  issued: { certificate: Uint8Array; p12: Uint8Array; pin: string },
  holding: { agencyId: string; holderKind: string },
): Promise<string> {
  const { id } = await administrator.call<{ id: string }>('/api/v1/certificates', {
    body: { certificate: base64(issued.certificate), accountId: holder.id, medium: 'file', ...holding },
  });
  const pin = randomBytes(6).toString('hex');
  await holder.client.call(`/api/v1/certificates/${id}/key`, {
    body: { p12: base64(issued.p12), passphrase: issued.pin, pin },
  });
  return pin;
}

const newPassword = (): string => `${randomBytes(12).toString('base64url')}aA1!`;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
