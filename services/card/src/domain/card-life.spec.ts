import { describe, expect, it } from '@jest/globals';
import { fold } from '@tollwire/core';
import { given, instant, table } from '@tollwire/testing';
import { card } from './card.ts';
import type { CardCommand, CardEvent, IssuedCard } from './card.ts';

const at = instant('2024-01-01T00:00:00Z');
const later = instant('2024-03-31T00:00:00Z');
const latest = instant('2024-04-30T00:00:00Z');
const terms: IssuedCard = { cardTypeId: 1, resellerId: 7, batchId: 'b1', lifetimeDays: 90 };
const issued: CardEvent = { type: 'CardIssued', card: terms, at };
const activated: CardEvent = { type: 'CardActivated', resellerId: 7, at, expiresAt: later };
const expired: CardEvent = { type: 'CardExpired', at: later };
const unpaid: CardEvent = { type: 'CardSuspended', reason: 'unpaid', at };
const bound: CardEvent = { type: 'CliBound', cli: '43664', cidId: 2, at };
const extend = (until = latest, when = later): CardCommand => ({ type: 'Extend', until, forReseller: null, at: when });
const suspend = (reason: 'unpaid' | 'litigation' | 'other', forReseller: number | null = null): CardCommand => ({ type: 'Suspend', reason, forReseller, at });
const bind = (cli: string, cliMax = 2): CardCommand => ({ type: 'Bind', caller: { cli, cidId: 2 }, cliMax, at });

/** What a decision comes to, in a word each. */
function told(past: readonly CardEvent[], command: CardCommand): string {
  const decision = card.decide(command, fold(card, past));
  return decision.accepted ? decision.events.map(({ type }) => type).join(' ') : decision.refusal.code;
}

describe('the end of a card', () => {
  it('is counted from where its type says', () => {
    const rows = table<'from' | 'days' | 'made' | 'activated' | 'used'>(`
      from       | days | made       | activated  | used
      activation | 30   | -          | 2024-01-31 | 2024-01-31
      first_use  | 30   | -          | -          | 2024-02-01
      making     | 30   | 2024-01-30 | 2024-01-30 | 2024-01-30
      date       | 0    | 2024-12-24 | 2024-12-24 | 2024-12-24
      activation | 0    | -          | -          | -
      first_use  | 0    | -          | -          | -
      making     | 0    | -          | -          | -
    `);
    const [made, active, used] = [instant('2023-12-31T00:00:00Z'), instant('2024-01-01T00:00:00Z'), instant('2024-01-02T00:00:00Z')];
    for (const { from, days, ...expected } of rows) {
      const expiresFrom = from === 'first_use' || from === 'making' || from === 'date' ? from : 'activation';
      const expiresOn = from === 'date' ? instant('2024-12-24T00:00:00Z') : null;
      const events: CardEvent[] = [{ type: 'CardIssued', card: { ...terms, expiresFrom, expiresOn, lifetimeDays: Number(days) }, at: made }];
      const ends = [endOf(events)];
      for (const command of [{ type: 'Activate', forReseller: null, at: active }, { type: 'Use', at: used }] as const) {
        const decision = card.decide(command, fold(card, events));
        if (decision.accepted) events.push(...decision.events);
        ends.push(endOf(events));
      }
      expect([from, days, ...ends]).toEqual([from, days, expected.made, expected.activated, expected.used]);
    }
  });

  it('comes also to a card that nobody activated, where it is by date or from its making', () => {
    const made: CardEvent = { ...issued, card: { ...terms, expiresFrom: 'making' } };
    given(card, [made]).when({ type: 'Expire', at: later }).then([expired]);
    given(card, [made]).when({ type: 'Activate', forReseller: null, at: later }).then({ code: 'card_expired', facts: { expiredAtUs: String(later) } });
    expect(told([made, expired], extend())).toBe('CardExtended');
    expect(fold(card, [made, expired, { type: 'CardExtended', at: later, expiresAt: latest }])).toMatchObject({ phase: 'issued', activated: false, expiresAt: latest });
  });

  it('CARD-14: can be put off, before and after it came, and lets an expired card call again', () => {
    const extended: CardEvent = { type: 'CardExtended', at: later, expiresAt: latest };
    given(card, [issued, activated, expired]).when(extend()).then([extended]);
    expect(fold(card, [issued, activated, expired, extended])).toMatchObject({ phase: 'active', expiresAt: latest });
    expect(told([issued, activated, expired, extended], { type: 'Expire', at: later })).toBe('');
    expect(told([issued, activated, expired, extended], { type: 'Expire', at: latest })).toBe('CardExpired');
  });

  it('is put off once, only to later, and only where there is one', () => {
    const extended: CardEvent = { type: 'CardExtended', at: later, expiresAt: latest };
    given(card, [issued, activated, extended]).when(extend()).then([]);
    given(card, [issued, activated, extended]).when(extend(later)).then({ code: 'expiry_not_later', facts: { expiresAtUs: String(latest) } });
    given(card, [issued, activated]).when(extend(latest, latest)).then({ code: 'expiry_not_later', facts: { expiresAtUs: String(later) } });
    given(card, [issued]).when(extend()).then({ code: 'no_expiry' });
    given(card, [issued, { type: 'CardDeactivated', at }]).when(extend()).then({ code: 'card_deactivated' });
  });
});

describe('a card', () => {
  it('CARD-05: is activated and first used by its first call, where its type says so', () => {
    const fresh: CardEvent = { ...issued, card: { ...terms, activatesOnUse: true } };
    const used: CardEvent = { type: 'CardFirstUsed', at, expiresAt: later };
    given(card, [fresh]).when({ type: 'Use', at }).then([activated, used]);
    given(card, [fresh, activated, used]).when({ type: 'Use', at: later }).then({ code: 'card_expired', facts: { expiredAtUs: String(later) } });
    given(card, [issued]).when({ type: 'Use', at }).then({ code: 'not_activated' });
    given(card, [issued, activated]).when({ type: 'Use', at }).then([used]);
    given(card, [issued, activated, used]).when({ type: 'Use', at }).then([]);
  });

  it('CARD-11: suspended takes what it still may, and refuses the rest by its reason', () => {
    const rows = table<'reason' | 'Sell' | 'Pay' | 'Activate' | 'Use' | 'Extend'>(`
      reason     | Sell                      | Pay      | Activate                  | Use                       | Extend
      unpaid     | card_suspended_unpaid     | CardPaid | card_suspended_unpaid     | card_suspended_unpaid     | CardExtended
      litigation | card_suspended_litigation | CardPaid | card_suspended_litigation | card_suspended_litigation | CardExtended
      other      | card_suspended            | CardPaid | card_suspended            | card_suspended            | CardExtended
    `);
    const orders: Record<string, CardCommand> = {
      Sell: { type: 'Sell', forReseller: null, at }, Pay: { type: 'Pay', forReseller: null, at }, Activate: { type: 'Activate', forReseller: null, at },
      Use: { type: 'Use', at }, Extend: extend(),
    };
    for (const { reason, ...expected } of rows) {
      const suspended: CardEvent = { type: 'CardSuspended', at, reason: reason === 'unpaid' || reason === 'litigation' ? reason : 'other' };
      const answers = Object.entries(orders).map(([name, command]) => [name, told([issued, activated, suspended], command)]);
      expect({ reason, ...Object.fromEntries(answers) }).toEqual({ reason, ...expected });
    }
  });

  it('is suspended once for a reason, resumed once, and not at all when it is deactivated', () => {
    const resume: CardCommand = { type: 'Resume', forReseller: null, at };
    expect(told([issued, activated], suspend('unpaid'))).toBe('CardSuspended');
    expect(told([issued, activated, unpaid], suspend('unpaid'))).toBe('');
    expect(told([issued, activated, unpaid], suspend('litigation'))).toBe('CardSuspended');
    expect(told([issued, activated, unpaid], resume)).toBe('CardResumed');
    expect(told([issued, activated], resume)).toBe('');
    expect(fold(card, [issued, activated, unpaid, { type: 'CardResumed', at }])).toMatchObject({ phase: 'active', suspension: null });
    expect(told([issued, { type: 'CardDeactivated', at }], suspend('unpaid'))).toBe('card_deactivated');
    expect(told([issued], suspend('unpaid', 8))).toBe('not_own_card');
  });

  it('CARD-04: takes callers up to a limit, each once, and gives them back', () => {
    expect(told([issued], bind('43664'))).toBe('CliBound');
    expect(told([issued, bound], bind('43664'))).toBe('');
    expect(told([issued, bound], bind('43699'))).toBe('CliBound');
    given(card, [issued, bound, { ...bound, cli: '43699' }]).when(bind('43650')).then({ code: 'too_many_clis', facts: { boundCount: '2' } });
    expect(told([issued, bound], { type: 'Unbind', cli: '43664', at })).toBe('CliUnbound');
    expect(told([issued], { type: 'Unbind', cli: '43664', at })).toBe('');
    expect(told([issued, { type: 'CardDeactivated', at }], bind('43664'))).toBe('card_deactivated');
    expect(fold(card, [issued, bound, { ...bound, cli: '43699' }, { type: 'CliUnbound', cli: '43664', at }])).toMatchObject({ clis: [{ cli: '43699' }] });
  });
});

/** The day on which a card ends by what happened to it; empty where it has no end. */
function endOf(past: readonly CardEvent[]): string {
  const state = fold(card, past);
  return state.phase === 'none' || state.expiresAt === null ? '' : new Date(state.expiresAt / 1_000).toISOString().slice(0, 10);
}
