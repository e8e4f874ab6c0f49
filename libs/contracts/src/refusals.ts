import type { Refusal } from '@tollwire/core';

/**
 * Every code that anything in Tollwire may refuse with, its HTTP status, the title of its problem details (RFC 9457), and what to do
 * next, which is told where a refusal does not say it better by itself.
 * A code that is not in this table does not compile; a published code is never renamed.
 */
export const refusals = {
  // The request itself.
  request_malformed: { status: 400, title: 'The request cannot be read', next: 'Send what the OpenAPI document at /openapi.json describes.' },
  field_missing: { status: 400, title: 'A required field is missing', next: 'Give the field that is named.' },
  field_malformed: { status: 400, title: 'A field does not have the form that it needs', next: 'Give the field that is named in the form that the OpenAPI document describes.' },
  field_unknown: { status: 400, title: 'A field is not known here', next: 'Leave the field that is named away, or spell it as the OpenAPI document does.' },
  field_out_of_range: { status: 400, title: 'A field is outside its range', next: 'Give a value within the range that the OpenAPI document describes.' },
  request_too_large: { status: 413, title: 'The request is too large', next: 'Send less in one request.' },
  too_many_items: { status: 413, title: 'The request holds too many items', next: 'Send fewer at a time.' },
  unsupported_media_type: { status: 415, title: 'This content type is not taken', next: 'Send a content type that the OpenAPI document names for the route.' },
  unauthenticated: { status: 401, title: 'No valid API key was given', next: 'Send a key that was issued and not revoked as a bearer token; an admin issues one.' },
  not_permitted: { status: 403, title: 'This API key may not do that', next: 'Ask with a key of a role that may: the OpenAPI document names the roles of each route.' },
  unknown_api_key: { status: 404, title: 'There is no such API key', next: 'List the keys, and name one by its id.' },
  api_key_exists: { status: 409, title: 'The API key exists already', next: 'Ask again: another id is made up.' },
  reseller_not_named: { status: 422, title: 'The role and the reseller of the API key do not fit', next: 'Name the reseller of a key for one, and of no other key.' },
  not_found: { status: 404, title: 'There is no such thing', next: 'Check the path: the OpenAPI document lists those that there are.' },
  method_not_allowed: { status: 405, title: 'This resource does not take this method', next: 'Use one of the methods that the header Allow names.' },
  conflict: { status: 409, title: 'It clashes with what is there', next: 'Look at what is there, and ask for something that fits it.' },
  concurrent_change: { status: 409, title: 'It was changed by another request meanwhile; ask again', next: 'Ask again.' },
  idempotency_mismatch: { status: 409, title: 'The same id was used before with another content', next: 'Use another id for another content, or ask again with what was asked before.' },
  rate_limited: { status: 429, title: 'Too many requests; ask again later', next: 'Ask again after a second, and more slowly.' },
  // Numbers and time.
  number_malformed: { status: 422, title: 'The number is not a telephone number', next: 'Give the digits of a telephone number.' },
  number_not_international: { status: 422, title: 'The number cannot be brought into international form', next: 'Give the number with its country code, as +43… or 0043….' },
  duration_malformed: { status: 422, title: 'The duration is negative or absurd', next: 'Give whole seconds, not below zero.' },
  times_out_of_order: { status: 422, title: 'The call ends before it begins', next: 'Give a beginning that is not after the end.' },
  amount_malformed: { status: 422, title: 'The amount is not an exact decimal in range', next: 'Give a decimal number of at most nine places that the ledger can hold.' },
  currency_malformed: { status: 422, title: 'The currency is not an ISO 4217 code', next: 'Give three capital letters of ISO 4217, as EUR.' },
  currency_mismatch: { status: 422, title: 'The currencies differ', next: 'Give the amount in the currency of the account.' },
  no_exchange_rate: { status: 422, title: 'No exchange rate leads from one currency to the other at that instant', next: 'Set the exchange rate between the two, from that instant on.' },
  // Who pays.
  unknown_party: { status: 404, title: 'There is no such card or account', next: 'Check the id of the card or the code of the account, or make it first.' },
  unknown_card: { status: 404, title: 'There is no such card', next: 'Check the id of the card: it is listed with its batch.' },
  unknown_account: { status: 404, title: 'There is no such account', next: 'Check the code of the account, or open it first.' },
  unknown_card_type: { status: 404, title: 'There is no such card type', next: 'List the card types and name one of them, or create it first.' },
  unknown_reseller: { status: 404, title: 'There is no such reseller', next: 'List the resellers and name one of them, or register it first.' },
  cardtype_inactive: { status: 409, title: 'Cards of this type are not issued', next: 'Offer the card type again, or name another one.' },
  not_activated: { status: 403, title: 'The card is not active', next: 'Activate the card.' },
  card_expired: { status: 403, title: 'The card has expired', next: 'Extend the card: its credit is kept.' },
  card_deactivated: { status: 403, title: 'The card was deactivated', next: 'Use another card: this one is over for good.' },
  card_suspended: { status: 403, title: 'The card is suspended', next: 'Resume the card once its reason is gone.' },
  card_suspended_unpaid: { status: 403, title: 'The card is suspended: it has not been paid for', next: 'Resume the card once it is paid for.' },
  card_suspended_litigation: { status: 403, title: 'The card is suspended: it is in dispute', next: 'Resume the card once the dispute is over.' },
  no_expiry: { status: 409, title: 'The card has no end that could be put off', next: 'Leave it as it is: it lives for ever, or its end is set when it is activated or first used.' },
  expiry_not_later: { status: 409, title: 'The new end of the card is not later than the one that it has', next: 'Give a later instant than the one at which it ends.' },
  too_many_clis: { status: 409, title: 'No more callers are bound to this card', next: 'Free one of its callers first.' },
  cli_taken: { status: 409, title: 'The caller is bound to another card', next: 'Free the caller of its card first.' },
  unknown_cid: { status: 404, title: 'Nobody knows this caller', next: 'Bind the caller to a card, or set a policy for callers whom nobody knows.' },
  pin_required: { status: 401, title: 'The caller must give a PIN', next: 'Ask the caller for the PIN, and authorize the call with it.' },
  auth_fail: { status: 401, title: 'The PIN is not right', next: 'Ask for the PIN again.' },
  pin_locked: { status: 429, title: 'Too many wrong PINs came from there; try again later', next: 'Wait until then.' },
  pins_exist: { status: 409, title: 'The cards of this batch have PINs already', next: 'Ask to renew them: PINs are told once.' },
  unknown_batch: { status: 404, title: 'There is no such batch of cards', next: 'Check the id of the batch, or issue its cards first.' },
  not_own_card: { status: 403, title: 'The card belongs to another reseller', next: 'Ask for cards of this reseller, or as its holder.' },
  account_exists: { status: 409, title: 'The account exists already', next: 'Use the account that is there, or open one under another id and other codes.' },
  username_taken: { status: 409, title: 'The user name is taken', next: 'Choose another user name.' },
  account_suspended: { status: 403, title: 'The account is suspended', next: 'Resume the account once its reason is gone.' },
  card_in_use: { status: 409, title: 'The card is in use as often as it may be at a time', next: 'Wait until a call on the card ends.' },
  limit_reached: { status: 429, title: 'A dialling limit of the account or card is reached', next: 'Wait until a call ends or the time that is told, or raise the limit.' },
  unknown_dialer_setting: { status: 404, title: 'There are no dialling limits of that name', next: 'List the dialling limits and name one of them, or set it first.' },
  insufficient_credit: { status: 402, title: 'The free credit does not pay for the first increment', next: 'Put credit on the card or account, or call a cheaper destination.' },
  // Money in.
  unknown_ledger_account: { status: 404, title: 'There is no such ledger account', next: 'Check the name of the ledger account: one without a transfer is not there yet.' },
  unknown_payment: { status: 404, title: 'There is no such payment', next: 'Check the provider and the id of the payment.' },
  payment_reversed: { status: 409, title: 'Less of the payment is left than is to be taken back', next: 'Take back at most what is left of it.' },
  unknown_payment_provider: { status: 404, title: 'No payments are taken from this provider', next: 'Configure a secret for the provider (PAYMENT_WEBHOOK_SECRETS), or correct its name.' },
  signature_invalid: { status: 401, title: 'The signature does not fit the body', next: 'Sign the bytes of the body as they are sent, with the secret that is configured for the provider.' },
  signature_stale: { status: 401, title: 'The signature is too old, or from the future', next: 'Sign and send anew, by a clock that is right.' },
  approval_needed: { status: 403, title: 'Money of this size needs a second person', next: 'Propose the credit, and let somebody else approve it.' },
  unknown_proposal: { status: 404, title: 'There is no such proposal', next: 'List the proposals, and name one by its id.' },
  own_proposal: { status: 403, title: 'Who proposed a credit may not approve it', next: 'Let somebody else approve it.' },
  proposal_decided: { status: 409, title: 'The proposal was decided before', next: 'Propose another credit, under another id.' },
  unknown_voucher: { status: 404, title: 'There is no such voucher', next: 'Check the sixteen digits of the code.' },
  voucher_used: { status: 409, title: 'The voucher was redeemed before', next: 'Use another voucher.' },
  voucher_expired: { status: 403, title: 'The voucher has expired', next: 'Use another voucher.' },
  voucher_void: { status: 403, title: 'The voucher was taken out of use', next: 'Use another voucher.' },
  voucher_not_approved: { status: 403, title: 'The voucher waits for the approval of a second person', next: 'Let somebody else than who made its batch approve it.' },
  voucher_of_other_reseller: { status: 403, title: 'The voucher is for the cards of another reseller', next: 'Redeem it for a card of its reseller.' },
  voucher_codes_told: { status: 409, title: 'The codes of this batch have been told, which is done once', next: 'Void the batch and make another one, if the codes were lost.' },
  unknown_voucher_batch: { status: 404, title: 'There is no such batch of vouchers', next: 'Check the id of the batch, or make it first.' },
  vouchers_not_set_up: { status: 409, title: 'The key of vouchers is not configured', next: 'Set VOUCHER_KEY for the card service, and start it again.' },
  too_many_tries: { status: 403, title: 'Too many tries failed; ask again later', next: 'Wait a quarter of an hour, then try again with the right code.' },
  // Plans, decks, prices, routes.
  unknown_plan: { status: 404, title: 'There is no such plan', next: 'List the plans of that kind and name one of them, or create it first.' },
  unknown_bundle: { status: 404, title: 'There is no such bundle of free seconds', next: 'List the bundles and name one of them, or create it first.' },
  unknown_carrier: { status: 404, title: 'There is no such carrier', next: 'List the carriers and name one of them, or register it first.' },
  unknown_provider_rate: { status: 404, title: 'The provider never offered that directly', next: 'List the direct rates of the provider, and name a prefix or a destination of them.' },
  provider_rate_withdrawn: { status: 409, title: 'The provider no longer offers that directly', next: 'Leave it as it is, or load a rate to have it offered again.' },
  unknown_gateway: { status: 404, title: 'No carrier has such a gateway or group of gateways', next: 'Name a gateway or group that a carrier is listed with, or agree on it first.' },
  unknown_deck: { status: 404, title: 'There is no such rate deck', next: 'List the decks of the plan, and name a version by its digest.' },
  unknown_import: { status: 404, title: 'There is no such import', next: 'Begin the import anew.' },
  unknown_country: { status: 404, title: 'There is no such country', next: 'Give the two letters of a country that the number plan has.' },
  unknown_prefix: { status: 404, title: 'No prefix of the number plan matches', next: 'Load the number plan, or check the prefix.' },
  import_out_of_sequence: { status: 409, title: 'A piece of the import is missing', next: 'Send the piece that is missing, or begin the import anew.' },
  import_finished: { status: 409, title: 'The import is finished already', next: 'Begin another import.' },
  deck_empty: { status: 422, title: 'The deck has no valid rate', next: 'Look at the errors of its rows, mend them and import the deck again.' },
  deck_base_superseded: { status: 409, title: 'The deck keeps rates of a version that is no longer the one in force; import it again', next: 'Import the deck again.' },
  deck_start_taken: { status: 409, title: 'Another version of the deck begins at that very instant', next: 'Choose another instant for it to begin at.' },
  plan_in_use: { status: 409, title: 'The plan is in use', next: 'Move what uses the plan to another one first.' },
  plan_not_in_force: { status: 422, title: 'The plan is not in force at that instant', next: 'Ask for a later instant, or activate a deck of the plan for that one.' },
  deck_not_approved: { status: 409, title: 'Nobody has approved this version of the deck', next: 'Let somebody else than who imported it approve it.' },
  deck_rejected: { status: 409, title: 'This version of the deck was rejected', next: 'Import a corrected version.' },
  deck_in_force: { status: 409, title: 'This version of the deck is in force or scheduled', next: 'Withdraw the version first, or leave it as it is.' },
  own_approval: { status: 403, title: 'Who imported a version may not approve it', next: 'Let somebody else approve it.' },
  nothing_to_roll_back: { status: 409, title: 'No version was in force before', next: 'Activate the version that is wanted.' },
  name_taken: { status: 409, title: 'The name belongs to another plan', next: 'Choose another name.' },
  deck_malformed: { status: 422, title: 'The deck cannot be read', next: 'Send CSV, XLSX or JSON with a prefix and a rate in each row.' },
  deck_too_large: { status: 413, title: 'The deck is larger than a deck may be', next: 'Split the deck.' },
  not_in_force: { status: 409, title: 'Nothing is in force at that instant', next: 'Ask for another instant, or activate a version for that one.' },
  no_sell_rate: { status: 422, title: 'The plan has no rate for this destination', next: 'Give the plan a rate for the destination.' },
  no_buy_rate: { status: 422, title: 'The carrier has no rate for this destination', next: 'Give the carrier a rate for the destination.' },
  no_route: { status: 422, title: 'No carrier is left for this call', next: 'Look at why each carrier is out: ask for the route of the call by itself.' },
  destination_banned: { status: 403, title: 'The plan bans this destination', next: 'Take the prefix out of the ban plan, if it may be called.' },
  number_blacklisted: { status: 403, title: 'The number is on the blacklist', next: 'Take the number off the blacklist or put it on the whitelist, if it may be called.' },
  sell_rate_above_limit: { status: 403, title: 'The call sells for more than the account may pay a minute', next: 'Raise the limit of the routing policy, if it may be called.' },
  destination_blocked: { status: 403, title: 'The rate deck blocks this destination', next: 'Unblock the rate in the next version of the deck, if it may be called.' },
  rates_not_loaded: { status: 503, title: 'The rates are still being loaded; ask again', next: 'Ask again in a few seconds.' },
  // Calls and CDRs.
  unknown_alarm: { status: 404, title: 'There is no such alarm', next: 'List the alarms, and name one by its number.' },
  unknown_fraud_rule: { status: 404, title: 'There is no such rule against fraud', next: 'List the rules, and name one by its number.' },
  unknown_fraud_case: { status: 404, title: 'The rule found nothing of that kind', next: 'List what the rule found, and name one of that.' },
  unknown_list_entry: { status: 404, title: 'There is no such entry on the list', next: 'Look at the list, and name an entry of it.' },
  unknown_switch: { status: 404, title: 'No calls were ever told of such a switch', next: 'List the switches, and name one as it names itself.' },
  unknown_call: { status: 404, title: 'There is no such call', next: 'Check the names of the switch and the call.' },
  unknown_rerating: { status: 404, title: 'There is no such re-rating', next: 'List the re-ratings, and name one by its id.' },
  call_settled: { status: 409, title: 'The call was charged already', next: 'Begin another call: this one is over.' },
  call_released: { status: 409, title: 'The call was given up by its switch', next: 'Begin another call: this one was given up.' },
  reservation_expired: { status: 409, title: 'The time of the reservation is over', next: 'Begin another call, or extend this one if it is up.' },
  call_not_rated: { status: 409, title: 'The call has not been rated', next: 'Ask again once its end was told.' },
  cursor_malformed: { status: 400, title: 'The cursor is not one that a page before answered', next: 'Begin with the first page.' },
  cdr_malformed: { status: 422, title: 'The CDR row cannot be read', next: 'Correct the row, and import it again.' },
  // Messages.
  message_malformed: { status: 400, title: 'The message is not a CloudEvent that can be read', next: 'Send a CloudEvent as the documentation of public events describes.' },
  unknown_event_type: { status: 400, title: 'No public event has this type', next: 'Send an event of a type that is documented.' },
  unexpected_event_type: { status: 400, title: 'This event does not belong on this subject', next: 'Publish the event on its own subject.' },
  // The system.
  internal_error: { status: 500, title: 'Something went wrong inside; it was logged under the correlation id', next: 'Ask again; if it stays, look into the log under the correlation id.' },
  service_unavailable: { status: 503, title: 'A service that is needed does not answer; ask again', next: 'Ask again in a few seconds; the status shows what runs.' },
  overloaded: { status: 503, title: 'More is waiting than may; ask again', next: 'Ask again after a second, and more slowly.' },
  reply_too_large: { status: 500, title: 'The answer is too large; ask for less', next: 'Ask for less at a time.' },
} as const satisfies Record<string, { readonly status: number; readonly title: string; readonly next: string }>;

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

/** What a person is told of a refusal: what its service has to say, else what its code asks for. */
export function detailOf({ code, detail = '' }: Pick<CodedRefusal, 'code' | 'detail'>): string {
  return detail === '' ? refusals[code].next : detail;
}

/** Whether `code` is a published refusal code. */
export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code);
}

/** Whether a refusal of routing was decided before prices were looked at: of a call that has no price either, it is the one that counts. */
export function isBeforePrices(code: string | undefined): boolean {
  return code === 'plan_not_in_force' || code === 'destination_banned' || code === 'number_blacklisted';
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
