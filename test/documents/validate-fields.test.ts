import { expect } from 'chai';
import { DocumentsError } from '../../server/documents/errors.ts';
import { checkComplete } from '../../server/documents/validate-fields.ts';
import { definitionWith } from '../processes/sample-definition.ts';

function sentencesOf(fields: object): unknown[] {
  const definition = definitionWith();
  const visits = [{ step: definition.start }];
  try {
    checkComplete({ definition, definitionHash: 'h' }, fields, { visits } as never);
  } catch (error) {
    if (!(error instanceof DocumentsError)) throw error;
    return (error.details.problems as { vi: string; en: string }[]).map(({ vi }) => vi);
  }
  return [];
}

describe('the fields of a document', () => {
  it('are spoken of by their titles: officials were told "must have required property"', () => {
    const sentences = sentencesOf({ subject: 7 });
    expect(sentences).to.include.members([
      'Loại văn bản: chưa nhập.',
      'Chức vụ người ký: chưa nhập.',
      'Trích yếu nội dung: giá trị chưa đúng.',
    ]);
  });
});
