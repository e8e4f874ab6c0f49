/** The load generator for routes over the bus: a process of its own, so that what it does delays no answer. */
import { RoutingService } from '@tollwire/contracts';
import { askerOf, connectBus } from '@tollwire/messaging';
import { z } from 'zod';
import { seeded } from '../world/random.ts';
import { latenciesOf } from './arithmetic.ts';
import { benchSwitch, calledNumber } from './call-bodies.ts';
import { answerParent } from './child.ts';
import { openLoop } from './open-loop.ts';

const destination = z.object({ prefix: z.string(), countryCode: z.string(), subcode: z.string() });
const input = z.object({ busUrl: z.string(), runId: z.string(), rate: z.number(), seconds: z.number(), tariffId: z.number(), destinations: z.array(destination).min(1) });

answerParent(input, async ({ busUrl, runId, rate, seconds, tariffId, destinations }) => {
  // Its inbox is named after it, and this is the one that the user may hear.
  const bus = await connectBus({ url: busUrl, name: 'tollwire-operator' });
  try {
    const routing = askerOf(RoutingService, bus, { root: 'tollwire', service: 'routing' });
    const random = seeded(11);
    const plan = { plan: { case: 'tariffId' as const, value: tariffId } };
    const atUs = BigInt(Date.now()) * 1000n;
    const items = Array.from({ length: Math.round(rate * seconds) }, (_, at) => ({
      plan, e164: calledNumber(random, destinations), atUs, callId: `${benchSwitch}/${runId}-${at}/0`, hasSellRate: true, sellRatePerMinNanos: 1_000_000_000n, sellCurrency: 'EUR',
    }));
    const ask = async (at: number): Promise<string> => {
      const reply = await routing.route({ items: items.slice(at, at + 1) });
      return reply.ok ? (reply.value.results[0]?.refusal?.code ?? 'routed') : reply.refusal.code;
    };
    const samples = await openLoop(rate, seconds, ask);
    const outcomes: Record<string, number> = {};
    for (const { outcome } of samples) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    return { ...latenciesOf(samples.map(({ latencyMs }) => latencyMs)), outcomes };
  } finally {
    await bus.close();
  }
});
