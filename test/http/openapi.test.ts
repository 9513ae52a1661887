import { expect } from 'chai';
import { errorTable } from '../../server/http/error-table.ts';
import { openApiPath } from '../../server/http/openapi.ts';
import type { AnyRoute } from '../../server/platform/route.ts';
import { type Fixture, openApp } from './app-fixture.ts';

describe('the description of the API', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openApp();
  });
  after(() => fixture.close());

  it('describes every registered route, and nothing else', async () => {
    const { body } = await fixture.http.get('/api/openapi.json').expect(200);
    const described = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const registered = registeredIn(fixture.app.express).filter(
      (line) => !/ \/api(\/openapi\.json)?$/.test(line),
    );
    expect(described).to.have.members(registered);
  });

  it('is OpenAPI 3.1 with an operation id, a summary and an answer for each operation', async () => {
    const { body } = await fixture.http.get('/api/openapi.json');
    expect(body.openapi).to.match(/^3\.1\./);
    const ids: string[] = [];
    for (const methods of Object.values<Record<string, Record<string, unknown>>>(body.paths)) {
      for (const operation of Object.values(methods)) {
        ids.push(String(operation.operationId));
        expect(operation.summary).to.be.a('string').and.not.empty;
        expect(operation.responses).to.be.an('object').and.not.empty;
      }
    }
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('declares a parameter for each part of a path', async () => {
    for (const route of fixture.app.routes) {
      const named = [...openApiPath(route.path).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(route.params?.properties ?? {}), route.path).to.include.members(named);
    }
  });

  it('hides no route behind an earlier one', () => {
    const earlier: AnyRoute[] = [];
    for (const route of fixture.app.routes) {
      const hiding = earlier.find(
        ({ method, path }) =>
          method === route.method && new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(route.path),
      );
      expect(hiding?.path, `${route.method} ${route.path} is never reached`).to.equal(undefined);
      earlier.push(route);
    }
  });

  it('names only errors that exist', () => {
    for (const route of fixture.app.routes) {
      expect(Object.keys(errorTable)).to.include.members([...(route.errors ?? [])]);
    }
  });

  it('can be read as a page without any script', async () => {
    const answer = await fixture.http
      .get('/api')
      .expect(200)
      .expect('Content-Type', /text\/html/);
    expect(answer.text).to.contain('/api/v1/sign-in').and.not.contain('<script');
  });
});

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Reads express itself, not our list: routes of the router that holds the API. */
function registeredIn(express: unknown): string[] {
  const { stack } = (express as { router: { stack: readonly Layer[] } }).router;
  return stack
    .flatMap((layer) => layer.handle?.stack ?? [])
    .flatMap(({ route }) =>
      Object.keys(route?.methods ?? {})
        .filter((method) => method !== '_all')
        .map((method) => `${method} ${openApiPath(route?.path ?? '')}`),
    );
}
