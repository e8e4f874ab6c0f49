import type { Refusal } from '@tollwire/core';

/**
 * Every code that anything in Tollwire may refuse with, its HTTP status and the title of its problem details (RFC 9457).
 * A code that is not in this table does not compile; a published code is never renamed.
 */
export const refusals = {
  // The request itself.
  request_malformed: { status: 400, title: 'The request cannot be read' },
  field_missing: { status: 400, title: 'A required field is missing' },
  field_malformed: { status: 400, title: 'A field does not have the form that it needs' },
  field_unknown: { status: 400, title: 'A field is not known here' },
  field_out_of_range: { status: 400, title: 'A field is outside its range' },
  request_too_large: { status: 413, title: 'The request is too large' },
  too_many_items: { status: 413, title: 'The request holds too many items' },
  unsupported_media_type: { status: 415, title: 'This content type is not taken' },
  unauthenticated: { status: 401, title: 'No valid API key was given' },
  not_permitted: { status: 403, title: 'This API key may not do that' },
  unknown_api_key: { status: 404, title: 'There is no such API key' },
  api_key_exists: { status: 409, title: 'The API key exists already' },
  reseller_not_named: { status: 422, title: 'The role and the reseller of the API key do not fit' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This resource does not take this method' },
  conflict: { status: 409, title: 'It clashes with what is there' },
  concurrent_change: { status: 409, title: 'It was changed by another request meanwhile; ask again' },
  idempotency_mismatch: { status: 409, title: 'The same id was used before with another content' },
  rate_limited: { status: 429, title: 'Too many requests; ask again later' },
  // Numbers and time.
  number_malformed: { status: 422, title: 'The number is not a telephone number' },
  number_not_international: { status: 422, title: 'The number cannot be brought into international form' },
  duration_malformed: { status: 422, title: 'The duration is negative or absurd' },
  times_out_of_order: { status: 422, title: 'The call ends before it begins' },
  amount_malformed: { status: 422, title: 'The amount is not an exact decimal in range' },
  currency_malformed: { status: 422, title: 'The currency is not an ISO 4217 code' },
  currency_mismatch: { status: 422, title: 'The currencies differ' },
  no_exchange_rate: { status: 422, title: 'No exchange rate leads from one currency to the other at that instant' },
  // Who pays.
  unknown_party: { status: 404, title: 'There is no such card or account' },
  unknown_card: { status: 404, title: 'There is no such card' },
  unknown_account: { status: 404, title: 'There is no such account' },
  unknown_card_type: { status: 404, title: 'There is no such card type' },
  unknown_reseller: { status: 404, title: 'There is no such reseller' },
  cardtype_inactive: { status: 409, title: 'Cards of this type are not issued' },
  not_activated: { status: 403, title: 'The card is not active' },
  card_expired: { status: 403, title: 'The card has expired' },
  card_deactivated: { status: 403, title: 'The card was deactivated' },
  card_suspended: { status: 403, title: 'The card is suspended' },
  card_suspended_unpaid: { status: 403, title: 'The card is suspended: it has not been paid for' },
  card_suspended_litigation: { status: 403, title: 'The card is suspended: it is in dispute' },
  no_expiry: { status: 409, title: 'The card has no end that could be put off' },
  expiry_not_later: { status: 409, title: 'The new end of the card is not later than the one that it has' },
  too_many_clis: { status: 409, title: 'No more callers are bound to this card' },
  cli_taken: { status: 409, title: 'The caller is bound to another card' },
  unknown_cid: { status: 404, title: 'Nobody knows this caller' },
  pin_required: { status: 401, title: 'The caller must give a PIN' },
  auth_fail: { status: 401, title: 'The PIN is not right' },
  pin_locked: { status: 429, title: 'Too many wrong PINs came from there; try again later' },
  pins_exist: { status: 409, title: 'The cards of this batch have PINs already' },
  unknown_batch: { status: 404, title: 'There is no such batch of cards' },
  not_own_card: { status: 403, title: 'The card belongs to another reseller' },
  account_exists: { status: 409, title: 'The account exists already' },
  username_taken: { status: 409, title: 'The user name is taken' },
  account_suspended: { status: 403, title: 'The account is suspended' },
  card_in_use: { status: 409, title: 'The card is in use as often as it may be at a time' },
  limit_reached: { status: 429, title: 'A dialling limit of the account or card is reached' },
  unknown_dialer_setting: { status: 404, title: 'There are no dialling limits of that name' },
  insufficient_credit: { status: 402, title: 'The free credit does not pay for the first increment' },
  // Money in.
  unknown_ledger_account: { status: 404, title: 'There is no such ledger account' },
  unknown_payment: { status: 404, title: 'There is no such payment' },
  payment_reversed: { status: 409, title: 'Less of the payment is left than is to be taken back' },
  unknown_payment_provider: { status: 404, title: 'No payments are taken from this provider' },
  signature_invalid: { status: 401, title: 'The signature does not fit the body' },
  signature_stale: { status: 401, title: 'The signature is too old, or from the future' },
  approval_needed: { status: 403, title: 'A credit of this size needs a second person' },
  unknown_proposal: { status: 404, title: 'There is no such proposal' },
  own_proposal: { status: 403, title: 'Who proposed a credit may not approve it' },
  proposal_decided: { status: 409, title: 'The proposal was decided before' },
  unknown_voucher: { status: 404, title: 'There is no such voucher' },
  voucher_used: { status: 409, title: 'The voucher was redeemed before' },
  voucher_expired: { status: 403, title: 'The voucher has expired' },
  voucher_void: { status: 403, title: 'The voucher was taken out of use' },
  voucher_of_other_reseller: { status: 403, title: 'The voucher is for the cards of another reseller' },
  voucher_codes_told: { status: 409, title: 'The codes of this batch have been told, which is done once' },
  unknown_voucher_batch: { status: 404, title: 'There is no such batch of vouchers' },
  vouchers_not_set_up: { status: 409, title: 'The key of vouchers is not configured' },
  too_many_tries: { status: 403, title: 'Too many tries failed; ask again later' },
  // Plans, decks, prices, routes.
  unknown_plan: { status: 404, title: 'There is no such plan' },
  unknown_bundle: { status: 404, title: 'There is no such bundle of free seconds' },
  unknown_carrier: { status: 404, title: 'There is no such carrier' },
  unknown_deck: { status: 404, title: 'There is no such rate deck' },
  unknown_import: { status: 404, title: 'There is no such import' },
  unknown_country: { status: 404, title: 'There is no such country' },
  unknown_prefix: { status: 404, title: 'No prefix of the number plan matches' },
  import_out_of_sequence: { status: 409, title: 'A piece of the import is missing' },
  import_finished: { status: 409, title: 'The import is finished already' },
  deck_empty: { status: 422, title: 'The deck has no valid rate' },
  deck_base_superseded: { status: 409, title: 'The deck keeps rates of a version that is no longer the one in force; import it again' },
  deck_start_taken: { status: 409, title: 'Another version of the deck begins at that very instant' },
  plan_in_use: { status: 409, title: 'The plan is in use' },
  plan_not_in_force: { status: 422, title: 'The plan is not in force at that instant' },
  deck_not_approved: { status: 409, title: 'Nobody has approved this version of the deck' },
  deck_rejected: { status: 409, title: 'This version of the deck was rejected' },
  deck_in_force: { status: 409, title: 'This version of the deck is in force or scheduled' },
  own_approval: { status: 403, title: 'Who imported a version may not approve it' },
  nothing_to_roll_back: { status: 409, title: 'No version was in force before' },
  name_taken: { status: 409, title: 'The name belongs to another plan' },
  deck_malformed: { status: 422, title: 'The deck cannot be read' },
  deck_too_large: { status: 413, title: 'The deck is larger than a deck may be' },
  not_in_force: { status: 409, title: 'Nothing is in force at that instant' },
  no_sell_rate: { status: 422, title: 'The plan has no rate for this destination' },
  no_buy_rate: { status: 422, title: 'The carrier has no rate for this destination' },
  no_route: { status: 422, title: 'No carrier is left for this call' },
  destination_banned: { status: 403, title: 'The plan bans this destination' },
  number_blacklisted: { status: 403, title: 'The number is on the blacklist' },
  sell_rate_above_limit: { status: 403, title: 'The call sells for more than the account may pay a minute' },
  destination_blocked: { status: 403, title: 'The rate deck blocks this destination' },
  rates_not_loaded: { status: 503, title: 'The rates are still being loaded; ask again' },
  // Calls and CDRs.
  unknown_alarm: { status: 404, title: 'There is no such alarm' },
  unknown_fraud_rule: { status: 404, title: 'There is no such rule against fraud' },
  unknown_fraud_case: { status: 404, title: 'The rule found nothing of that kind' },
  unknown_list_entry: { status: 404, title: 'There is no such entry on the list' },
  unknown_switch: { status: 404, title: 'No calls were ever told of such a switch' },
  unknown_call: { status: 404, title: 'There is no such call' },
  unknown_rerating: { status: 404, title: 'There is no such re-rating' },
  call_settled: { status: 409, title: 'The call was charged already' },
  call_released: { status: 409, title: 'The call was given up by its switch' },
  reservation_expired: { status: 409, title: 'The time of the reservation is over' },
  call_not_rated: { status: 409, title: 'The call has not been rated' },
  cursor_malformed: { status: 400, title: 'The cursor is not one that a page before answered' },
  cdr_malformed: { status: 422, title: 'The CDR row cannot be read' },
  // Messages.
  message_malformed: { status: 400, title: 'The message is not a CloudEvent that can be read' },
  unknown_event_type: { status: 400, title: 'No public event has this type' },
  unexpected_event_type: { status: 400, title: 'This event does not belong on this subject' },
  // The system.
  internal_error: { status: 500, title: 'Something went wrong inside; it was logged under the correlation id' },
  service_unavailable: { status: 503, title: 'A service that is needed does not answer; ask again' },
  overloaded: { status: 503, title: 'More is waiting than may; ask again' },
  reply_too_large: { status: 500, title: 'The answer is too large; ask for less' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** A published refusal code. */
export type RefusalCode = keyof typeof refusals;

/** A refusal with a published code; what else it holds are the facts behind it. */
export interface CodedRefusal extends Refusal {
  readonly code: RefusalCode;
  /** One sentence for a person, saying what to do next. */
  readonly detail?: string;
  /** The request field at fault, as a JSON path. */
  readonly field?: string;
  readonly facts?: Readonly<Record<string, string>>;
}

/** Whether `code` is a published refusal code. */
export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code);
}

/** Thrown where an event cannot be handled and never will be: it is parked under the refusal's code, not under "failed". */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
  readonly refusal: CodedRefusal;

  constructor(refusal: CodedRefusal) {
    super(refusal.detail ?? refusals[refusal.code].title);
    this.refusal = refusal;
  }
}
