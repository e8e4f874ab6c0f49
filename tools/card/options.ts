import { Misuse } from '../cli/stop.ts';

/** What the command line says, as it was written. */
export interface CardOptions {
  readonly batch?: string | undefined;
  readonly type?: string | undefined;
  readonly quantity?: string | undefined;
  readonly reseller?: string | undefined;
  readonly status?: string | undefined;
  readonly reason?: string | undefined;
  readonly until?: string | undefined;
  readonly days?: string | undefined;
  readonly length?: string | undefined;
  readonly renew?: boolean | undefined;
  readonly switch?: string | undefined;
  readonly trunk?: string | undefined;
  readonly 'bind-max'?: string | undefined;
}

/** The orders that are given to many cards, and what each says beside their ids. */
const orderTerms: Readonly<Record<string, (options: CardOptions, nowMs: number) => Record<string, unknown>>> = {
  sell: () => ({}),
  pay: () => ({}),
  activate: () => ({}),
  deactivate: () => ({}),
  resume: () => ({}),
  suspend: ({ reason = 'other' }) => ({ reason }),
  extend: (options, nowMs) => ({ until: untilOf(options, nowMs) }),
};

export const orders: readonly string[] = Object.keys(orderTerms);

const dayMs = 86_400_000;

/** The body of an order to cards; stops where it does not say what it must. */
export function orderBody(order: string, cardIds: readonly string[], options: CardOptions, nowMs: number): Record<string, unknown> {
  const { reseller } = options;
  return { cardIds, ...(reseller === undefined ? {} : { resellerId: wholeOf('--reseller', reseller) }), ...orderTerms[order]?.(options, nowMs) };
}

function untilOf({ until, days }: CardOptions, nowMs: number): string {
  if ((until === undefined) === (days === undefined)) throw new Misuse('Say how long: either --until INSTANT or --days N, from now.');
  return until ?? new Date(nowMs + wholeOf('--days', days ?? '') * dayMs).toISOString();
}

/** The query of a list, without where it goes on. */
export function searchQuery({ batch, reseller, status }: CardOptions): string {
  const named = Object.entries({ batchId: batch, resellerId: reseller, status });
  return named.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`])).join('&');
}

/** The body of an order of new cards. */
export function batchBody(batchId: string, { type, quantity, reseller }: CardOptions): Record<string, unknown> {
  if (type === undefined || quantity === undefined) throw new Misuse('Say what to make: ./tollwire card make BATCH --type ID --quantity N');
  const holder = reseller === undefined ? {} : { resellerId: wholeOf('--reseller', reseller) };
  return { batchId, cardTypeId: wholeOf('--type', type), quantity: wholeOf('--quantity', quantity), ...holder };
}

/** The body of a policy for callers whom nobody knows. */
export function policyBody(unknownCli: string, { switch: switchId, trunk, type, reseller, 'bind-max': bindMax }: CardOptions): Record<string, unknown> {
  return {
    unknownCli,
    ...(switchId === undefined ? {} : { switchId }),
    ...(trunk === undefined ? {} : { trunk }),
    ...(type === undefined ? {} : { cardTypeId: wholeOf('--type', type) }),
    ...(reseller === undefined ? {} : { resellerId: wholeOf('--reseller', reseller) }),
    ...(bindMax === undefined ? {} : { bindMax: wholeOf('--bind-max', bindMax) }),
  };
}

/** What an export is asked for with. */
export function pinsBody(passphrase: string, { length, renew = false }: CardOptions): Record<string, unknown> {
  return { passphrase, renew, ...(length === undefined ? {} : { pinLength: wholeOf('--length', length) }) };
}

/** Only of digits: a card id of an option or an argument. */
export function cardIdOf(text: string | undefined, usage: string): string {
  if (text === undefined || !/^\d{1,32}$/.test(text)) throw new Misuse(`Name the card by its id: ${usage}`);
  return text;
}

function wholeOf(option: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Misuse(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}
