import type { Params } from './expressions.ts';
import type { Plan } from './shapes.ts';
import { keyOf, rowsOf, type Steps, type Work } from './store.ts';
import { alike, order, type Value } from './values.ts';

/** A payment with what was taken back of it, as JSON has that: amounts and instants as text. */
function* payment(work: Work, [provider, paymentId]: Params): Steps {
  const found = work.read('payment', keyOf('payment', { provider: String(provider), payment_id: String(paymentId) }));
  if (found === undefined) return [];
  const ofPayment = rowsOf(work, 'payment_reversal').filter((row) => row['provider'] === provider && row['payment_id'] === paymentId);
  ofPayment.sort((one, other) => order(one['reversed_at_us'] ?? null, other['reversed_at_us'] ?? null) || order(one['reversal_id'] ?? null, other['reversal_id'] ?? null));
  const reversals = ofPayment.map(({ amount, commission, reversed_at_us: at, ...row }) => ({ ...row, amount: String(amount), commission: String(commission), reversed_at_us: String(at) }));
  const answer: object = { ...found, reversals };
  return [{ ...answer }];
}

/** The commission that counts was set last: of the card's type, else of all types. */
function* commissionOn(work: Work, [cardId]: Params): Steps {
  const card = work.read('card_state', String(cardId));
  if (card === undefined) return [];
  const ofReseller = rowsOf(work, 'commission').filter((row) => alike(row['resellerid'] ?? null, card['resellerid'] ?? null));
  ofReseller.sort((one, other) => order(other['nth'] ?? null, one['nth'] ?? null));
  const ofType = (cardTypeId: Value) => ofReseller.find((row) => alike(row['cardtypeid'] ?? null, cardTypeId))?.['ppm'];
  return [{ resellerid: card['resellerid'] ?? null, ppm: ofType(card['cardtypeid'] ?? null) ?? ofType(0) ?? 0 }];
}

/** A voucher with the terms of its batch. */
function* voucher(work: Work, [codeIndex]: Params): Steps {
  const found = work.read('voucher', String(codeIndex));
  const batch = found === undefined ? undefined : work.read('voucher_batch', String(found['batch_id']));
  if (found === undefined || batch === undefined) return [];
  return [{ ...batch, ...found, voided_at_us: work.read('voucher_void', String(found['batch_id']))?.['voided_at_us'] ?? null, awaits_approval: false }];
}

/** No batch of vouchers is voided here, so who shares its lock waits for nobody. */
function* sharedLock(): Steps {
  return [];
}

function* standing(work: Work, [cardId]: Params): Steps {
  const card = work.read('card_state', String(cardId));
  return card === undefined ? [] : [{ ...card, deactivated_us: card['deactivated'] ?? null, expires_us: card['expires'] ?? null }];
}

/** Statements of payments and vouchers that are like no other. */
export const moneyIn: readonly (readonly [begins: RegExp, plan: Plan])[] = [
  [/^SELECT p\.provider, p\.payment_id, .* FROM payment p WHERE p\.provider = \$1 AND p\.payment_id = \$2$/, payment],
  [/^SELECT s\.resellerid, coalesce\( /, commissionOn],
  [/^SELECT pg_advisory_xact_lock_shared\(/, sharedLock],
  [/^SELECT v\.batch_id, v\.serial, .* FROM voucher v JOIN voucher_batch b /, voucher],
  [/^SELECT resellerid, activated, .* FROM card_state WHERE cardid = \$1$/, standing],
];
