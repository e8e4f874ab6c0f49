import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';
import { access } from './access.ts';

interface Operation {
  readonly responses: Record<string, { content?: Record<string, { schema?: object; examples?: Record<string, unknown> }> }>;
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly description?: string;
  readonly summary?: string;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object>; readonly securitySchemes: object };
}

/** Routes whose path says all. */
const bodiless = /\/providers\/:carrierCode\/(suspend|resume)$/;

describe('OpenAPI document', () => {
  let edge: EdgeBed;
  let document: Document;
  beforeAll(async () => {
    edge = await edgeBed();
    document = JSON.parse((await edge.call('GET', '/openapi.json', undefined, { key: undefined })).text);
  });
  afterAll(() => edge.close());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, operation })),
    );

  it('has every route that somebody may call, and no other', () => {
    expect(operations().map(({ route }) => route).filter((route) => route.includes('/v1/')).sort()).toEqual(Object.keys(access).sort());
  });

  it('says of each what it does, who may, what it answers and how it refuses', () => {
    for (const { route, operation } of operations()) {
      expect([route, operation.summary]).toEqual([route, expect.stringMatching(/^.{5,}/)]);
      expect([route, operation.description]).toEqual([route, expect.stringContaining('Roles: ')]);
      expect([route, Object.keys(operation.responses)]).toEqual([route, expect.arrayContaining(['400', '401', '403', '413', '429', '503'])]);
      const done = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
      expect([route, done?.[0] === '204' || done?.[1].content !== undefined]).toEqual([route, true]);
      const body = operation.requestBody?.content;
      if (route.startsWith('POST') && !bodiless.test(route)) expect([route, Object.values(body ?? {})[0]?.schema]).toEqual([route, expect.any(Object)]);
    }
  });

  it('has an example of each refusal that a route names', () => {
    const notFound = document.paths['/v1/cards/{cardId}/balance']?.['get']?.responses['404'];
    expect(notFound?.content?.['application/problem+json']?.examples).toMatchObject({ unknown_card: { value: { status: 404, code: 'unknown_card' } } });
  });

  it('leads every reference to a schema that is there', () => {
    const text = JSON.stringify(document);
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => String(name));
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
  });

  it('tells money, instants and parties as the replies have them', () => {
    expect(document.components.schemas).toMatchObject({
      Money: { properties: { amount: { type: 'string' }, currency: { type: 'string' } } },
      BalanceReply: { properties: { available: { $ref: '#/components/schemas/Money' }, expiresAt: { format: 'date-time' } } },
      ChargedParty: { properties: { cardId: { type: 'string' }, accountCode: { type: 'string' } } },
    });
  });

  it('is shown to people at /docs, without a key', async () => {
    const { status, text } = await edge.call('GET', '/docs', undefined, { key: undefined });
    expect({ status, title: text.includes('Tollwire') }).toEqual({ status: 200, title: true });
  });
});
