import { Type } from 'typebox';
import { type AnyRoute, defineRoute } from '../platform/route.ts';
import type { OpenApiDocument } from './openapi.ts';
import { openApiPage } from './openapi-page.ts';

/** The description of the API, for machines and for people. They do not describe themselves. */
export function openApiRoutes(document: OpenApiDocument): AnyRoute[] {
  const json = JSON.stringify(document);
  const page = openApiPage(document);
  return [
    defineRoute({
      method: 'get',
      path: '/api/openapi.json',
      summary: 'This API as OpenAPI 3.1',
      tag: 'api',
      access: 'public',
      response: Type.Object({}),
      handle: ({ res }) => {
        res.type('application/json').send(json);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api',
      summary: 'This API as a page',
      tag: 'api',
      access: 'public',
      contentType: 'text/html',
      handle: ({ res }) => {
        res.type('html').send(page);
      },
    }),
  ];
}
