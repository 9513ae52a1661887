import { expect } from 'chai';
import controlled from '../../processes/QT.ISO.01/1.json' with { type: 'json' };
import incoming from '../../processes/QT.VT.02/1.json' with { type: 'json' };
import { claimTask } from '../../server/documents/claim-task.ts';
import { completeTask } from '../../server/documents/complete-task.ts';
import type { DocumentRecord } from '../../server/documents/document-record.ts';
import { registerDocument } from '../../server/documents/register-document.ts';
import { releaseDocument } from '../../server/documents/release-document.ts';
import { returnDocument } from '../../server/documents/return-document.ts';
import { saveFields } from '../../server/documents/save-fields.ts';
import { startDocument } from '../../server/documents/start-document.ts';
import type { Actor } from '../../server/platform/route.ts';
import type { ProcessDefinition } from '../../server/workflow/definition.ts';
import {
  auditor,
  clerk,
  colleague,
  drafter,
  leader,
  type Office,
  openOffice,
  openVisit,
  unitLeader,
} from './office.ts';

const qualityManager: Actor = { ...auditor, accountId: 'quality', roles: ['qualityManager'] };

describe('The other processes that ship', () => {
  let office: Office;
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());

  const done = (who: Actor, document: DocumentRecord, outcome: string) =>
    completeTask(office.deps, who, document.id, { visit: openVisit(document), outcome });

  it('handle an incoming document: number of arrival, assignment in the register, report, file', async () => {
    const { deps, store } = office;
    office.definition = incoming as unknown as ProcessDefinition;
    const fields = {
      author: 'Văn phòng Chính phủ',
      symbol: '7816/VPCP-TTĐT',
      issuedDate: '2026-11-20',
      typeName: 'Công văn',
      subject: 'về việc báo cáo',
      urgency: 'normal',
    };
    let document = await startDocument(deps, clerk, { process: 'QT.VT.02', fields });
    document = await done(clerk, document, 'accept');
    document = await registerDocument(deps, clerk, document.id, openVisit(document));
    expect(document.numbering).to.include({ text: '01', series: 'H12/incoming/chung/2026' });
    await claimTask(deps, leader, document.id, openVisit(document));
    document = await saveFields(deps, leader, document.id, {
      fields: { leadUnit: 'Phòng Tài chính', direction: 'Xử lý' },
    });
    document = await done(leader, document, 'assign');
    document = await done(unitLeader, document, 'assign');
    await claimTask(deps, colleague, document.id, openVisit(document));
    await saveFields(deps, colleague, document.id, { fields: { result: 'Đã báo cáo' } });
    for (const [who, outcome] of [
      [colleague, 'report'],
      [unitLeader, 'approve'],
      [leader, 'confirm'],
      [clerk, 'filed'],
    ] as const) {
      document = await done(who, document, outcome);
    }
    expect(document.workflow.state).to.equal('completed');
    const [row] = await store.registers.rows('H12/incoming/chung/2026');
    expect(row?.columns).to.include({
      arrivalDate: '2026-11-23',
      arrivalNumber: '01',
      author: 'Văn phòng Chính phủ',
      numberNotation: '7816/VPCP-TTĐT',
      typeAndSubject: 'Công văn về việc báo cáo',
      handler: 'Phòng Tài chính',
    });
  });

  it('give an urgent document back to whoever assigns urgent ones, when it went to the wrong unit', async () => {
    office.definition = incoming as unknown as ProcessDefinition;
    const fields = {
      author: 'UBND tỉnh',
      symbol: '12/CĐ-UBND',
      issuedDate: '2026-11-20',
      subject: 'về phòng, chống bão',
      urgency: 'express',
    };
    let document = await startDocument(office.deps, clerk, { process: 'QT.VT.02', fields });
    document = await done(clerk, document, 'accept');
    document = await registerDocument(office.deps, clerk, document.id, openVisit(document));
    document = await done(leader, document, 'assign');
    document = await returnDocument(office.deps, unitLeader, document.id, {
      visit: openVisit(document),
      outcome: 'return',
      reason: 'Không thuộc nhiệm vụ của đơn vị',
    });
    expect(document.workflow.visits.at(-1)?.step).to.equal('urgent-assign');
  });

  it('control documented information: the request decides the way, the register is internal', async () => {
    const { deps } = office;
    office.definition = controlled as unknown as ProcessDefinition;
    const fields = {
      requestKind: 'withdraw',
      documentCode: 'QT.VP.09',
      documentName: 'Quy trình cũ',
      documentKind: 'procedure',
      reason: 'Hết hiệu lực',
    };
    let document = await startDocument(deps, drafter, { process: 'QT.ISO.01', fields });
    document = await done(drafter, document, 'submit');
    document = await done(qualityManager, document, 'accept');
    document = await done(leader, document, 'approve');
    document = await registerDocument(deps, qualityManager, document.id, openVisit(document));
    expect(document.numbering?.series).to.equal('H12/internal/chung/2026');
    document = await releaseDocument(deps, qualityManager, document.id, openVisit(document));
    document = await done(qualityManager, document, 'done');
    expect([document.workflow.state, document.content]).to.deep.equal(['completed', []]);
  });
});
