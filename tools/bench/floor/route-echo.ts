/** The floor of a request over the bus: whatever is asked gets the bytes of one real answer, so that all but routing itself is there. */
import { create, toBinary } from '@bufbuild/protobuf';
import { RouteRequestSchema, rpcSubjectOf } from '@tollwire/contracts';
import { connectBus } from '@tollwire/messaging';
import { z } from 'zod';
import { answerParent } from '../child.ts';
import { floorRoot } from './shape.ts';

const input = z.object({ busUrl: z.string(), tariffId: z.number(), e164: z.string() });

answerParent(input, async ({ busUrl, tariffId, e164 }, tell) => {
  // Its inbox is named after it, and this is the one that the user may hear.
  const bus = await connectBus({ url: busUrl, name: 'tollwire-operator' });
  const plan = { plan: { case: 'tariffId' as const, value: tariffId } };
  const sale = { hasSellRate: true, sellRatePerMinNanos: 1_000_000_000n, sellCurrency: 'EUR' };
  const question = create(RouteRequestSchema, { items: [{ e164, plan, atUs: BigInt(Date.now()) * 1000n, ...sale }] });
  const { data } = await bus.connection.request(rpcSubjectOf('tollwire', 'routing', 'Route'), toBinary(RouteRequestSchema, question));
  const echo = bus.connection.subscribe(rpcSubjectOf(floorRoot, 'routing', 'Route'), { callback: (_error, message) => void message.respond(data) });
  await bus.connection.flush();
  tell(data.length);
  await echo.closed;
});
