import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { parsed } from '../http/parse.ts';
import { Refused } from '../http/refused.ts';
import { authorizeBody } from './calls.schema.ts';
import * as life from './card-life.schema.ts';
import * as cards from './cards.schema.ts';
import * as carriers from './carriers.schema.ts';
import * as catalog from './catalog.schema.ts';
import { deckImport } from './deck-imports.schema.ts';
import * as decks from './decks.schema.ts';
import * as imports from './imports.schema.ts';
import * as plans from './plans.schema.ts';
import * as directRates from './provider-rates.schema.ts';
import * as ops from './ops.schema.ts';

const money = { amount: '10.00', currency: 'EUR' };

/** Bodies and queries that are taken, each by the name of what it is. */
const good: Record<string, readonly [z.ZodType, Record<string, unknown>]> = {
  tariff: [catalog.tariff, { name: 'Basic', currency: 'EUR' }],
  retailPlan: [catalog.retailPlan, { name: 'R', currency: 'EUR' }],
  carrierPlan: [catalog.carrierPlan, { name: 'C', currency: 'EUR', carrierCode: 'NORTH' }],
  banPlan: [catalog.banPlan, { name: 'B', prefixes: ['900'] }],
  voipPlan: [catalog.voipPlan, { name: 'V', retailPlanIds: [1], currency: 'EUR' }],
  numberPlan: [catalog.numberPlan, { countries: [{ countryCode: 'AT', countryName: 'Austria' }], prefixes: [{ prefix: '43', countryCode: 'AT', subcode: 'MOB' }] }],
  deckImport: [deckImport, { kind: 'tariff', ownerId: '7' }],
  deckActivation: [catalog.deckActivation, { kind: 'retail', ownerId: 7, validFrom: '2026-03-14T00:00:00Z' }],
  voipPlanLinks: [catalog.voipPlan, { name: 'V', retailLinks: [{ retailPlanId: 1, metric: 5 }], currency: 'EUR' }],
  deckMaking: [decks.deckMaking, { kind: 'retail', ownerId: 7, carrierPlanIds: [1], marginPercent: '20' }],
  planPath: [plans.planPath, { kind: 'ban', id: '4' }],
  plansPage: [plans.plansPage, { afterId: '4' }],
  planName: [plans.planName, { name: 'New' }],
  deckDiff: [decks.deckDiff, { kind: 'retail', ownerId: '7' }],
  deckDiffRows: [decks.deckDiffRows, { kind: 'retail', ownerId: '7', against: 'ab'.repeat(32), change: 'created', pageToken: 'created.1' }],
  deckForecast: [decks.deckForecast, { kind: 'retail', ownerId: '7', since: '2026-03-14T00:00:00Z' }],
  deckApproval: [decks.deckApproval, { kind: 'retail', ownerId: 7 }],
  deckRejection: [decks.deckRejection, { kind: 'retail', ownerId: 7, note: 'too dear' }],
  deckRollback: [decks.deckRollback, { kind: 'retail', ownerId: 7, reason: 'wrong file' }],
  deckDigest: [catalog.digestPath, { digest: 'ab'.repeat(32) }],
  reseller: [cards.reseller, { username: 'ann', password: 'correct horse' }],
  cardType: [cards.cardType, { description: 'Ten', value: money, tariffId: 7 }],
  cardBatch: [cards.cardBatch, { batchId: 'b-1', cardTypeId: 5, quantity: 100 }],
  cardSelection: [cards.cardSelection, { cardIds: ['0012345678901234'] }],
  authorizeNamed: [authorizeBody, { switchId: 'sw1', callId: '1', calledNumber: '+43664', cardId: '001' }],
  authorizeCaller: [authorizeBody, { switchId: 'sw1', callId: '1', calledNumber: '+43664', cli: '', trunk: 't1', address: '2001:db8::1', pin: '1234567890' }],
  suspension: [life.suspension, { cardIds: ['001'], reason: 'unpaid' }],
  extension: [life.extension, { cardIds: ['001'], until: '2026-03-14T00:00:00Z' }],
  cardSearch: [life.cardSearch, { batchId: 'b-1', resellerId: '7', status: 'active', afterCardId: '001', pageSize: '10' }],
  pins: [life.pins, { passphrase: 'correct horse battery' }],
  callerPolicy: [life.callerPolicy, { unknownCli: 'refuse' }],
  callerAddress: [life.callerAddress, { address: '192.0.2.10', accountCode: 'ACME-01' }],
  account: [cards.account, { customerId: 'acme', accountCodes: ['ACME-01'], voipPlanId: 3, currency: 'EUR' }],
  credit: [cards.credit, { cardId: '001', amount: money, transferId: 't-1' }],
  quote: [carriers.quote, { tariffId: 7, calledNumber: '+436641234567' }],
  route: [carriers.route, { voipPlanId: 3, calledNumber: '+436641234567' }],
  provider: [carriers.provider, { carrierCode: 'NORTH', name: 'North', gateway: { address: 'sip.north:5060' } }],
  providerRates: [directRates.providerRates, { carrierCode: 'NORTH', currency: 'EUR', rates: [{ prefix: '43', ratePerMin: '0.01' }] }],
  withdrawnRates: [directRates.withdrawnRates, { carrierCode: 'NORTH', prefixes: ['43'], countryPrefixIds: [17] }],
  standingRates: [directRates.standingRates, { carrierCode: 'NORTH', at: '2026-03-14T00:00:00Z', prefix: '43', pageToken: '4366' }],
  carrierPath: [carriers.carrierPath, { carrierCode: 'NORTH' }],
  deckErrorsPage: [catalog.deckErrorsPage, { afterLine: '7' }],
  cdrImport: [imports.cdrImport, { format: 'asterisk_csv', switchId: 'pbx-1', importId: 'Master.csv', zone: 'Europe/Vienna' }],
  rowErrorsPage: [imports.rowErrorsPage, { afterLine: '7', pageSize: '5' }],
  deadLetterPage: [ops.deadLetterPage, { pageSize: '5', afterId: '7' }],
  redrive: [ops.redrive, { ids: [1, 2] }],
  newApiKey: [ops.newApiKey, { name: 'vienna', role: 'switch' }],
};

/** One change to what is taken, and how it is refused. */
const bad: readonly (readonly [what: string, change: Record<string, unknown>, code: string, field: string])[] = [
  ['tariff', { currency: 'eur' }, 'field_malformed', 'currency'],
  ['tariff', { roundingDecimals: 10 }, 'field_out_of_range', 'roundingDecimals'],
  ['tariff', { roundingMode: 'sideways' }, 'field_malformed', 'roundingMode'],
  ['tariff', { timeZone: 'Mars/Base' }, 'field_malformed', 'timeZone'],
  ['tariff', { windowPolicy: 'end' }, 'field_malformed', 'windowPolicy'],
  ['tariff', { terms: { connectFee: '-0.05' } }, 'field_malformed', 'terms.connectFee'],
  ['tariff', { terms: { taxPercent: '23.00001' } }, 'field_malformed', 'terms.taxPercent'],
  ['tariff', { terms: { taxPercent: '1000.1' } }, 'field_malformed', 'terms.taxPercent'],
  ['tariff', { terms: { addedGraceSec: 86_401 } }, 'field_out_of_range', 'terms.addedGraceSec'],
  ['tariff', { terms: { maxCost: { amount: '1', strategy: 'stop' } } }, 'field_malformed', 'terms.maxCost.strategy'],
  ['voipPlan', { terms: { surcharge: '1' } }, 'field_unknown', 'terms.surcharge'],
  ['tariff', { name: 'x'.repeat(129) }, 'field_out_of_range', 'name'],
  ['retailPlan', { name: undefined }, 'field_missing', 'name'],
  ['retailPlan', { carrierPlanIds: [7, 0] }, 'field_out_of_range', 'carrierPlanIds[1]'],
  ['retailPlan', { carrierPlanIds: 7 }, 'field_malformed', 'carrierPlanIds'],
  ['carrierPlan', { carrierCode: '' }, 'field_out_of_range', 'carrierCode'],
  ['banPlan', { prefixes: ['0900'] }, 'field_malformed', 'prefixes[0]'],
  ['banPlan', { prefixes: ['900', 900] }, 'field_malformed', 'prefixes[1]'],
  ['voipPlan', { retailPlanIds: [] }, 'field_out_of_range', 'retailPlanIds'],
  ['voipPlan', { banPlanIds: [0] }, 'field_out_of_range', 'banPlanIds[0]'],
  ['numberPlan', { prefixes: [{ prefix: '43', countryCode: 'AUT' }] }, 'field_malformed', 'prefixes[0].countryCode'],
  ['numberPlan', { prefixes: [{ prefix: '43', countryCode: 'AT', subcode: 'SAT' }] }, 'field_malformed', 'prefixes[0].subcode'],
  ['numberPlan', { countries: [{ countryCode: 'AT', countryName: 'Austria', capital: 'Vienna' }] }, 'field_unknown', 'countries[0].capital'],
  ['voipPlanLinks', { retailPlanIds: [1] }, 'field_out_of_range', 'retailPlanIds'],
  ['voipPlanLinks', { retailLinks: [{ retailPlanId: 0 }] }, 'field_out_of_range', 'retailLinks[0].retailPlanId'],
  ['deckMaking', { kind: 'carrier' }, 'field_malformed', 'kind'],
  ['deckMaking', { carrierPlanIds: [] }, 'field_out_of_range', 'carrierPlanIds'],
  ['deckMaking', { marginPercent: '1.00001' }, 'field_malformed', 'marginPercent'],
  ['deckMaking', { marginPercent: '-1' }, 'field_malformed', 'marginPercent'],
  ['deckMaking', { floor: '-0.1' }, 'field_malformed', 'floor'],
  ['planPath', { kind: 'wholesale' }, 'field_malformed', 'kind'],
  ['planPath', { id: '0' }, 'field_out_of_range', 'id'],
  ['deckForecast', { since: 'monday' }, 'field_malformed', 'since'],
  ['deckDiff', { against: 'x' }, 'field_malformed', 'against'],
  ['deckDiff', { ownerId: '0' }, 'field_out_of_range', 'ownerId'],
  ['deckDiffRows', { change: 'vanished' }, 'field_malformed', 'change'],
  ['deckRejection', { note: undefined }, 'field_missing', 'note'],
  ['deckRollback', { reason: 'x'.repeat(1001) }, 'field_out_of_range', 'reason'],
  ['deckApproval', { note: 'a\u0000b' }, 'field_malformed', 'note'],
  ['deckImport', { kind: 'wholesale' }, 'field_malformed', 'kind'],
  ['deckImport', { ownerId: 'seven' }, 'field_malformed', 'ownerId'],
  ['deckImport', { delimiter: '#' }, 'field_malformed', 'delimiter'],
  ['deckActivation', { validFrom: '2026-03-14' }, 'field_malformed', 'validFrom'],
  ['deckDigest', { digest: 'AB'.repeat(32) }, 'field_malformed', 'digest'],
  ['reseller', { username: 'x'.repeat(21) }, 'field_out_of_range', 'username'],
  ['reseller', { password: 'short' }, 'field_out_of_range', 'password'],
  ['cardType', { value: { amount: '10', currency: 'EUR', vat: '2' } }, 'field_unknown', 'value.vat'],
  ['cardType', { value: { amount: '-1', currency: 'EUR' } }, 'field_malformed', 'value'],
  ['cardType', { expiresFrom: 'birth' }, 'field_malformed', 'expiresFrom'],
  ['cardType', { value: { amount: '1e3', currency: 'EUR' } }, 'field_malformed', 'value.amount'],
  ['cardType', { value: { amount: '0.0000000001', currency: 'EUR' } }, 'field_malformed', 'value.amount'],
  ['cardType', { lifetimeDays: -1 }, 'field_out_of_range', 'lifetimeDays'],
  ['cardType', { tariffId: 4_294_967_296 }, 'field_out_of_range', 'tariffId'],
  ['cardType', { active: 'yes' }, 'field_malformed', 'active'],
  ['cardBatch', { quantity: 10_001 }, 'field_out_of_range', 'quantity'],
  ['authorizeNamed', { cardId: undefined }, 'field_missing', 'cardId'],
  ['authorizeNamed', { accountCode: 'A', cli: '+431' }, 'field_malformed', 'cardId'],
  ['authorizeCaller', { address: '192.0.2.1:5060' }, 'field_malformed', 'address'],
  ['suspension', { reason: 'a whim' }, 'field_malformed', 'reason'],
  ['extension', { until: 'tomorrow' }, 'field_malformed', 'until'],
  ['pins', { passphrase: 'too short' }, 'field_out_of_range', 'passphrase'],
  ['pins', { pinLength: 7 }, 'field_out_of_range', 'pinLength'],
  ['callerPolicy', { unknownCli: 'ask' }, 'field_malformed', 'unknownCli'],
  ['callerAddress', { address: 'sip.example' }, 'field_malformed', 'address'],
  ['cardSelection', { cardIds: [] }, 'field_out_of_range', 'cardIds'],
  ['cardSelection', { cardIds: ['1', 'x'] }, 'field_malformed', 'cardIds[1]'],
  ['account', { accountCodes: [] }, 'field_out_of_range', 'accountCodes'],
  ['account', { creditLimit: { amount: '5', currency: '€' } }, 'field_malformed', 'creditLimit.currency'],
  ['credit', { amount: { amount: '0.00', currency: 'EUR' } }, 'field_malformed', 'amount'],
  ['credit', { amount: { amount: '-1', currency: 'EUR' } }, 'field_malformed', 'amount'],
  ['credit', { cardId: undefined }, 'field_missing', 'cardId'],
  ['credit', { accountCode: 'ACME' }, 'field_malformed', 'cardId'],
  ['quote', { tariffId: undefined }, 'field_missing', 'tariffId'],
  ['quote', { voipPlanId: 3 }, 'field_malformed', 'tariffId'],
  ['quote', { durationSec: -1 }, 'field_out_of_range', 'durationSec'],
  ['quote', { durationSec: 604_801 }, 'field_out_of_range', 'durationSec'],
  ['quote', { durationSec: '60' }, 'field_malformed', 'durationSec'],
  ['quote', { trunk: 't1' }, 'field_missing', 'switchId'],
  ['route', { trunk: 't1' }, 'field_missing', 'switchId'],
  ['route', { sellRatePerMin: '0.02' }, 'field_missing', 'sellCurrency'],
  ['route', { sellCurrency: 'EUR' }, 'field_missing', 'sellRatePerMin'],
  ['route', { sellRatePerMin: '-0.02', sellCurrency: 'EUR' }, 'field_malformed', 'sellRatePerMin'],
  ['provider', { gateway: { address: 'sip', timeoutSec: 0 } }, 'field_out_of_range', 'gateway.timeoutSec'],
  ['provider', { gateway: { address: 'sip', addPrefix: '00-1' } }, 'field_malformed', 'gateway.addPrefix'],
  ['provider', { maxConcurrentCalls: 5 }, 'field_unknown', 'maxConcurrentCalls'],
  ['provider', { priority: -1 }, 'field_out_of_range', 'priority'],
  ['provider', { gateway: undefined }, 'field_missing', 'gateway'],
  ['providerRates', { rates: [{ prefix: '43', ratePerMin: 0.01 }] }, 'field_malformed', 'rates[0].ratePerMin'],
  ['providerRates', { rates: [{ prefix: '43', ratePerMin: '-1' }] }, 'field_malformed', 'rates[0].ratePerMin'],
  ['withdrawnRates', { prefixes: [], countryPrefixIds: [] }, 'field_missing', 'prefixes'],
  ['withdrawnRates', { prefixes: ['043'] }, 'field_malformed', 'prefixes[0]'],
  ['withdrawnRates', { countryPrefixIds: [0] }, 'field_out_of_range', 'countryPrefixIds[0]'],
  ['standingRates', { prefix: 'x' }, 'field_malformed', 'prefix'],
  ['cdrImport', { format: 'cisco' }, 'field_malformed', 'format'],
  ['cdrImport', { zone: 'Europe/Atlantis' }, 'field_malformed', 'zone'],
  ['cdrImport', { zone: 'x'.repeat(65) }, 'field_out_of_range', 'zone'],
  ['cdrImport', { format: 'freeswitch_json', zone: 'UTC' }, 'field_malformed', 'zone'],
  ['cdrImport', { importId: '' }, 'field_out_of_range', 'importId'],
  ['cdrImport', { switchId: 'a\u0007' }, 'field_malformed', 'switchId'],
  ['rowErrorsPage', { afterLine: '-1' }, 'field_out_of_range', 'afterLine'],
  ['rowErrorsPage', { pageSize: '1001' }, 'field_out_of_range', 'pageSize'],
  ['rowErrorsPage', { afterLine: '1.5' }, 'field_malformed', 'afterLine'],
  ['deckErrorsPage', { afterLine: 'last' }, 'field_malformed', 'afterLine'],
  ['carrierPath', { carrierCode: 'x'.repeat(33) }, 'field_out_of_range', 'carrierCode'],
  ['deadLetterPage', { pageSize: '0' }, 'field_out_of_range', 'pageSize'],
  ['redrive', { ids: [0] }, 'field_out_of_range', 'ids[0]'],
  ['newApiKey', { role: 'root' }, 'field_malformed', 'role'],
  ['newApiKey', { secret: 'mine' }, 'field_unknown', 'secret'],
];

describe('bodies and queries', () => {
  it.each(Object.keys(good))('%s is taken', (what) => {
    const [schema, body] = good[what] ?? [];
    expect(schema?.safeParse(body).success).toBe(true);
  });

  it.each(bad)('%s with %j is refused: %s in %s', (what, change, code, field) => {
    const [schema, body] = good[what] ?? [];
    const attempt = () => (schema === undefined ? undefined : parsed(schema, { ...body, ...change }));
    expect(attempt).toThrow(Refused);
    expect(refusalOf(attempt)).toMatchObject({ code, field });
  });

  it.each(Object.keys(good))('%s with a field too many is refused by its name', (what) => {
    const [schema, body] = good[what] ?? [];
    const refusal = refusalOf(() => (schema === undefined ? undefined : parsed(schema, { ...body, unheardOf: 1 })));
    expect(refusal).toMatchObject({ code: 'field_unknown', field: 'unheardOf' });
  });

  it('takes money, instants and rates as exactly as they were written', () => {
    expect(cards.cardType.parse({ ...good['cardType']?.[1], value: { amount: '9223372036.854775807', currency: 'EUR' } }).value.nanos).toBe(9_223_372_036_854_775_807n);
    expect(catalog.deckActivation.parse({ kind: 'tariff', ownerId: 1, validFrom: '2026-03-14T00:00:00.000001Z' }).validFrom).toBe(1_773_446_400_000_001n);
    const terms = { connectFee: '0.05', taxPercent: '7.5', maxCost: { amount: '0.12', strategy: 'disconnect' }, disconnectFeeAfterSec: 20 };
    expect(catalog.tariff.parse({ ...good['tariff']?.[1], terms, windowPolicy: 'start' })).toMatchObject({
      terms: { connectFeeNanos: 50_000_000n, taxPpm: 75_000, maxCost: { nanos: 120_000_000n, disconnects: true }, disconnectFeeAfterSec: 20 }, windowsByStart: true,
    });
    expect(directRates.providerRates.parse(good['providerRates']?.[1]).rates).toEqual([{ prefix: '43', countryPrefixId: 0, ratePerMinNanos: 10_000_000n }]);
  });
});

describe('defaults of bodies and queries', () => {
  it('are those that the documentation shows', () => {
    const madeOf = (what: string) => {
      const [schema, body] = good[what] ?? [];
      return schema?.parse(body);
    };
    expect(madeOf('tariff')).toMatchObject({ roundingDecimals: 4, roundingMode: 1 });
    expect(madeOf('retailPlan')).toEqual({ name: 'R', currency: 'EUR', timeZone: '', carrierPlanIds: [] });
    expect(madeOf('voipPlan')).toMatchObject({ carrierPlanIds: [], banPlanIds: [] });
    expect(madeOf('provider')).toMatchObject({ priority: 0, gateway: { tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 } });
    expect(madeOf('cardType')).toMatchObject({ lifetimeDays: 0, frequencySec: 0, startpulseSec: 0, incomingLeg: false, active: true });
    expect(madeOf('tariff')).toMatchObject({ timeZone: '', windowsByStart: false });
    expect(madeOf('cardBatch')).toMatchObject({ resellerId: 1 });
    expect(madeOf('account')).toMatchObject({ postpaid: false });
    expect(imports.rowErrorsPage.parse({})).toEqual({ afterLine: 0, pageSize: 100 });
    expect(ops.deadLetterPage.parse({})).toEqual({ pageSize: 100, afterId: 0 });
    expect(ops.redrive.parse({})).toEqual({ ids: [] });
  });

  it('take a zone whose + has become a space on its way', () => {
    const noon = Date.parse('2026-03-14T12:00:00Z');
    const read = (zone: string) => imports.cdrImport.parse({ format: 'asterisk_csv', zone }).zone?.utcMsOf(noon);
    expect([read('+02:00'), read(' 02:00'), read('-02:00'), read('UTC')]).toEqual([noon - 7_200_000, noon - 7_200_000, noon + 7_200_000, noon]);
  });
});

function refusalOf(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return error instanceof Refused ? error.refusal : error;
  }
}
