import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import type { z } from 'zod';
import { onePayer, onePlan, partyFields, partyOf, planFields, planOf } from './parties.ts';
import { faultOf } from './parse.ts';
import * as primitives from './primitives.ts';

const { accountCode, cardId, carrierCode, currency, dialled, instant, leg, lineText, money, positiveMoney, prefix, price, rowId, text, whole, wholeText } = primitives;
const codeOf = (schema: z.ZodType, value: unknown) => {
  const issue = schema.safeParse(value).error?.issues[0];
  return issue === undefined ? 'taken' : faultOf(issue).code;
};
const forms = { accountCode, cardId, carrierCode, currency, dialled, instant, leg, lineText, prefix, price, rowId, title: primitives.title };

describe('values at the rim', () => {
  it.each(
    table<'form' | 'value' | 'code'>(`
      form        | value                       | code
      cardId      | 0                           | taken
      cardId      | 00000000000000000000000000000000 | taken
      cardId      | 000000000000000000000000000000000 | field_malformed
      cardId      | 12 34                       | field_malformed
      cardId      | ١٢٣                         | field_malformed
      accountCode | Ünïcode-1                   | taken
      carrierCode | N                           | taken
      currency    | EUR                         | taken
      currency    | eur                         | field_malformed
      currency    | EURO                        | field_malformed
      prefix      | 4                           | taken
      prefix      | 436641234567890             | taken
      prefix      | 4366412345678901            | field_malformed
      prefix      | 0664                        | field_malformed
      prefix      | +43                         | field_malformed
      dialled     | +43 (664) 123-45.67         | taken
      dialled     | 0043664;ext=7               | taken
      dialled     | sip:+4366@carrier.example   | taken
      dialled     | *98#                        | taken
      dialled     | anonymous                   | field_malformed
      dialled     | 43664"; DROP                | field_malformed
      instant     | 2026-03-14T00:00:00Z        | taken
      instant     | 2000-01-01T00:00:00Z        | taken
      instant     | 1999-12-31T23:59:59.999999Z | field_out_of_range
      instant     | 2099-12-31T23:59:59Z        | taken
      instant     | 2100-01-01T00:00:00Z        | field_out_of_range
      instant     | 9999-12-31T23:59:59Z        | field_out_of_range
      instant     | 0000-01-01T00:00:00Z        | field_out_of_range
      instant     | 2026-03-14 00:00:00Z        | field_malformed
      price       | 0                           | taken
      price       | 0.000000001                 | taken
      price       | 0.0000000001                | field_malformed
      price       | -0.01                       | field_malformed
      price       | .5                          | field_malformed
      price       | 1,5                         | field_malformed
      price       | 1e3                         | field_malformed
      price       | Infinity                    | field_malformed
    `),
  )('$form $value is $code', ({ form, value, code }) => {
    const schema = Object.entries(forms).find(([name]) => name === form)?.[1];
    expect(schema === undefined ? 'no such form' : codeOf(schema, value)).toBe(code);
  });

  it('take no text for a number, and no number for a text', () => {
    expect([codeOf(rowId, '7'), codeOf(leg, '0'), codeOf(cardId, 7), codeOf(price, 0.5), codeOf(instant, 1_773_486_000)]).toEqual(Array(5).fill('field_malformed'));
  });

  it('take whole numbers of 32 bits within their range', () => {
    expect([whole(0), whole(1), whole(0, 5)].map((schema) => [-1, 0, 5, 6, 2_147_483_647, 2_147_483_648, 0.5].map((value) => codeOf(schema, value) === 'taken'))).toEqual([
      [false, true, true, true, true, false, false],
      [false, false, true, true, true, false, false],
      [false, true, true, false, false, false, false],
    ]);
  });

  it('read numbers of a query string as they are written', () => {
    expect(wholeText(1, 100).parse('42')).toBe(42);
    expect(['0', '101', 'x', '1.5', ''].map((value) => codeOf(wholeText(1, 100), value))).toEqual([
      'field_out_of_range', 'field_out_of_range', 'field_malformed', 'field_malformed', 'field_out_of_range',
    ]);
    expect(lineText.parse('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(codeOf(lineText, '9007199254740992')).not.toBe('taken');
  });

  it('hold no control character, wherever one stands', () => {
    const control = fc.integer({ min: 0, max: 0x9f }).filter((code) => code < 0x20 || code >= 0x7f);
    fc.assert(
      fc.property(fc.string({ maxLength: 10 }), control, fc.string({ maxLength: 10 }), (before, code, after) => {
        expect(codeOf(text(64), before + String.fromCharCode(code) + after)).toBe('field_malformed');
      }),
    );
  });

  it('read every amount of nine decimals exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n - 2n ** 63n, max: 2n ** 63n - 1n }), (nanos) => {
        const digits = `${nanos < 0n ? -nanos : nanos}`.padStart(10, '0');
        const amount = `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
        expect(money.parse({ amount, currency: 'EUR' })).toEqual({ nanos, currency: 'EUR' });
        expect(positiveMoney.safeParse({ amount, currency: 'EUR' }).success).toBe(nanos > 0n);
      }),
    );
  });
});

describe('who pays, and by which plan', () => {
  it('is exactly one', () => {
    const fieldsAtFault = (check: (context: z.core.ParsePayload<object>) => void, value: object) => {
      const issues: z.core.$ZodRawIssue[] = [];
      check({ value, issues });
      return issues.map(({ message, path }) => [message?.split(':')[0], path]);
    };
    expect(fieldsAtFault(onePayer, {})).toEqual([['is missing', ['cardId']]]);
    expect(fieldsAtFault(onePayer, { cardId: '1', accountCode: 'a' })).toEqual([['must stand alone', ['cardId']]]);
    expect(fieldsAtFault(onePayer, { accountCode: 'a' })).toEqual([]);
    expect(fieldsAtFault(onePlan, {})).toEqual([['is missing', ['tariffId']]]);
    expect(fieldsAtFault(onePlan, { tariffId: 1, voipPlanId: 2 })).toEqual([['must stand alone', ['tariffId']]]);
    expect(fieldsAtFault(onePlan, { voipPlanId: 2 })).toEqual([]);
    expect([Object.keys(partyFields), Object.keys(planFields)]).toEqual([['cardId', 'accountCode'], ['tariffId', 'voipPlanId']]);
  });

  it('is told to the services as the one that was named', () => {
    expect(partyOf({ cardId: '001' })).toEqual({ party: { case: 'cardId', value: '001' } });
    expect(partyOf({ accountCode: 'A' })).toEqual({ party: { case: 'accountCode', value: 'A' } });
    expect(planOf({ tariffId: 7 })).toEqual({ plan: { case: 'tariffId', value: 7 } });
    expect(planOf({ voipPlanId: 3 })).toEqual({ plan: { case: 'voipPlanId', value: 3 } });
  });
});
