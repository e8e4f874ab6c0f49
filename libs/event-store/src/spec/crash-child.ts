/**
 * A service instance that dies. Run as a process of its own with a crash point as its argument; prints `ready` when it
 * has come there, and then waits to be killed with SIGKILL, holding what it holds.
 */
import { connectBus, JetStreamPublisher, streamSpecOf } from '@tollwire/messaging';
import { Database, enqueue, OutboxRelay, runReaction } from '../index.ts';
import { publicEvent, receivedEvents } from './events.ts';
import { effectReaction } from './effect.ts';

const [crashPoint, url = '', natsUrl = '', root = ''] = process.argv.slice(2);
const database = await Database.connect({ url, applicationName: 'crash-child' });

const forever = () => new Promise<never>(() => setInterval(() => undefined, 1000));
const reached = () => process.stdout.write('ready\n');

switch (crashPoint) {
  case 'between append and publish':
    for (let n = 0; n < 20; n += 1) await database.transaction((tx) => enqueue(tx, root, [publicEvent(n)]));
    reached();
    break;
  case 'inside the transaction':
    await database.transaction(async (tx) => {
      await enqueue(tx, root, [publicEvent(0)]);
      reached();
      return await forever();
    });
    break;
  case 'between PubAck and mark': {
    const bus = await connectBus({ url: natsUrl, name: 'crash-child' });
    const publisher = new JetStreamPublisher(bus, streamSpecOf(root, 'card'));
    const dying = {
      publish: async (...message: Parameters<JetStreamPublisher['publish']>) => {
        await publisher.publish(...message);
        reached();
        return await forever();
      },
      streamState: () => publisher.streamState(),
      messageIdAt: (seq: number) => publisher.messageIdAt(seq),
    };
    new OutboxRelay({ database, publisher: dying, service: 'card' }).start();
    break;
  }
  case 'after the effect, before the ack':
    await runReaction(database, effectReaction, receivedEvents(10));
    reached();
    break;
  case 'after the effect, before the commit':
    await runReaction(database, { ...effectReaction, handle: async (tx, events) => {
      await effectReaction.handle(tx, events);
      reached();
      return await forever();
    } }, receivedEvents(10));
    break;
  case undefined:
  default:
    throw new Error(`No such crash point: ${crashPoint}`);
}

await forever();
