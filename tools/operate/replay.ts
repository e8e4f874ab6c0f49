/**
 * After a service's database was put back to an older copy: lets the service hear again whatever the streams still hold.
 * What it has had already it knows by its receipts. With the service stopped, as a user who may do everything on the bus:
 *
 *     NATS_URL=nats://operator:PASSWORD@HOST:4222 node_modules/.bin/node --conditions=tollwire-source tools/operate/replay.ts card
 */
import { connectBus } from '@tollwire/messaging';

const [, , service] = process.argv;
const { NATS_URL: url, BUS_ROOT: root = 'tollwire' } = process.env;
if (url === undefined || service === undefined) throw new Error('NATS_URL is to name the bus, and the one argument the service: replay.ts card');
const bus = await connectBus({ url, name: 'tollwire-operator' });
try {
  for await (const stream of bus.manager.streams.names()) {
    if (!stream.startsWith(`${root.toUpperCase()}_`)) continue;
    for await (const { name } of bus.manager.consumers.list(stream)) {
      if (!name.startsWith(`${service}-`)) continue;
      await bus.manager.consumers.delete(stream, name);
      process.stdout.write(`${name} begins anew with ${stream}\n`);
    }
  }
} finally {
  await bus.close();
}
