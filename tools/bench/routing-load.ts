/** The load generator for routes over the bus: a process of its own, so that what it does delays no answer. It has the flags of a service that answers one request at a time. */
import { RoutingService } from '@tollwire/contracts';
import { askerOf, connectBus } from '@tollwire/messaging';
import { z } from 'zod';
import { seeded } from '../world/random.ts';
import { latenciesOf } from './arithmetic.ts';
import { benchSwitch, calledNumber } from './call-bodies.ts';
import { answerParent } from './child.ts';
import { openLoop } from './open-loop.ts';

const destination = z.object({ prefix: z.string(), countryCode: z.string(), subcode: z.string() });
const input = z.object({
  ...{ busUrl: z.string(), runId: z.string(), rate: z.number(), seconds: z.number(), tariffId: z.number() },
  /** First token of the subjects: of routing, or of what stands in its place. */
  root: z.string(),
  /** Whether the calls are let through, so that each takes a lease of a carrier whose capacity is limited. */
  takesCapacity: z.boolean(),
  destinations: z.array(destination).min(1),
});

answerParent(input, async ({ busUrl, root, runId, rate, seconds, tariffId, takesCapacity, destinations }) => {
  // Its inbox is named after it, and this is the one that the user may hear.
  const bus = await connectBus({ url: busUrl, name: 'tollwire-operator' });
  try {
    const routing = askerOf(RoutingService, bus, { root, service: 'routing' });
    const random = seeded(11);
    const plan = { plan: { case: 'tariffId' as const, value: tariffId } };
    const atUs = BigInt(Date.now()) * 1000n;
    const numbers = Array.from({ length: Math.round(rate * seconds) }, () => calledNumber(random, destinations));
    const ask = async (at: number): Promise<string> => {
      const call = { e164: numbers[at] ?? '', callId: `${benchSwitch}/${runId}-${at}/0`, takesCapacity };
      const reply = await routing.route({ items: [{ ...call, plan, atUs, hasSellRate: true, sellRatePerMinNanos: 1_000_000_000n, sellCurrency: 'EUR' }] });
      return reply.ok ? (reply.value.results[0]?.refusal?.code ?? 'routed') : reply.refusal.code;
    };
    const before = process.cpuUsage();
    const { latenciesMs, outcomes } = await openLoop(rate, seconds, ask);
    const { user, system } = process.cpuUsage(before);
    return { ...latenciesOf(latenciesMs), outcomes, generatorCpuSec: (user + system) / 1e6 };
  } finally {
    await bus.close();
  }
});
