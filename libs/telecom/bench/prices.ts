import { ANY_TIME, NO_FURTHER_TERMS, RateTableBuilder } from '../src/index.ts';
import type { PlanCharges, RateColumns, RateProfile, RateTable } from '../src/index.ts';

/** What pricing does in a second of this process, on one core, and what a rate takes in memory. */
export interface PriceFigures {
  /** Rates per minute with increments and a connect fee. */
  readonly plainPricesPerSec: number;
  /** Two windows of time, three steps, tax. */
  readonly pricesPerSec: number;
  readonly bytesPerRate: number;
}

/** Prefixes of 1–9 digits, shaped like a real deck: dense in some countries, thin in others. */
function prefixesOf(count: number): string[] {
  const prefixes = new Set<string>();
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let country = 1; country < 1000 && prefixes.size < count; country += 1) prefixes.add(String(country));
  while (prefixes.size < count) {
    const country = 1 + Math.floor(random() ** 2 * 998);
    prefixes.add(`${country}${Math.floor(random() * 10 ** (2 + Math.floor(random() * 5)))}`);
  }
  return [...prefixes].sort();
}

function columnsOf(prefix: readonly string[], profiles: readonly RateProfile[], profile: readonly number[]): RateColumns {
  return {
    prefix,
    ratePerMinNanos: prefix.map((_, at) => BigInt(5_000_000 + ((at * 7919) % 400_000) * 100)),
    connectFeeNanos: prefix.map((_, at) => (at % 10 === 0 ? 10_000_000n : 0n)),
    initialIncrementSec: prefix.map((_, at) => (at % 3 === 0 ? 30 : 60)),
    incrementSec: prefix.map((_, at) => (at % 3 === 0 ? 6 : 30)),
    validFromUs: prefix.map(() => 1_700_000_000_000_000n),
    validUntilUs: prefix.map(() => 0n),
    blocked: prefix.map(() => false),
    countryPrefixId: prefix.map((_, at) => at + 1),
    profiles,
    profile,
    timeZone: 'Europe/Madrid',
  };
}

function tableOf(columns: RateColumns): RateTable {
  const builder = new RateTableBuilder(columns.prefix.length);
  const added = builder.add(columns);
  if (!added.ok) throw new Error(added.refusal.reason);
  return builder.build();
}

/** Profiles of many destinations: a third step each, by day and at any other time. */
function windowedProfiles(count: number): RateProfile[] {
  const peak = { ...ANY_TIME, name: 'peak', weekdays: [1, 2, 3, 4, 5], fromSec: 8 * 3_600, untilSec: 20 * 3_600, weight: 10 };
  return Array.from({ length: count }, (_, at) => {
    const step = { fromSec: 300, rateNanos: BigInt(1_000_000 + at * 1_000), perSec: 60, incrementSec: 1, entryFeeNanos: 0n };
    return { window: at % 2 === 0 ? peak : undefined, furtherSteps: [step], terms: {} };
  });
}

const plan: PlanCharges = { terms: { ...NO_FURTHER_TERMS, taxPpm: 230_000 }, rounding: { decimals: 4, mode: 'half_up' }, windowByStart: false };
/** A Monday at 19:55 in Madrid: calls of more than five minutes cross into the evening. */
const startUs = 1_761_591_300_000_000;

/** How often in a second of processor time `price` is done with numbers under these prefixes, for calls of up to ten minutes. */
function rateOf(prefixes: readonly string[], price: (e164: string, durationSec: number) => bigint): number {
  // Flat strings, as they are parsed from a message: a slice of another text would cost a look at that text as well.
  const numbers = Array.from({ length: 65_536 }, (_, at) => Buffer.from(`${prefixes[(at * 2654435761) % prefixes.length] ?? '1'}5551234567`.slice(0, 13)).toString('latin1'));
  let sum = 0n;
  const run = (count: number): void => {
    for (let at = 0; at < count; at += 1) sum += price(numbers[at & 65_535] ?? '1', at % 600);
  };
  run(300_000);
  const before = process.cpuUsage();
  const usedUs = (): number => {
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  let priced = 0;
  for (; usedUs() < 1_000_000; priced += 100_000) run(100_000);
  if (sum === 0n) throw new Error('nothing was priced');
  return Math.round((priced / usedUs()) * 1_000_000);
}

/** Prices calls to random numbers over decks of 500,000 prefixes for about a second each; in this process, on one core. */
export function benchPrices(prefixCount = 500_000): PriceFigures {
  const prefixes = prefixesOf(prefixCount);
  const plain = tableOf(columnsOf(prefixes, [], []));
  const plainPricesPerSec = rateOf(prefixes, (e164, durationSec) => plain.chargeAt(plain.find(e164, startUs), durationSec, plan.rounding));
  const twice = prefixes.flatMap((prefix) => [prefix, prefix]);
  const profiles = windowedProfiles(1_000);
  // Of each prefix a rate by day and one for any other time.
  const windowed = tableOf(columnsOf(twice, profiles, twice.map((_, at) => 1 + (((at >> 1) * 2) % profiles.length) + (at & 1))));
  const pricesPerSec = rateOf(prefixes, (e164, durationSec) => {
    return windowed.priceAt(windowed.find(e164, startUs), startUs, durationSec, plan).amount;
  });
  return { plainPricesPerSec, pricesPerSec, bytesPerRate: windowed.bytes / windowed.size };
}
