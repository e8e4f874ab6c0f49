import { describe, expect, it } from '@jest/globals';
import { fold, type InstantUs, instantUs } from '@tollwire/core';
import fc from 'fast-check';
import type { ExpiresFrom } from './card-expiry.ts';
import { refusalOfCard } from './card-standing.ts';
import { card } from './card.ts';
import type { CardCommand, CardEvent, CardState, IssuedCard } from './card.ts';

const dayUs = 86_400_000_000;
const instantOfDay = (day: number) => instantUs(day * dayUs);
const stranger = 8;

/** A card as one would keep it on paper: no events, only what is so. Written apart from the decider, to be compared with it. */
interface Paper {
  readonly terms: Required<IssuedCard>;
  sold: boolean;
  paid: boolean;
  active: boolean;
  usedOn: number | null;
  endsOn: number | null;
  /** Whether its end was noted. */
  ended: boolean;
  gone: boolean;
  suspended: 'unpaid' | 'litigation' | 'other' | null;
  clis: string[];
}

interface Order {
  readonly type: CardCommand['type'];
  readonly forReseller: number | null;
  readonly days: number;
  readonly reason: 'unpaid' | 'litigation' | 'other';
  readonly cli: string;
  readonly longer: number;
}

const cliMax = 2;

/** What paper says to an order: the refusal, or nothing and the paper is written on. */
function onPaper(paper: Paper, order: Order, day: number): string | null {
  const { terms } = paper;
  const isStranger = order.forReseller === stranger && heldTypes.has(order.type);
  if (isStranger) return 'not_own_card';
  const over = paper.endsOn !== null && day >= paper.endsOn;
  const stopped = paper.gone ? 'card_deactivated' : paper.suspended !== null ? codes[paper.suspended] : over ? 'card_expired' : null;
  switch (order.type) {
    case 'Sell':
      if (paper.sold) return null;
      if (stopped === null) paper.sold = true;
      return stopped;
    case 'Pay':
      paper.paid = true;
      return null;
    case 'Activate':
      if (stopped === null) activate(paper, day);
      return stopped;
    case 'Use':
      if (stopped !== null) return stopped;
      if (!paper.active && !terms.activatesOnUse) return 'not_activated';
      activate(paper, day);
      if (paper.usedOn === null && terms.expiresFrom === 'first_use' && terms.lifetimeDays > 0) paper.endsOn ??= day + terms.lifetimeDays;
      paper.usedOn ??= day;
      return null;
    case 'Deactivate':
      paper.gone = true;
      return null;
    case 'Suspend':
      if (paper.gone) return 'card_deactivated';
      paper.suspended = order.reason;
      return null;
    case 'Resume':
      paper.suspended = null;
      return null;
    case 'Extend':
      return extendOnPaper(paper, day + order.longer, day);
    case 'Bind':
      if (paper.gone) return 'card_deactivated';
      if (paper.clis.includes(order.cli)) return null;
      if (paper.clis.length >= cliMax) return 'too_many_clis';
      paper.clis.push(order.cli);
      return null;
    case 'Unbind':
      paper.clis = paper.clis.filter((cli) => cli !== order.cli);
      return null;
    default:
      if (over && !paper.gone) paper.ended = true;
      return null;
  }
}

const heldTypes: ReadonlySet<string> = new Set(['Sell', 'Pay', 'Activate', 'Deactivate', 'Suspend', 'Resume', 'Extend']);
const codes = { unpaid: 'card_suspended_unpaid', litigation: 'card_suspended_litigation', other: 'card_suspended' } as const;

function activate(paper: Paper, day: number): void {
  if (paper.active) return;
  paper.active = true;
  if (paper.terms.expiresFrom === 'activation' && paper.terms.lifetimeDays > 0) paper.endsOn ??= day + paper.terms.lifetimeDays;
}

function extendOnPaper(paper: Paper, until: number, day: number): string | null {
  if (paper.gone) return 'card_deactivated';
  if (paper.endsOn === null) return 'no_expiry';
  if (until === paper.endsOn) return null;
  if (until < paper.endsOn || until <= day) return 'expiry_not_later';
  paper.endsOn = until;
  paper.ended = false;
  return null;
}

function commandOf({ type, forReseller, reason, cli, longer }: Order, day: number, terms: IssuedCard): CardCommand {
  const at = instantOfDay(day);
  switch (type) {
    case 'Issue':
      return { type, card: terms, at };
    case 'Suspend':
      return { type, reason, forReseller, at };
    case 'Extend':
      return { type, until: instantOfDay(day + longer), forReseller, at };
    case 'Bind':
      return { type, caller: { cli, cidId: Number(cli) }, cliMax, at };
    case 'Unbind':
      return { type, cli, at };
    case 'Use':
    case 'Expire':
      return { type, at };
    default:
      return { type, forReseller, at };
  }
}

const types = ['Sell', 'Pay', 'Activate', 'Deactivate', 'Suspend', 'Resume', 'Extend', 'Use', 'Expire', 'Bind', 'Unbind'] as const;
// Deactivation ends most of what can be seen, so it is rare.
const weighted = types.flatMap((type) => (type === 'Deactivate' ? [type] : Array.from({ length: 6 }, () => type)));

const anyOrder: fc.Arbitrary<Order> = fc.record({
  type: fc.constantFrom(...weighted),
  forReseller: fc.constantFrom(null, 7, stranger),
  days: fc.nat(20),
  reason: fc.constantFrom('unpaid', 'litigation', 'other'),
  cli: fc.constantFrom('431', '432', '433'),
  longer: fc.integer({ min: -5, max: 40 }),
});

const anyTerms: fc.Arbitrary<Required<IssuedCard>> = fc
  .record({ from: fc.constantFrom<ExpiresFrom>('activation', 'first_use', 'making', 'date'), days: fc.nat(60), activatesOnUse: fc.boolean() })
  .map(({ from, days, activatesOnUse }) => ({
    ...{ cardTypeId: 1, resellerId: 7, batchId: 'b1', expiresFrom: from, activatesOnUse },
    ...(from === 'date' ? { lifetimeDays: 0, expiresOn: instantOfDay(days) } : { lifetimeDays: days, expiresOn: null }),
  }));

function paperOf(terms: Required<IssuedCard>): Paper {
  const endsOn = terms.expiresOn === null ? (terms.expiresFrom === 'making' && terms.lifetimeDays > 0 ? terms.lifetimeDays : null) : terms.expiresOn / dayUs;
  return { terms, sold: false, paid: false, active: false, usedOn: null, endsOn, ended: false, gone: false, suspended: null, clis: [] };
}

const dayOf = (at: InstantUs | null) => (at === null ? null : at / dayUs);

/** What of a card is on paper, too. */
function seen(state: CardState) {
  if (state.phase === 'none') return null;
  const { sold, paid, activated, suspension, clis, phase } = state;
  const [endsOn, usedOn] = [dayOf(state.expiresAt), dayOf(state.firstUsedAt)];
  return { sold, paid, active: activated, gone: phase === 'deactivated', ended: phase === 'expired', suspended: suspension, endsOn, usedOn, clis: clis.map(({ cli }) => cli) };
}

/** Lives a life on paper and by the decider, and tells both after each order. */
function live(terms: Required<IssuedCard>, orders: readonly Order[]) {
  const [paper, events]: [Paper, CardEvent[]] = [paperOf(terms), [{ type: 'CardIssued', card: terms, at: instantOfDay(0) }]];
  let [state, day] = [fold(card, events), 0];
  const steps = orders.map((order) => {
    day += order.days;
    const decision = card.decide(commandOf(order, day, terms), state);
    const said = onPaper(paper, order, day);
    if (decision.accepted) {
      events.push(...decision.events);
      state = fold(card, decision.events, state);
    }
    // Asked again at once, an order changes nothing more.
    const again = card.decide(commandOf(order, day, terms), state);
    const { terms: _, ...facts } = paper;
    return {
      decided: { code: decision.accepted ? null : decision.refusal.code, ...seen(state) },
      paper: { code: said, ...facts, ended: facts.ended && !facts.gone, clis: [...facts.clis] },
      again: again.accepted ? again.events.length : 0, state, day,
    };
  });
  return { steps, events };
}

describe('a life of a card, whatever is ordered', () => {
  const lives = fc.tuple(anyTerms, fc.array(anyOrder, { maxLength: 40 }));

  it('is what paper says, order by order', () => {
    fc.assert(fc.property(lives, ([terms, orders]) => {
      for (const { decided, paper } of live(terms, orders).steps) expect(decided).toEqual(paper);
    }), { numRuns: 1_000 });
  });

  it('is not changed by an order that is repeated', () => {
    fc.assert(fc.property(lives, ([terms, orders]) => {
      expect(live(terms, orders).steps.every(({ again }) => again === 0)).toBe(true);
    }), { numRuns: 300 });
  });

  it('lets a call through exactly where a use would be taken', () => {
    fc.assert(fc.property(lives, ([terms, orders]) => {
      for (const { state, day } of live(terms, orders).steps) {
        if (state.phase === 'none') continue;
        const at = instantOfDay(day);
        const use = card.decide({ type: 'Use', at }, state);
        expect(refusalOfCard(state, at)?.code ?? 'may call').toBe(use.accepted ? 'may call' : use.refusal.code);
      }
    }), { numRuns: 300 });
  });

  it('is sold, paid for, first used, activated and deactivated at most once', () => {
    fc.assert(fc.property(lives, ([terms, orders]) => {
      const once = live(terms, orders).events.map(({ type }) => type).filter((type) => onceTypes.has(type));
      expect(new Set(once).size).toBe(once.length);
    }), { numRuns: 300 });
  });
});

const onceTypes: ReadonlySet<string> = new Set(['CardIssued', 'CardSold', 'CardPaid', 'CardActivated', 'CardFirstUsed', 'CardDeactivated']);
