import { RateTableBuilder } from '../src/index.ts';
import type { Rounding } from '../src/index.ts';

/** A deck of `count` distinct prefixes of 1–9 digits, shaped like a real one: dense in some countries, thin in others. */
function deckOf(count: number) {
  const prefixes = new Set<string>();
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let country = 1; country < 1000 && prefixes.size < count; country += 1) prefixes.add(String(country));
  while (prefixes.size < count) {
    const country = 1 + Math.floor(random() ** 2 * 998);
    prefixes.add(`${country}${Math.floor(random() * 10 ** (2 + Math.floor(random() * 5)))}`);
  }
  const prefix = [...prefixes].sort();
  return {
    prefix,
    ratePerMinNanos: prefix.map((_, at) => BigInt(5_000_000 + ((at * 7919) % 400_000) * 100)),
    connectFeeNanos: prefix.map((_, at) => (at % 10 === 0 ? 10_000_000n : 0n)),
    initialIncrementSec: prefix.map((_, at) => (at % 3 === 0 ? 30 : 60)),
    incrementSec: prefix.map((_, at) => (at % 3 === 0 ? 6 : 60)),
    validFromUs: prefix.map(() => 1_700_000_000_000_000n),
    validUntilUs: prefix.map(() => 0n),
    blocked: prefix.map(() => false),
    countryPrefixId: prefix.map((_, at) => at + 1),
    profiles: [],
    profile: [],
    timeZone: '',
  };
}

/** Prices calls to random numbers over a deck of 500,000 prefixes for about a second; in this process, on one core. */
export function benchPrices(rateCount = 500_000): { pricesPerSec: number; bytesPerRate: number } {
  const deck = deckOf(rateCount);
  const builder = new RateTableBuilder(rateCount);
  builder.add(deck);
  const table = builder.build();
  const numbers = Array.from({ length: 65_536 }, (_, at) => `${deck.prefix[(at * 2654435761) % rateCount] ?? '1'}5551234567`.slice(0, 13));
  const rounding: Rounding = { decimals: 4, mode: 'half_up' };
  let sum = 0n;
  const price = (count: number): void => {
    for (let at = 0; at < count; at += 1) {
      const row = table.find(numbers[at & 65_535] ?? '1', 1_760_000_000_000_000);
      if (row >= 0) sum += table.chargeAt(row, at % 600, rounding);
    }
  };
  price(300_000);
  const startedMs = performance.now();
  let priced = 0;
  while (performance.now() - startedMs < 1000) {
    price(100_000);
    priced += 100_000;
  }
  if (sum === 0n) throw new Error('nothing was priced');
  return { pricesPerSec: Math.round((priced / (performance.now() - startedMs)) * 1000), bytesPerRate: table.bytes / table.size };
}
