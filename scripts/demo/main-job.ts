import { randomInt } from 'node:crypto';
import { DocumentRun, refusalOf } from './document-run.ts';
import type { Narrator } from './narrator.ts';
import type { Office, Person } from './office.ts';

export interface SignatureReport {
  readonly field: string;
  readonly signer: string;
  readonly integrity: string;
  readonly modifications: string;
  readonly trust: string;
}

export interface Report {
  readonly verdict: string;
  readonly documentIntegrity: string;
  readonly signatures: readonly SignatureReport[];
}

export interface MainJobResult {
  readonly pdf: Buffer;
  /** The report as the server gave it, all of it. */
  readonly report: Report;
  readonly usage: UsageReport;
}

interface UsageReport {
  readonly certificates: readonly { holderName: string; signed: number; refused: number; group: string }[];
}

const letter = {
  type: 'QĐ',
  subject: 'ban hành Kế hoạch chuyển đổi số xã An Bình năm 2027',
  authority: 'Chủ tịch Ủy ban nhân dân xã An Bình',
  legalBasis: [
    'Căn cứ Luật Tổ chức chính quyền địa phương;',
    'Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;',
    'Theo đề nghị của Chánh Văn phòng.',
  ],
  body: [
    'Điều 1. Ban hành kèm theo Quyết định này Kế hoạch chuyển đổi số xã An Bình năm 2027.',
    'Điều 2. Văn phòng chủ trì, phối hợp với các đơn vị liên quan triển khai Kế hoạch; báo cáo kết quả trước ngày 15 tháng 12 năm 2027.',
    'Điều 3. Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng và thủ trưởng các đơn vị chịu trách nhiệm thi hành Quyết định này./.',
  ].join('\n'),
  recipients: ['Như Điều 3', 'UBND tỉnh Sông Xanh (để b/c)'],
  urgency: 'normal',
  signerPosition: 'Chủ tịch',
  signerName: 'Nguyễn Thị Minh Ánh',
};

/**
 * From definition to usage report, through the HTTP API, every act by the person whose it is.
 * @throws Refused or Error when anything goes otherwise than it should.
 */
export async function runMainJob(office: Office, say: Narrator): Promise<MainJobResult> {
  await putIntoEffect(office, say);
  const run = await draftAndApprove(office, say);
  await signNumberSealRelease(office, run, say);
  const pdf = await run.pdf(office.people.auditor);
  const report = await judge(office.people.auditor, pdf, say);
  const usage = await reportUsage(office, say);
  await checkAudit(office, say);
  return { pdf, report, usage };
}

export async function putIntoEffect(office: Office, say: Narrator): Promise<void> {
  const { qualityManager, unitLeader, leader } = office.people;
  const version = '/api/v1/processes/QT.VT.01/versions/1';
  say.step('The quality manager writes the process of issuing outgoing documents (QT.VT.01).');
  await qualityManager.client.call('/api/v1/processes/import', { method: 'POST' });
  await qualityManager.client.call(`${version}/submit`, { method: 'POST' });
  const own = await refusalOf(() => qualityManager.client.call(`${version}/review`, { body: {} }));
  say.fact(`Three definitions imported as drafts. Reviewing one's own work is refused: ${own}`);
  say.step('The head of office reviews it, the chairwoman approves it; it is in effect from now.');
  await unitLeader.client.call(`${version}/review`, { body: { comment: 'Đã soát xét.' } });
  await leader.client.call(`${version}/approve`, { body: {} });
  const effective = await leader.client.call<{ version: number; hash: string }>(
    '/api/v1/processes/QT.VT.01/effective',
  );
  say.fact(`Version ${effective.version}, content hash ${effective.hash.slice(0, 16)}…`);
}

async function draftAndApprove(office: Office, say: Narrator): Promise<DocumentRun> {
  const { unitLeader, clerk, leader, official } = office.people;
  say.step(`${official.name} drafts a decision; every step has its deadline in working time.`);
  const run = await DocumentRun.start(office, letter);
  say.fact(`Step "${run.task.title.vi}", due ${inVietnam(run.task.due)}`);
  await run.complete(official, 'submit');
  await run.complete(unitLeader, 'approve');
  await run.complete(clerk, 'pass');
  say.step(`${leader.name} returns it once, with a reason.`);
  await run.sendBack(leader, 'return', 'Bổ sung thời hạn báo cáo kết quả tại Điều 2.');
  say.fact(`It is back at "${run.task.title.vi}"`);
  await run.fill({ body: letter.body.replace('15 tháng 12', '10 tháng 12') });
  await run.complete(official, 'submit');
  await run.complete(unitLeader, 'approve');
  await run.complete(clerk, 'pass');
  await run.complete(leader, 'approve');
  say.fact('Corrected, submitted again and approved.');
  return run;
}

async function signNumberSealRelease(office: Office, run: DocumentRun, say: Narrator): Promise<void> {
  const { leader, clerk } = office.people;
  say.step(`${leader.name} signs with her own certificate.`);
  const wrong = await refusalOf(() => run.sign(leader, 'khong-phai-pin'));
  say.fact(`A wrong PIN first: ${wrong}; it is counted as an attempt.`);
  await run.sign(leader, office.pins.leader);
  say.fact(`Signed in field ${run.view.signatures.at(-1)?.field}; number and date are still empty.`);
  say.step(`${clerk.name} gives it its number and date, and seals it with the agency's certificate.`);
  await run.register();
  say.fact(`Number ${run.view.number}, filled in by an incremental update: the signature stays whole.`);
  await run.sign(clerk, office.pins.seal);
  say.fact(`Sealed in field ${run.view.signatures.at(-1)?.field}; number and date are locked now.`);
  say.step('It is released: from here its content is frozen.');
  await run.release();
  await run.complete(clerk, 'filed');
  say.fact(`State: ${run.view.state}`);
}

async function judge(verifier: Person, pdf: Buffer, say: Narrator): Promise<Report> {
  say.step('Anybody verifies the file.');
  const report = await verify(verifier, pdf);
  say.fact(`Verdict: ${report.verdict}; the document is ${report.documentIntegrity}.`);
  for (const { field, signer, integrity, modifications, trust } of report.signatures) {
    say.fact(`${field}: ${signer} – ${integrity}, later changes: ${modifications}, ${trust}`);
  }
  if (report.verdict !== 'valid') throw new Error(`the finished document is judged ${report.verdict}`);
  say.step('Somebody changes one byte, and it is verified again.');
  const spoiled = await verify(verifier, tamper(pdf));
  say.fact(`Verdict: ${spoiled.verdict}; the document is ${spoiled.documentIntegrity}.`);
  if (spoiled.verdict !== 'invalid') throw new Error(`the spoiled document is judged ${spoiled.verdict}`);
  return report;
}

async function verify({ client }: Person, pdf: Buffer): Promise<Report> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(pdf)], { type: 'application/pdf' }), 'signed.pdf');
  return client.call<Report>('/api/v1/verifications', { form });
}

/** One bit of one byte of the page's content, somewhere in the first half of what was composed. */
function tamper(pdf: Buffer): Buffer {
  const stream = pdf.indexOf('stream') + 10;
  const at = stream + randomInt(200);
  const copy = Buffer.from(pdf);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

async function reportUsage(office: Office, say: Narrator): Promise<UsageReport> {
  say.step('The agency sees how its certificates are used.');
  const usage = await office.people.auditor.client.call<UsageReport>('/api/v1/usage/report');
  for (const line of usage.certificates) {
    say.fact(`${line.holderName}: signed ${line.signed}, refused ${line.refused}, ${line.group}`);
  }
  return usage;
}

async function checkAudit(office: Office, say: Narrator): Promise<void> {
  const chain = await office.people.auditor.client.call<{ entries: number; brokenAt?: number }>(
    '/api/v1/audit/verification',
  );
  if (chain.brokenAt !== undefined) throw new Error(`the audit chain breaks at ${chain.brokenAt}`);
  say.fact(`Audit log: ${chain.entries} entries, chain intact.`);
}

const inVietnam = (instant: string | undefined): string =>
  instant === undefined
    ? 'never'
    : new Date(instant).toLocaleString('vi-VN', {
        timeZone: 'Asia/Ho_Chi_Minh',
        dateStyle: 'short',
        timeStyle: 'short',
      });
