import { expect } from 'chai';
import { unfitFields } from '../../server/composition/page-fields.ts';

const fieldsWith = (changes: object = {}) => ({
  type: 'QĐ',
  subject: 'ban hành Quy chế',
  body: 'Điều 1. Ban hành.',
  signerPosition: 'Chủ tịch',
  signerName: 'Nguyễn Văn A',
  ...changes,
});

describe('the fields a page is made of', () => {
  it('are enough without those that may be left out, and with others beside them', () => {
    expect(unfitFields(fieldsWith())).to.deep.equal([]);
    expect(unfitFields(fieldsWith({ days: 7, recipients: [], urgency: 'express' }))).to.deep.equal([]);
  });

  it('are named when they are missing, or would have made the layout fail with an error of ours', () => {
    expect(unfitFields(fieldsWith({ type: undefined, body: '' }))).to.deep.equal(['type', 'body']);
    for (const wrong of [
      { recipients: 'Như trên' },
      { legalBasis: [1] },
      { urgency: 'gấp' },
      { authority: 5 },
    ]) {
      expect(unfitFields(fieldsWith(wrong))).to.deep.equal(Object.keys(wrong));
    }
  });
});
