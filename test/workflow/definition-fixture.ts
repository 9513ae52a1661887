import type { ProcessDefinition, Step } from '../../server/workflow/definition.ts';
import type { Context, Participant, WorkflowInstance } from '../../server/workflow/instance.ts';

const vi = (text: string) => ({ vi: text });

export const steps = {
  draft: {
    kind: 'task',
    title: vi('Soạn thảo'),
    role: 'drafter',
    edits: ['subject', 'amount'],
    timeLimit: { workingDays: 1 },
    outcomes: { submit: { title: vi('Trình'), next: 'route' } },
  },
  route: {
    kind: 'decision',
    title: vi('Xét mức'),
    rules: [{ when: 'amount >= 100', next: 'approve' }],
    otherwise: 'sign',
  },
  approve: {
    kind: 'task',
    title: vi('Duyệt'),
    role: 'leader',
    timeLimit: { workingHours: 4 },
    outcomes: {
      approve: { title: vi('Đồng ý'), next: 'sign' },
      back: { title: vi('Trả lại'), next: 'draft', return: true },
      reject: { title: vi('Từ chối'), next: 'rejected', requiresReason: true },
    },
  },
  sign: {
    kind: 'sign',
    title: vi('Ký'),
    role: 'leader',
    certificate: 'personal',
    outcomes: {
      signed: { title: vi('Đã ký'), next: 'number' },
      back: { title: vi('Trả lại'), next: 'draft', return: true },
    },
  },
  number: {
    kind: 'register',
    title: vi('Vào sổ'),
    role: 'clerk',
    register: 'outgoing',
    outcomes: { done: { title: vi('Xong'), next: 'release' } },
  },
  release: {
    kind: 'release',
    title: vi('Phát hành'),
    role: 'clerk',
    outcomes: { done: { title: vi('Xong'), next: 'done' } },
  },
  done: { kind: 'end', title: vi('Kết thúc'), result: 'completed' },
  rejected: { kind: 'end', title: vi('Từ chối'), result: 'rejected' },
} as const satisfies Record<string, Step>;

/** A definition in which all is well; a test states only what differs. */
export function definitionWith(changes: Partial<ProcessDefinition> = {}): ProcessDefinition {
  return {
    code: 'QT.VP.01',
    version: 1,
    title: vi('Ban hành văn bản'),
    purpose: vi('Mục đích'),
    scope: vi('Phạm vi'),
    references: [],
    terms: [],
    legalBasis: [],
    dossier: [],
    quantity: 1,
    timeLimit: { workingDays: 5 },
    place: vi('Văn phòng'),
    authority: { decides: vi('Chủ tịch'), performs: vi('Văn phòng') },
    subjects: vi('Công chức'),
    result: vi('Văn bản'),
    fee: vi('Không'),
    roles: {
      drafter: { title: vi('Người soạn'), accountRole: 'official', initiator: true },
      leader: { title: vi('Lãnh đạo'), accountRole: 'leader' },
      clerk: { title: vi('Văn thư'), accountRole: 'clerk' },
    },
    fields: { type: 'object', properties: { subject: { type: 'string' }, amount: { type: 'number' } } },
    start: 'draft',
    steps,
    forms: [],
    records: [{ name: vi('Văn bản'), keptBy: vi('Văn thư'), retentionYears: 20 }],
    revision: { reason: vi('Ban hành lần đầu'), changes: [] },
    ...changes,
  };
}

const person = (accountId: string, role: Participant['roles'][number], unitId = 'office'): Participant => ({
  accountId,
  agencyId: 'agency',
  unitId,
  roles: [role],
});
export const drafter = person('drafter', 'official');
export const otherDrafter = person('other-drafter', 'official', 'finance');
export const leader = person('leader', 'leader');
export const deputy = person('deputy', 'leader');
export const clerk = person('clerk', 'clerk');
export const stranger: Participant = { ...person('stranger', 'leader'), agencyId: 'elsewhere' };

export const now = new Date('2026-11-23T02:00:00Z');

export function contextOf(actor: Participant, changes: Partial<Context> = {}): Context {
  return {
    now,
    actor,
    fields: { subject: 'Kế hoạch', amount: 100 },
    due: (start) => ({ due: new Date(start.getTime() + 3_600_000) }),
    ...changes,
  };
}

export function lastVisit(instance: WorkflowInstance): string {
  return instance.visits.at(-1)?.id ?? 'none';
}
