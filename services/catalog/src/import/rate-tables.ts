import { formatNanos, type RateProfile } from '@tollwire/telecom';
import type { RateColumns } from '../domain/rate-columns.ts';
import type { DeckKind } from '../domain/rate-deck.ts';

const common = 'deck_id, prefix, connect_fee, initial_increment_sec, increment_sec, valid_from, valid_until, blocked';

const columns: Readonly<Record<DeckKind, string>> = {
  tariff: `tariffrate (${common}, tariffid, rate, countryprefixid`,
  retail: `voip_retail_rate (${common}, voip_retail_plan_id, retail_rate`,
  carrier: `voip_carrier_rate (${common}, voip_carrier_plan_id, carrier_rate`,
};

/**
 * The COPY statement of a documented rate table; the columns are in the order in which `copyText` writes them. That of
 * profiles is left out where no rate has one.
 */
export function copyStatement({ kind, rates }: Pick<CopySource, 'kind' | 'rates'>): string {
  return `copy ${columns[kind]}${hasProfiles(rates) ? ', profile' : ''}) from stdin`;
}

function hasProfiles(rates: RateColumns): boolean {
  return rates.notes.profiles.size > 0;
}

export interface CopySource {
  readonly kind: DeckKind;
  readonly ownerId: number;
  readonly deckId: bigint;
  readonly rates: RateColumns;
  /** What a prefix is in the number plan; null: nothing. */
  readonly longestId: (prefix: string) => number | null;
}

const NULL = '\\N';
const CENTS_PER_UNIT = 100n;
const PIECE_CHARACTERS = 64 * 1024;
const AMOUNTS_MAX = 100_000;

/** Writes the rates in PostgreSQL's COPY text format, some 64 KB at a time. */
export function* copyText({ kind, ownerId, deckId, rates, longestId }: CopySource): Generator<string> {
  const amount = amountWriter(kind === 'tariff' ? CENTS_PER_UNIT : 1n);
  const profiles = hasProfiles(rates) ? [NULL, ...rates.notes.profiles.items.map(profileCell)] : undefined;
  let text = '';
  for (let at = 0; at < rates.size; at += 1) {
    const prefix = String(rates.prefixNumberAt(at));
    const validity = `${instant(rates.validFromUs[at] ?? 0)}\t${instant(rates.validUntilUs[at] ?? 0)}`;
    const increments = `${rates.initialIncrementSec[at] ?? 0}\t${rates.incrementSec[at] ?? 0}`;
    text += `${deckId}\t${prefix}\t${amount(rates.connectFeeNanos[at] ?? 0n)}\t${increments}\t${validity}\t${rates.blocked[at] === 1 ? 't' : 'f'}`;
    text += `\t${ownerId}\t${amount(rates.ratePerMinNanos[at] ?? 0n)}`;
    if (kind === 'tariff') text += `\t${longestId(prefix) ?? NULL}`;
    text += profiles === undefined ? '\n' : `\t${profiles[rates.profile[at] ?? 0] ?? NULL}\n`;
    if (text.length > PIECE_CHARACTERS) {
      yield text;
      text = '';
    }
  }
  if (text !== '') yield text;
}

/** Exact decimals; a deck has few different amounts, so each is written out once. */
function amountWriter(times: bigint): (nanos: bigint) => string {
  const written = new Map<bigint, string>();
  return (nanos) => {
    const before = written.get(nanos);
    if (before !== undefined) return before;
    const text = formatNanos(nanos * times);
    if (written.size < AMOUNTS_MAX) written.set(nanos, text);
    return text;
  };
}

function instant(us: number): string {
  return us === 0 ? NULL : new Date(us / 1000).toISOString();
}

/** A profile as JSON; its amounts are decimals of the plan's currency. COPY takes a backslash for a mark of its own. */
function profileCell({ window, furtherSteps, terms }: RateProfile): string {
  return JSON.stringify(spelled({ ...(window === undefined ? {} : { window }), furtherSteps, terms })).replaceAll('\\', '\\\\');
}

/** Amounts are decimals, and their names say nothing of nanos. */
function spelled(value: unknown): unknown {
  if (typeof value === 'bigint') return formatNanos(value, 0);
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name === 'nanos' ? 'amount' : name.replace(/Nanos$/, ''), spelled(of)]));
}
