import { Writable } from 'node:stream';
import { expect } from 'chai';
import { runCaMau } from '../../scripts/demo/ca-mau.ts';
import { caMauData, habits } from '../../scripts/demo/ca-mau-data.ts';

async function run(json: boolean): Promise<string> {
  let text = '';
  const out = new Writable({
    write: (chunk, _, done) => {
      text += String(chunk);
      done();
    },
  });
  await runCaMau({ json, out });
  return text;
}

describe('the question of Cà Mau', () => {
  it('has the answer of 2018: 967 issued, 280 in regular use, 28.96 percent', async () => {
    const text = await run(true);
    expect(text.trimEnd().split('\n')).to.have.lengthOf(1);
    const { issued, organization, personal, regular, rate, bases } = JSON.parse(text);
    expect({ issued, organization, personal, regular, rate }).to.deep.equal({
      issued: 967,
      organization: 265,
      personal: 702,
      regular: 280,
      rate: 28.96,
    });
    expect(bases.active.total).to.be.below(967);
  });

  it('is told agency by agency, with the figures as its last line', async () => {
    const lines = (await run(false)).trimEnd().split('\n');
    expect(lines.join('\n')).to.include('Sở Khoa học và Công nghệ').and.include('different days');
    expect(JSON.parse(lines.at(-1) ?? '')).to.include({ regular: 280 });
  });

  it('is made of rows and uses only: its data nowhere says who is regular', () => {
    const { rows, events } = caMauData();
    expect(rows).to.have.lengthOf(967);
    expect(events.length).to.be.above(10_000);
    expect(JSON.stringify(habits)).to.not.match(/regular|280/);
    expect(JSON.stringify(caMauData())).to.equal(JSON.stringify({ rows, events }));
  });
});
