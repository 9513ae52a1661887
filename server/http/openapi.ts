import type { TSchema } from 'typebox';
import type { AnyRoute } from '../platform/route.ts';
import { textOfError } from './error-table.ts';

/** OpenAPI 3.1.1, whose schemas are JSON Schema 2020-12 as ours are. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
  /** Account roles that may call it. */
  readonly 'x-roles'?: readonly string[];
}

export function openApiDocument(routes: readonly AnyRoute[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Ấn Số',
      version,
      description:
        'Errors are problem documents (RFC 9457) with a code; sentences follow Accept-Language (vi or en).',
    },
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'anso_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Problem },
      parameters: { IdempotencyKey },
    },
  };
}

/** Express writes `:id`, OpenAPI `{id}`. */
export const openApiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

function operationOf(route: AnyRoute): Operation {
  const description = [route.description, accessSentence(route)].filter(Boolean).join('\n\n');
  return {
    operationId: operationId(route),
    summary: route.summary,
    description,
    tags: [route.tag],
    security: route.access === 'public' ? [] : [{ session: [] }, { token: [] }],
    ...(typeof route.access === 'string' ? {} : { 'x-roles': route.access }),
    parameters: parametersOf(route),
    ...requestBodyOf(route),
    responses: responsesOf(route),
  };
}

function accessSentence({ access }: AnyRoute): string {
  if (access === 'public') return 'Anybody may call it.';
  return access === 'signed-in'
    ? 'Everybody with an account may call it.'
    : `For the roles ${access.join(', ')}.`;
}

/** `post /api/v1/documents/:id/sign` is `postDocumentsIdSign`. */
function operationId({ method, path }: AnyRoute): string {
  const words = path.replace(/^\/api\/v1/, '').split(/[^a-zA-Z0-9]+/);
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

function parametersOf(route: AnyRoute): object[] {
  const of = (where: 'path' | 'query', schema: AnyRoute['params']): object[] =>
    Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || ((schema?.required ?? []) as readonly string[]).includes(name),
      schema: property,
    }));
  const key =
    route.idempotency === undefined
      ? []
      : route.idempotency === 'required'
        ? [{ ...IdempotencyKey, required: true }]
        : [{ $ref: '#/components/parameters/IdempotencyKey' }];
  return [...of('path', route.params), ...of('query', route.query), ...key];
}

function requestBodyOf(route: AnyRoute): { requestBody?: object } {
  const content = (type: string, schema: TSchema) => ({
    requestBody: { required: true, content: { [type]: { schema } } },
  });
  if (route.upload !== undefined) return content('multipart/form-data', route.upload.schema);
  return route.body === undefined ? {} : content('application/json', route.body);
}

function responsesOf(route: AnyRoute): Record<string, object> {
  const status = String(route.status ?? (route.response || route.contentType ? 200 : 204));
  const type = route.contentType ?? 'application/json';
  const success =
    route.response || route.contentType
      ? { description: route.summary, content: { [type]: { schema: route.response ?? {} } } }
      : { description: route.summary };
  const byStatus = new Map<number, string[]>();
  for (const code of errorsOf(route)) {
    const at = textOfError(code).status;
    byStatus.set(at, [...(byStatus.get(at) ?? []), code]);
  }
  const problems = [...byStatus].map(([at, codes]) => [
    String(at),
    {
      description: codes.map((code) => `\`${code}\`: ${textOfError(code).en}`).join('\n\n'),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]);
  return { [status]: success, ...Object.fromEntries(problems) };
}

/** What the machinery around the route can answer, and what the route itself says it throws. */
function errorsOf(route: AnyRoute): Set<string> {
  const codes = new Set<string>(route.errors);
  if (route.access !== 'public') codes.add('http.not_signed_in');
  if (typeof route.access !== 'string') codes.add('http.role_not_allowed');
  if (route.params || route.query || route.body) codes.add('http.invalid');
  if (route.body && !route.upload) codes.add('http.malformed_json');
  if (route.upload) codes.add('http.bad_upload').add('http.too_large');
  if (route.idempotency !== undefined)
    codes.add('http.idempotency_key_reused').add('http.request_in_progress');
  return codes;
}

const IdempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A new random value with each new request; the same one when a request is sent again.',
  schema: { type: 'string', minLength: 8, maxLength: 200 },
} as const;

const Problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'messages', 'instance'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; programs decide by it.' },
    messages: {
      type: 'object',
      required: ['vi', 'en'],
      properties: { vi: { type: 'string' }, en: { type: 'string' } },
    },
    detail: { type: 'string' },
    details: { type: 'object' },
    instance: { type: 'string', format: 'uri', description: 'The request as the log names it.' },
  },
} as const;
