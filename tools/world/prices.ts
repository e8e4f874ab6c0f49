import { shareOf } from './random.ts';

/** A prefix of the number plan with what is known of it. */
export interface Destination {
  readonly prefix: string;
  readonly countryCode: string;
  readonly subcode: string;
}

/** One line of a rate deck. Rates in millionths of a currency unit per minute, which is as fine as carriers quote. */
export interface DeckRow {
  readonly prefix: string;
  readonly ratePerMinMicros: number;
  readonly increments: string;
  readonly connectFeeMicros: number;
  readonly blocked: boolean;
}

/** What terminating a minute costs in this world: cheap fixed lines, dear mobiles, some countries ten times others. */
function wholesaleMicros({ prefix, countryCode, subcode }: Destination): number {
  const country = 2_000 + Math.floor(shareOf(`country ${countryCode}`) ** 3 * 90_000);
  const kind = subcode === 'MOB' ? 2.6 : 1;
  const place = 0.85 + 0.3 * shareOf(`place ${prefix}`);
  return Math.round(country * kind * place);
}

const incrementsBySeed = ['1/1', '1/1', '6/6', '30/6', '60/60'];

function incrementsOf(countryCode: string): string {
  return incrementsBySeed[Math.floor(shareOf(`increments ${countryCode}`) * incrementsBySeed.length)] ?? '1/1';
}

/** A carrier's deck: better here, worse there, without some countries, with one prefix in fifty blocked. */
export function carrierDeck(carrierCode: string, destinations: readonly Destination[]): DeckRow[] {
  return destinations.flatMap((destination) => {
    const { prefix, countryCode } = destination;
    if (shareOf(`${carrierCode} skips ${countryCode}`) < 0.15) return [];
    const strength = 0.75 + 0.5 * shareOf(`${carrierCode} in ${countryCode}`);
    return [{
      prefix,
      ratePerMinMicros: Math.round(wholesaleMicros(destination) * strength),
      increments: incrementsOf(countryCode),
      connectFeeMicros: 0,
      blocked: prefix.length > 4 && shareOf(`${carrierCode} blocks ${prefix}`) < 0.02,
    }];
  });
}

/** A retail deck: wholesale and a markup, charged in the seller's own increments. Now and then the markup is too thin. */
export function retailDeck(name: string, destinations: readonly Destination[], terms: { increments: string; connectFeeMicros: number; markup: number }): DeckRow[] {
  return destinations.map((destination) => ({
    prefix: destination.prefix,
    ratePerMinMicros: Math.round(wholesaleMicros(destination) * (terms.markup + 0.25 * shareOf(`${name} ${destination.prefix}`))),
    increments: terms.increments,
    connectFeeMicros: terms.connectFeeMicros,
    blocked: false,
  }));
}

/** A deck as the CSV that a carrier would send. */
export function csvOf(rows: readonly DeckRow[]): string {
  const lines = rows.map(({ prefix, ratePerMinMicros, increments, connectFeeMicros, blocked }) =>
    `${prefix},${decimalOf(ratePerMinMicros)},${increments},${decimalOf(connectFeeMicros)},${blocked ? 'blocked' : ''}`);
  return `prefix,rate,increments,connect_fee,blocked\n${lines.join('\n')}\n`;
}

function decimalOf(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}
