import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

/** What a door was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer; `cut` ends the connection after half of the body, as a server does that is killed. */
export interface Reply {
  readonly status?: number;
  readonly body: string;
  readonly cut?: boolean;
}

/** An HTTP door on the loopback that gives the answers in their order, and the last one from then on. */
export async function scriptedDoor(replies: readonly Reply[]) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const reply = replies[Math.min(asked.length, replies.length - 1)] ?? { body: '' };
      asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() });
      response.writeHead(reply.status ?? 200, { 'content-length': Buffer.byteLength(reply.body) });
      if (reply.cut !== true) return void response.end(reply.body);
      response.write(reply.body.slice(0, reply.body.length / 2), () => response.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  return { baseUrl: `http://127.0.0.1:${port ?? 0}`, asked, close };
}
