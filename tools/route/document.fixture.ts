import type { RoutedCall } from './routed-call.ts';
import { routesOf } from './routes-of.ts';

/** Part of a document as a test writes it. */
export type Written = Readonly<Record<string, unknown>>;

/** What a document answers; a test whose document is malformed fails with its faults. */
export async function routesIn(document: Written): Promise<readonly RoutedCall[]> {
  const routed = await routesOf(JSON.stringify(document));
  if (!routed.ok) throw new Error(routed.refusal.faults.map(({ path, message }) => `${path} ${message}`).join('\n'));
  return routed.value;
}

/** A carrier in euros: `34 0.020` is a prefix with its rate, and more parts of them are parted by commas. */
export function carrierOf(code: string, rates: string, more: Written = {}): Written {
  return { code, currency: 'EUR', rates: ratesOf(rates), ...more };
}

export function ratesOf(text: string): Written[] {
  return text.split(',').filter((part) => part.trim() !== '').map((part) => {
    const [prefix, rate] = part.trim().split(' ');
    return rate === 'blocked' ? { prefix, blocked: true } : { prefix, rate };
  });
}

/** How one call is routed by one plan. */
export async function oneRoute(plan: Written, carriers: readonly Written[], call: Written = {}, more: Written = {}): Promise<RoutedCall> {
  const stated = { id: 'call', plan: 'plan', number: '34650123456', start: '2024-06-01T12:00:00Z', ...call };
  const [routed] = await routesIn({ plans: [{ name: 'plan', currency: 'EUR', ...plan }], carriers, ...more, calls: [stated] });
  if (routed === undefined) throw new Error('a call has an answer');
  return routed;
}

/** `A B, not C:loss`, or the refusal. */
export function told({ carriers, excluded, refusal }: RoutedCall): string {
  const out = excluded.map(({ carrier, code }) => `${carrier}:${code}`).join(' ');
  const order = refusal === undefined ? carriers.map(({ carrier }) => carrier).join(' ') : `${refusal.code}${refusal.disconnectCode === undefined ? '' : ` ${refusal.disconnectCode}`}`;
  return out === '' ? order : `${order}, not ${out}`;
}
