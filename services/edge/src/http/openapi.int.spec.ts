import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefusalCode } from '@tollwire/contracts';
import { table } from '@tollwire/testing';
import { readFileSync } from 'node:fs';
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

/** What every route may answer, so that no route lists it for itself. */
const anywhere = new Set([
  'request_malformed', 'field_missing', 'field_malformed', 'field_out_of_range', 'field_unknown', 'unauthenticated',
  'not_permitted', 'request_too_large', 'unsupported_media_type', 'rate_limited', 'internal_error', 'service_unavailable',
]);

const readPage = (page: string) => readFileSync(new URL(`../../../../docs/services/${page}.md`, import.meta.url), 'utf8');

/** The refusal codes in the row of a command, in the table of its service's page. */
function refusalsOnPage(page: string, command: string): string[] {
  const row = readPage(page).split('\n').find((line) => line.startsWith('| ') && line.split('|')[1]?.includes(`\`${command}\``));
  if (row === undefined) throw new Error(`docs/services/${page}.md has no row for ${command}`);
  return (row.split('|').at(-2)?.match(/[a-z_]+/g) ?? []).filter(isRefusalCode);
}

function codesOf({ responses }: Operation): string[] {
  return Object.values(responses).flatMap(({ content }) => Object.keys(content?.['application/problem+json']?.examples ?? {}));
}

function listedFor(document: Document, route: string): string[] {
  const [method = '', path = ''] = route.split(' ');
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (operation === undefined) throw new Error(`there is no ${route}`);
  return codesOf(operation).filter((code) => !anywhere.has(code)).sort();
}

/** Routes whose path says all. */
const bodiless = new RegExp(`/(${[
  'providers/:carrierCode/(suspend|resume)', 'reratings/:reratingId/cancel', 'vouchers/:batchId/(approve|void)', 'fraud/rules/:ruleId/retire', 'calls/:switch/:callId/release',
  'accounts/:accountCode/resume', 'card-types/:cardTypeId/(withdraw|offer)',
].join('|')})$`);

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
      expect([route, operation.description]).toEqual([route, expect.stringContaining(route.includes(' /v1/') ? 'Roles: ' : 'Without a key')]);
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

  it.each(
    table<'route' | 'page' | 'command' | 'also' | 'never'>(`
      route                               | page    | command           | also                           | never
      POST /v1/card-types                 | card    | CreateCardType    | unknown_plan                   | -
      POST /v1/card-batches               | card    | IssueCards        | -                              | -
      POST /v1/accounts                   | card    | OpenAccount       | unknown_plan                   | -
      POST /v1/credits                    | card    | PostCredit        | amount_malformed               | -
      POST /v1/payments                   | card    | TakePayment       | -                              | -
      POST /v1/payments/{provider}/{paymentId}/reversals | card | ReversePayment | -                    | -
      POST /v1/commissions                | card    | SetCommission     | -                              | -
      POST /v1/vouchers                   | card    | MakeVouchers      | -                              | -
      POST /v1/vouchers/redeem            | card    | RedeemVoucher     | -                              | -
      POST /v1/vouchers/{batchId}/approve | card    | ApproveVouchers   | -                              | -
      POST /v1/vouchers/{batchId}/void    | card    | VoidVouchers      | -                              | -
      POST /v1/credit-proposals           | card    | ProposeCredit     | -                              | -
      POST /v1/credit-proposals/{transferId}/approve | card | ApproveCredit | -                         | -
      POST /v1/credit-proposals/{transferId}/reject  | card | RejectCredit  | -                         | -
      POST /v1/low-balance                | card    | SetLowBalance     | -                              | -
      GET /v1/low-balance                 | card    | ListLowBalances   | -                              | -
      GET /v1/ledger/{ledgerAccount}/statement | card | Statement        | -                             | -
      POST /v1/number-plan                | catalog | LoadNumberPlan    | -                              | -
      POST /v1/tariffs                    | catalog | CreateTariff      | -                              | -
      POST /v1/retail-plans               | catalog | CreateRetailPlan  | -                              | -
      POST /v1/carrier-plans              | catalog | CreateCarrierPlan | -                              | unknown_plan
      POST /v1/ban-plans                  | catalog | CreateBanPlan     | -                              | unknown_plan
      POST /v1/voip-plans                 | catalog | ComposeVoipPlan   | -                              | -
      POST /v1/decks/{digest}/activate    | catalog | ActivateDeck      | -                              | -
      POST /v1/plans/{kind}/{id}/rename   | catalog | RenamePlan        | -                              | -
      DELETE /v1/plans/{kind}/{id}        | catalog | DeletePlan        | -                              | -
      POST /v1/decks/make                 | catalog | MakeDeck          | -                              | -
      POST /v1/decks/{digest}/approve     | catalog | ApproveDeck       | -                              | -
      POST /v1/decks/{digest}/reject      | catalog | RejectDeck        | -                              | -
      POST /v1/decks/rollback             | catalog | RollBackDeck      | -                              | -
      GET /v1/decks/{digest}/diff         | catalog | DiffDecks         | -                              | -
      POST /v1/decks/{digest}/withdraw    | catalog | WithdrawDeck      | -                              | -
      POST /v1/decks/import               | catalog | BeginDeckImport   | deck_empty currency_mismatch deck_too_large concurrent_change | -
      POST /v1/providers                  | routing | RegisterProvider  | -                              | -
      POST /v1/provider-rates             | routing | LoadProviderRates | -                              | too_many_items currency_malformed
      POST /v1/provider-rates/withdraw    | routing | WithdrawProviderRates | -                          | too_many_items
      POST /v1/providers/{carrierCode}/suspend | routing | SuspendProvider | -                           | -
      POST /v1/providers/{carrierCode}/resume  | routing | ResumeProvider  | -                           | -
      POST /v1/providers/{carrierCode}/limits  | routing | SetProviderLimits | -                          | too_many_items
      POST /v1/routing-policies           | routing | SetRoutingPolicy  | unknown_plan unknown_carrier   | too_many_items
      POST /v1/quotes                     | rating  | Quote             | -                              | too_many_items
      POST /v1/reratings                  | rating  | StartRerating     | -                              | -
      GET /v1/calls                       | cdr     | SearchCalls       | -                              | -
    `),
  )('$route lists the refusals that the page of $page says for $command', ({ route, page, command, also, never }) => {
    const told = refusalsOnPage(page, command).concat(also.split(' ').filter(Boolean));
    const expected = told.filter((code) => !anywhere.has(code) && !never.split(' ').includes(code));
    expect(listedFor(document, route)).toEqual([...new Set(expected)].sort());
  });

  it('lists no refusal that nothing is documented to answer', () => {
    const pages = ['card', 'catalog', 'routing', 'rating', 'cdr', 'edge'].map((page) => readPage(page)).join('\n');
    const known = [...anywhere, 'username_taken', 'unknown_prefix', 'unknown_import', 'unknown_api_key', 'reseller_not_named', 'overloaded', 'message_malformed', 'too_many_items'];
    const listed = new Set(operations().flatMap(({ operation }) => codesOf(operation)));
    expect([...listed].filter((code) => !known.includes(code) && !pages.includes(code))).toEqual([]);
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

  it('does not call a key a JWT', () => {
    const { key } = { key: undefined, ...document.components.securitySchemes };
    expect(key).toEqual({ type: 'http', scheme: 'bearer', description: expect.stringContaining('API key') });
  });

  it.each([
    ['POST', '/v1/cdrs/import', 'zone', 'UTC'],
    ['POST', '/v1/cdrs/import', 'importId', 'Names the file'],
    ['POST', '/v1/decks/import', 'columns', 'header'],
    ['POST', '/v1/quotes', 'at', 'now'],
    ['POST', '/v1/routes', 'at', 'now'],
    ['POST', '/v1/calls/authorize', 'at', 'now'],
  ])('%s %s describes %s', (method, path, name, words) => {
    const operation = JSON.stringify(document.paths[path]?.[method.toLowerCase()]);
    expect(operation).toMatch(new RegExp(`"${name}":?[^}]*"description":"[^"]*${words}|"description":"[^"]*${words}[^}]*}?[^}]*"name":"${name}"`));
  });

  it('tells of CallEnded that it repeats the whole call', () => {
    expect(JSON.stringify(document.components.schemas['CallEvents'])).toContain('Repeats the whole call: party, number, startedAt, and answeredAt');
  });

  it('is shown to people at /docs, without a key', async () => {
    const { status, text } = await edge.call('GET', '/docs', undefined, { key: undefined });
    expect({ status, title: text.includes('Tollwire') }).toEqual({ status: 200, title: true });
  });
});
