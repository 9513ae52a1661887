import { expect } from 'chai';
import { type Fixture, openApp } from '../http/app-fixture.ts';
import { definitionWith } from './sample-definition.ts';

type Bearer = { Authorization: string };
const base = '/api/v1/processes';
const one = `${base}/QT.VT.01/versions/1`;

describe('the routes of process definitions', () => {
  let app: Fixture;
  let author: Bearer;
  let colleague: Bearer;
  let head: Bearer;

  before(async () => {
    app = await openApp();
    author = await app.bearer(await app.account('author', ['qualityManager']));
    colleague = await app.bearer(await app.account('colleague', ['qualityManager']));
    head = await app.bearer(await app.account('head', ['leader']));
  });
  after(() => app.close());

  const post = (path: string, who: Bearer, body: object = {}) => app.http.post(path).set(who).send(body);

  it('take a definition from its draft into effect', async () => {
    const draft = await post(base, author, definitionWith());
    expect(draft.status, draft.text).to.equal(201);
    expect(draft.body).to.include({ code: 'QT.VT.01', version: 1, state: 'draft' });
    expect((await app.http.get(`${base}/QT.VT.01/effective`).set(head)).status).to.equal(404);

    const changed = {
      definition: definitionWith({ fee: { vi: 'Không thu' } }),
      revision: draft.body.revision,
    };
    const edited = await app.http.put(one).set(author).send(changed);
    expect(edited.status, edited.text).to.equal(200);
    for (const [step, who] of [
      ['submit', author],
      ['review', colleague],
      ['approve', head],
    ] as const) {
      const answer = await post(`${one}/${step}`, who);
      expect(answer.status, answer.text).to.equal(200);
    }

    const effective = await app.http.get(`${base}/QT.VT.01/effective`).set(author);
    expect(effective.body).to.include({ state: 'effective', version: 1, hash: edited.body.hash });
    const list = await app.http.get(`${base}?limit=10`).set(author);
    expect(list.body.items.map(({ state }: { state: string }) => state)).to.deep.equal(['effective']);
    const file = await app.http.get(`${one}/definition`).set(head);
    expect(file.get('Content-Disposition')).to.equal('attachment; filename=1.json');
    expect(JSON.parse(file.text)).to.deep.equal(changed.definition);
  });

  it('answer a definition with faults with 422 and the place of each', async () => {
    const answer = await post(base, author, { ...definitionWith({ version: 9 }), purpose: 7 });
    expect(answer.status).to.equal(422);
    expect(answer.body.code).to.equal('processes.invalid');
    expect(answer.body.details.findings[0]).to.include({ path: '/purpose', rule: 'schema' });
    const lint = await post(`${base}/lint`, head, definitionWith({ start: 'nowhere' }));
    expect(lint.body.findings[0]).to.include({ path: '/start', severity: 'error' });
  });

  it('import what ships, and let nobody else write', async () => {
    const imported = await post(`${base}/import`, author);
    expect(imported.body.items.map(({ code }: { code?: string }) => code)).to.include('QT.VT.02');
    expect((await post(base, head, definitionWith({ version: 9 }))).status).to.equal(403);
    expect((await post(`${base}/QT.VT.02/versions/1/approve`, head)).body.code).to.equal(
      'processes.wrong_state',
    );
    expect((await app.http.get(`${base}/QT.NO.99/versions/1`).set(head)).body.code).to.equal(
      'processes.not_found',
    );
    expect((await app.http.get(`${base}/QT.VT.01/versions/x`).set(head)).status).to.equal(422);
  });
});
