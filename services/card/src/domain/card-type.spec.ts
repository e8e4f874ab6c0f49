import { describe, expect, it } from '@jest/globals';
import { given, instant, table } from '@tollwire/testing';
import { expiryBeginnings } from './card-expiry.ts';
import { cardType } from './card-type.ts';
import type { CardType } from './card-type.ts';

const at = instant('2024-01-01T00:00:00Z');
const terms: CardType = {
  cardTypeId: 1, description: 'ten', valueNanos: 10_000_000_000n, currency: 'EUR', tariffId: 1,
  lifetimeDays: 90, frequencySec: 6, startpulseSec: 6, active: true,
};

describe('a card type', () => {
  it('is created once', () => {
    given(cardType, []).when({ type: 'Create', cardType: terms, at }).then([{ type: 'CardTypeCreated', cardType: terms, at }]);
    given(cardType, [{ type: 'CardTypeCreated', cardType: terms, at }]).when({ type: 'Create', cardType: terms, at }).then({ code: 'conflict' });
  });

  it('is withdrawn and offered again, as often as it is not so already', () => {
    const created = { type: 'CardTypeCreated', cardType: terms, at } as const;
    const [withdrawn, offered] = [{ type: 'CardTypeWithdrawn', at }, { type: 'CardTypeOffered', at }] as const;
    given(cardType, [created]).when({ type: 'Withdraw', at }).then([withdrawn]);
    given(cardType, [created, withdrawn]).when({ type: 'Withdraw', at }).then([]);
    given(cardType, [created, withdrawn]).when({ type: 'Offer', at }).then([offered]);
    given(cardType, [created]).when({ type: 'Offer', at }).then([]);
    given(cardType, [created, withdrawn, offered]).when({ type: 'Withdraw', at }).then([withdrawn]);
    for (const type of ['Withdraw', 'Offer'] as const) expect(cardType.decide({ type, at }, cardType.initial)).toMatchObject({ accepted: false, refusal: { code: 'unknown_card_type' } });
  });

  it('has pulses of at most a day', () => {
    for (const [pulses, field] of [[{ frequencySec: 86_401 }, 'frequencySec'], [{ startpulseSec: 86_401 }, 'startpulseSec']] as const) {
      const decision = cardType.decide({ type: 'Create', cardType: { ...terms, ...pulses }, at }, cardType.initial);
      expect(decision).toMatchObject({ accepted: false, refusal: { code: 'field_out_of_range', field } });
    }
    const longest = { ...terms, frequencySec: 86_400, startpulseSec: 86_400 };
    given(cardType, []).when({ type: 'Create', cardType: longest, at }).then([{ type: 'CardTypeCreated', cardType: longest, at }]);
  });

  it('is worth whole cents within the documented integer, and lives for at most a century', () => {
    const rows = table<'value' | 'days' | 'answer'>(`
      value                | days   | answer
      0                    | 0      | created
      10000000             | 1      | created
      21474836470000000    | 36500  | created
      -10000000            | 0      | value
      9999999              | 0      | value
      21474836480000000    | 0      | value
      10000000             | 36501  | lifetimeDays
    `);
    for (const { value, days, answer } of rows) {
      const decision = cardType.decide({ type: 'Create', cardType: { ...terms, valueNanos: BigInt(value), lifetimeDays: Number(days) }, at }, cardType.initial);
      const told = decision.accepted ? 'created' : 'field' in decision.refusal ? decision.refusal.field : decision.refusal.code;
      expect({ value, days, answer: told }).toEqual({ value, days, answer });
    }
  });

  it('has an end by date and no lifetime, or a lifetime and no date', () => {
    const rows = table<'from' | 'days' | 'date' | 'answer'>(`
      from       | days | date | answer
      activation | 90   | no   | created
      first_use  | 0    | no   | created
      making     | 90   | no   | created
      date       | 0    | yes  | created
      date       | 0    | no   | expiresAt
      date       | 90   | yes  | expiresAt
      making     | 90   | yes  | expiresAt
    `);
    for (const { from, days, date, answer } of rows) {
      const expiresFrom = expiryBeginnings.find((beginning) => beginning === from) ?? 'activation';
      const type: CardType = { ...terms, expiresFrom, lifetimeDays: Number(days), expiresOn: date === 'yes' ? at : null };
      const decision = cardType.decide({ type: 'Create', cardType: type, at }, cardType.initial);
      const told = decision.accepted ? 'created' : 'field' in decision.refusal ? decision.refusal.field : decision.refusal.code;
      expect({ from, days, date, answer: told }).toEqual({ from, days, date, answer });
    }
  });
});
