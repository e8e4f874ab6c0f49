import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import { runChild } from './child.ts';
import { type Figure, figureOf } from './figures.ts';
import { rounded } from './arithmetic.ts';

/** What the two programs in `in-process-child.ts` find. */
export const priceFigures = z.object({ plainPricesPerSec: z.number(), pricesPerSec: z.number(), bytesPerRate: z.number() });
export const routeFigures = z.object({ carriers: z.number(), rates: z.number(), routesPerSec: z.number(), limitedRoutesPerSec: z.number(), bytesPerRate: z.number(), buildMs: z.number() });

/** Prices and routes decided in memory, each kind in a process of its own, on one core. */
export async function inProcess(): Promise<Figure[]> {
  const prices = await progress('Pricing calls in process', () => runChild('in-process-child.ts', 'prices', priceFigures));
  const routes = await progress('Routing calls in process', () => runChild('in-process-child.ts', 'routes', routeFigures));
  const perRate = { target: { atMost: 64 } };
  return [
    figureOf('prices_per_sec', prices.pricesPerSec, 'prices/s', { target: { atLeast: 1_000_000 }, note: '500,000 prefixes, two windows and three steps each, tax; one core' }),
    figureOf('plain_prices_per_sec', prices.plainPricesPerSec, 'prices/s', { note: '500,000 prefixes, a rate per minute each; one core' }),
    figureOf('price_bytes_per_rate', rounded(prices.bytesPerRate, 1), 'bytes', perRate),
    figureOf('routes_per_sec', routes.routesPerSec, 'routes/s', { target: { atLeast: 100_000 }, note: `explained; ${routes.carriers} carriers, ${routes.rates.toLocaleString('en')} rates, one core` }),
    figureOf('routes_limited_per_sec', routes.limitedRoutesPerSec, 'routes/s', {
      note: 'the same, each carrier with limits of calls at once and in a second, and a lease for every call; without its database',
    }),
    figureOf('route_bytes_per_rate', rounded(routes.bytesPerRate, 1), 'bytes', perRate),
    figureOf('route_index_build_ms', routes.buildMs, 'ms'),
  ];
}
