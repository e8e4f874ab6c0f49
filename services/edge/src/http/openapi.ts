import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { refusals } from '@tollwire/contracts';
import { rolesOf } from './access.ts';
import { type ProblemResponse, responsesByStatus } from './answers.ts';
import { problemContentType } from './problem.ts';
import { type JsonSchema, replyComponents } from './reply-schema.ts';

/** What any route may answer instead of what it is for. */
const anywhere = [
  'request_malformed', 'field_missing', 'field_malformed', 'field_out_of_range', 'field_unknown', 'unauthenticated',
  'not_permitted', 'request_too_large', 'unsupported_media_type', 'rate_limited', 'internal_error', 'service_unavailable',
] as const;

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457). `code` is published and stays; `detail` is for people and may change.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri', example: 'urn:tollwire:refusal:field_missing' },
    title: { type: 'string', example: refusals.field_missing.title },
    status: { type: 'integer', example: 400 },
    code: { type: 'string', enum: Object.keys(refusals), example: 'field_missing' },
    detail: { type: 'string', example: 'calledNumber is missing.' },
    field: { type: 'string', description: 'The field at fault, as a path.', example: 'events[0].calledNumber' },
    facts: { type: 'object', additionalProperties: { type: 'string' } },
    errors: { type: 'array', description: 'All fields at fault, where there are several.', items: { type: 'object' } },
  },
};

/** Puts the documentation at /docs and its document at /openapi.json. */
export function document(app: INestApplication): void {
  SwaggerModule.setup('docs', app, openApiOf(app), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml', customSiteTitle: 'Tollwire' });
}

/** The OpenAPI document of all routes: requests from their zod schemas, replies from the protobuf messages. */
export function openApiOf(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Tollwire')
    .setDescription('Authorization, call events, prices, routes, cards and rate decks. Amounts are decimal text; instants are ISO 8601 with microseconds.')
    .setVersion('1')
    // Not addBearerAuth, which would call the key a JWT.
    .addSecurity('key', { type: 'http', scheme: 'bearer', description: 'An API key (`tw_…`), as `POST /v1/api-keys` tells it once.' })
    .addSecurityRequirements('key')
    .build();
  const made = SwaggerModule.createDocument(app, config, { operationIdFactory: (_, method) => method });
  const schemas = { ...made.components?.schemas, ...Object.fromEntries(replyComponents), Problem: problemSchema };
  const paths = Object.entries(made.paths).map(([path, item]) => [path, withCommonParts(path, item)] as const);
  return { ...made, paths: Object.fromEntries(paths), components: { ...made.components, schemas } };
}

type PathItem = OpenAPIObject['paths'][string];
type Responses = NonNullable<PathItem['get']>['responses'];

/** Says who may call each route, and adds what any route may answer to what is its own. */
function withCommonParts(path: string, item: PathItem): PathItem {
  const methods = (['get', 'post', 'delete'] as const).filter((method) => item[method] !== undefined);
  const operations = methods.map((method) => {
    const operation = item[method];
    const roles = rolesOf(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const who = roles === undefined ? 'Without a key: by signature.' : `Roles: ${roles.join(', ')}.`;
    const description = [operation?.description, who].filter(Boolean).join('\n\n');
    return [method, { ...operation, ...(roles === undefined ? { security: [] } : {}), description, responses: withCommonProblems(operation?.responses ?? {}) }] as const;
  });
  return { ...item, ...Object.fromEntries(operations) };
}

function withCommonProblems(own: Responses): Responses {
  const common = [...responsesByStatus(anywhere)].map(([status, response]) => {
    const there = own[status];
    return [status, isProblemResponse(there) ? joined(there, response) : response] as const;
  });
  return { ...own, ...Object.fromEntries(common) };
}

function joined(own: ProblemResponse, common: ProblemResponse): ProblemResponse {
  const { schema, examples } = common.content[problemContentType];
  const all = { ...own.content[problemContentType].examples, ...examples };
  return { description: `${own.description}; ${common.description}`, content: { [problemContentType]: { schema, examples: all } } };
}

function isProblemResponse(response: unknown): response is ProblemResponse {
  if (typeof response !== 'object' || response === null || !('content' in response)) return false;
  return typeof response.content === 'object' && response.content !== null && problemContentType in response.content;
}
