import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { expect } from 'chai';
import { composeDocument } from '../../server/composition/compose-document.ts';
import { documentFromFields, type OutgoingFields } from '../../server/composition/document-from-fields.ts';
import types from '../../server/composition/document-types.json' with { type: 'json' };
import { importShipped } from '../../server/processes/import-definitions.ts';
import { lintValue } from '../../server/processes/lint-definition.ts';
import { isPublishedSchemaFresh, publishedSchema } from '../../server/processes/published-schema.ts';
import { definitionFiles, readDefinition, shippedFolder } from '../../server/processes/read-definitions.ts';
import type { ProcessDefinition } from '../../server/workflow/definition.ts';
import { definitionWith } from './sample-definition.ts';
import { administrator, author, official, openWorld } from './world.ts';

const definitions = await Promise.all(
  (await definitionFiles([shippedFolder])).map(async (file) => (await readDefinition(file)).value),
);

describe('the definitions that ship', () => {
  for (const value of definitions) {
    const definition = value as ProcessDefinition;
    describe(definition.code, () => {
      it('draws no finding, not even a warning', () => {
        expect(lintValue(value)).to.deep.equal([]);
      });

      it('has five steps or more, a return loop, time limits, records and English titles', () => {
        const steps = Object.values(definition.steps);
        expect(steps.filter(({ kind }) => kind !== 'end').length).to.be.at.least(5);
        const outcomes = steps.flatMap((step) => ('outcomes' in step ? Object.values(step.outcomes) : []));
        expect(outcomes.some((outcome) => outcome.return === true)).to.equal(true);
        expect(steps.every((step) => !('role' in step) || step.timeLimit !== undefined)).to.equal(true);
        expect(definition.records).to.not.deep.equal([]);
        expect(steps.every(({ title }) => title.en !== undefined)).to.equal(true);
      });
    });
  }

  it('are the three of the main work', () => {
    expect(definitions.map((value) => (value as ProcessDefinition).code)).to.deep.equal([
      'QT.ISO.01',
      'QT.VT.01',
      'QT.VT.02',
    ]);
  });

  it('offer the document types in force', () => {
    const { fields } = definitionWith();
    const { type } = (fields as unknown as { properties: { type: { oneOf: { const: string }[] } } })
      .properties;
    expect(type.oneOf.map((one) => one.const)).to.deep.equal(types.at(-1)?.types.map(({ key }) => key));
  });

  it('hold in an outgoing document all that its layout needs', async () => {
    const values: OutgoingFields = {
      type: 'QĐ',
      subject: 'Về việc khen thưởng',
      body: 'Điều 1. Tặng Bằng khen.',
      recipients: ['Như Điều 1'],
      urgency: 'normal',
      competence: 'TM.',
      onBehalfOf: 'Ủy ban nhân dân',
      signerPosition: 'Chủ tịch',
      signerName: 'Lê Văn Đạt',
    };
    const ajv = new Ajv2020({ strict: false });
    ajvFormats.default(ajv);
    const validate = ajv.compile(definitionWith().fields);
    expect(validate(values), JSON.stringify(validate.errors)).to.equal(true);
    const issuer = { name: 'Ủy ban nhân dân tỉnh Cà Mau', notation: 'UBND', place: 'Cà Mau' };
    const now = new Date('2026-11-22T03:00:00Z');
    expect((await composeDocument(documentFromFields(values, issuer, now), { now })).pages).to.equal(1);
  });

  it('are described by the committed schema', async () => {
    expect(await isPublishedSchemaFresh(join(shippedFolder, 'process-definition.schema.json'))).to.equal(
      true,
    );
    expect(await isPublishedSchemaFresh(join(shippedFolder, 'nowhere.json'))).to.equal(false);
    const ajv = new Ajv2020({ strict: false });
    ajvFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(publishedSchema()));
    for (const value of definitions) expect(validate(value)).to.equal(true);
  });

  it('are imported as drafts once, by those who may', async () => {
    const { deps, close } = await openWorld();
    try {
      const first = await importShipped(deps, administrator);
      expect(first.map(({ outcome }) => outcome)).to.deep.equal(['added', 'added', 'added']);
      const second = await importShipped(deps, author);
      expect(second.map(({ outcome, file }) => `${outcome} ${file}`)).to.include('present QT.VT.01/1.json');
      expect(await importShipped(deps, official).catch((error) => error.code)).to.equal(
        'processes.not_allowed',
      );
    } finally {
      await close();
    }
  });
});
