import { documentType } from '../../server/composition/document-type.ts';
import type { OutgoingDocument } from '../../server/composition/outgoing-document.ts';

export const now = new Date('2026-11-22T03:00:00.000Z');

/** A document in which all is well; a test states only what differs. */
export function documentWith(changes: Partial<OutgoingDocument> = {}): OutgoingDocument {
  return {
    agency: { name: 'Ủy ban nhân dân tỉnh Cà Mau', place: 'Cà Mau' },
    type: documentType('QĐ', now),
    symbol: 'QĐ-UBND',
    subject: 'Về việc kiểm tra sử dụng chữ ký số năm 2027',
    authority: 'Chủ tịch Ủy ban nhân dân tỉnh',
    legalBasis: ['Căn cứ Luật Giao dịch điện tử;', 'Theo đề nghị của Chánh Văn phòng'],
    addressees: [],
    body: 'Điều 1. Ban hành Kế hoạch kiểm tra.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.',
    recipients: ['Như Điều 2', 'Cổng thông tin điện tử tỉnh'],
    filing: 'VT, VP',
    signer: { competence: 'KT.', onBehalfOf: 'Chủ tịch', position: 'Phó Chủ tịch', name: 'Lê Văn Đạt' },
    ...changes,
  };
}
