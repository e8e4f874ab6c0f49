import { attemptsPrice, explainCharge, explainExchange, explainPrice, formatNanos } from '@tollwire/telecom';
import type { RatedAttempt } from '../domain/attempts.ts';
import type { Conversion, Margin } from '../domain/margin.ts';
import type { Quote } from '../domain/quote.ts';
import type { Derivation, Money, RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { planKey, type PlanRef } from '../domain/tables.ts';
import type { Talked } from '../wire/price-lines.ts';

/** How a quote comes about, one step a line. */
export function quoteSteps({ found: { deck }, side }: Quote, plan: PlanRef, e164: string, durationSec: number): string[] {
  const until = deck.validUntilUs === Infinity ? '' : ` until ${instantText(deck.validUntilUs)}`;
  return [
    `plan ${planKey(plan)} sells by ${deck.kind} ${deck.ownerId}, version ${deck.version}, in force from ${instantText(deck.validFromUs)}${until}`,
    ...sideSteps(side, e164, { answered: true, durationSec }),
  ];
}

/** How the sell price of a rated call came about, worked out again from the facts that were kept. */
export function sellSteps(record: RatedRecord): string[] {
  const { rated, plan } = record;
  const { amount } = rated.sell;
  if (rated.preRated) return [`the sender had set the price, ${formatNanos(amount.nanos)} ${amount.currency}; it is kept`];
  const pays = plan === undefined ? [] : [`pays by plan ${planKey(plan)}`];
  return [...pays, startStep(record), ...versionStep(record), ...sideSteps(rated.sell, rated.calledE164, talkedOf(record))];
}

/** How the buy price of a rated call came about, or why there is none; then what is left of the sell price. */
export function buySteps(record: RatedRecord): string[] {
  const { rated } = record;
  const charged = [...connectedSteps(record), ...(rated.attempts ?? []).map(attemptStep), ...(rated.attempts === undefined ? [] : inAll(rated.buy))];
  const ported = rated.routedBy === undefined ? [] : [`number portability led to ${rated.routedBy}: what carriers take is looked up by that`];
  return [...ported, ...charged, ...marginSteps(rated)];
}

function marginSteps({ buy, margin }: RatedRecord['rated']): string[] {
  if (margin === undefined || buy === undefined) return [];
  if (typeof margin === 'string') return [`no margin: ${margin}`];
  return [...conversionSteps(buy.amount, margin.buy), marginStep(margin)];
}

function conversionSteps(from: Money, { amount, rates }: Conversion): string[] {
  return rates.length === 0 ? [] : [`${moneyText(from)} = ${moneyText(amount)} by ${explainExchange(rates)}`];
}

function marginStep({ amount, buy }: Margin): string {
  const net = { nanos: amount.nanos + buy.amount.nanos, currency: amount.currency };
  return `margin: ${moneyText(net)} before tax − ${moneyText(buy.amount)} = ${moneyText(amount)}`;
}

function moneyText({ nanos, currency }: { readonly nanos: bigint; readonly currency: string }): string {
  return `${formatNanos(nanos)} ${currency}`;
}

function connectedSteps(record: RatedRecord): string[] {
  const { rated, carrierCode } = record;
  if (carrierCode === '') return ['no carrier connected the call'];
  if (rated.buyRefusal !== undefined || rated.buy === undefined) return [`carrier ${carrierCode} has no price for it: ${rated.buyRefusal ?? 'no_buy_rate'}`];
  return [`bought from carrier ${carrierCode}`, startStep(record), ...sideSteps(rated.buy, rated.routedBy ?? rated.calledE164, talkedOf(record))];
}

function attemptStep({ carrierCode, startedAt, cost }: RatedAttempt): string {
  const tried = `attempt over carrier ${carrierCode} at ${instantText(startedAt)} failed`;
  if (typeof cost === 'string') return `${tried}; it has no price: ${cost}`;
  const { amount, prefix, deckDigest, converted } = cost;
  const inBuy = converted === undefined ? [] : conversionSteps(amount, converted);
  return [`${tried}: ${moneyText(amount)}, prefix ${prefix} of deck ${deckDigest.slice(0, 12)}`, ...inBuy].join('; ');
}

function inAll(buy: RatedSide | undefined): string[] {
  return buy === undefined ? [] : [`bought for ${formatNanos(buy.amount.nanos)} ${buy.amount.currency} in all`];
}

function startStep({ answeredAt, startedAt }: RatedRecord): string {
  return answeredAt === undefined
    ? `set up at ${instantText(startedAt)} and not answered`
    : `answered at ${instantText(answeredAt)}, which picks the rate`;
}

/** Only of a call that was answered later than it was authorized is there anything to tell. */
function versionStep({ rated: { authorizedAt }, answeredAt }: RatedRecord): string[] {
  return authorizedAt === undefined || authorizedAt === answeredAt ? [] : [`authorized at ${instantText(authorizedAt)}: by the versions of decks and plans of then`];
}

function sideSteps({ amount, derivation }: RatedSide, e164: string, talked: Talked): string[] {
  if (derivation === undefined) return [`0 s of conversation cost 0 ${amount.currency}`];
  const { deckDigest, prefix } = derivation;
  return [`${e164} matches prefix ${prefix} of deck ${deckDigest.slice(0, 12)}`, ...priceSteps(derivation, talked, amount.currency)];
}

function talkedOf({ rated: { durationSec }, answeredAt }: RatedRecord): Talked {
  return { answered: answeredAt !== undefined, durationSec };
}

function priceSteps({ terms, rounding, schedule, freeSec, allowances, failedAttemptCount }: Derivation, { answered, durationSec }: Talked, currency: string): string[] {
  if (schedule === undefined) return explainCharge(durationSec, terms, rounding, currency);
  const paid = allowances.map(({ name, grantId, period, sec }) => `allowance ${name} (grant ${grantId}, period ${period}) pays for ${sec} s`);
  // The incoming leg of a card would be charged without a second of conversation, but not without an answer.
  const talk = answered ? [...paid, ...explainPrice(schedule, durationSec, currency, freeSec)] : [`it was not answered: 0 ${currency}`];
  if (failedAttemptCount === 0) return talk;
  return [...talk, `attempts that failed: ${failedAttemptCount}, charged ${formatNanos(attemptsPrice(schedule, failedAttemptCount))} ${currency}`];
}

function instantText(us: number): string {
  return us === 0 ? 'the beginning' : new Date(us / 1000).toISOString();
}
