import { expect } from 'chai';
import { documentFromFields } from '../../server/composition/document-from-fields.ts';
import { documentSymbol, documentType } from '../../server/composition/document-type.ts';
import { CompositionError } from '../../server/composition/errors.ts';

const now = new Date('2026-11-22T03:00:00Z');
const fields = {
  type: 'TTr',
  subject: 'Về kế hoạch',
  body: 'Nội dung.',
  signerPosition: 'Giám đốc',
  signerName: 'Lê Văn Đạt',
};

describe('the type and symbol of a document', () => {
  it('are those of Decree 30/2020: a công văn has no abbreviation', () => {
    expect(documentSymbol(documentType('QĐ', now), 'BNV', 'VP')).to.equal('QĐ-BNV');
    expect(documentSymbol(documentType('congVan', now), 'BNV', 'VP')).to.equal('BNV-VP');
    expect(documentSymbol(documentType('congVan', now), 'BNV')).to.equal('BNV');
  });

  it('are refused when no list names them, or none was in force', () => {
    expect(() => documentType('CV', now))
      .to.throw(CompositionError)
      .with.property('code', 'composition.unknown_type');
    expect(() => documentType('QĐ', new Date('2019-01-01'))).to.throw(CompositionError);
  });

  it('print a department under its committee, and a committee alone', () => {
    const parent = 'Ủy ban nhân dân tỉnh Cà Mau';
    const department = { parent, name: 'Sở Nội vụ', notation: 'SNV', place: 'Cà Mau' };
    const commune = { parent, name: 'Ủy ban nhân dân xã Đất Mũi', notation: 'UBND', place: 'Đất Mũi' };
    expect(documentFromFields(fields, department, now).agency).to.have.property('parent', parent);
    expect(documentFromFields(fields, commune, now).agency).to.not.have.property('parent');
  });

  it('file a document with the clerk and the unit that drafted it', () => {
    const issuer = { name: 'Sở Nội vụ', notation: 'SNV', place: 'Cà Mau', unitNotation: 'VP' };
    expect(documentFromFields(fields, issuer, now)).to.include({ symbol: 'TTr-SNV', filing: 'VT, VP' });
  });
});
