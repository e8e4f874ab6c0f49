import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { batchContentType } from '@tollwire/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, FastifyServerOptions, RawServerDefault } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { EdgeDeps, EdgeLimits } from '../edge.deps.ts';
import { rolesOf } from './access.ts';
import { admit } from './caller.ts';
import { problemContentType, problemOf, refusalOfStatus } from './problem.ts';
import { Refused } from './refused.ts';
import { streamedTypes } from './stream-body.ts';
import { TokenBuckets } from './token-bucket.ts';
import { traceRequests } from './trace.ts';

/** What Fastify is made with: the limits that it keeps itself. */
export function serverOptions({ jsonBytesMax }: Pick<EdgeLimits, 'jsonBytesMax'>): FastifyServerOptions {
  return { bodyLimit: jsonBytesMax, routerOptions: { maxParamLength: 512 }, genReqId: () => randomUUID(), frameworkErrors: answerBadPath };
}

/** A path that cannot be read gets to no route, and so not to the filter that answers all other errors. */
function answerBadPath(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(refusalOfStatus(error.statusCode ?? 500, error.message) ?? { code: 'internal_error' });
  reply.code(problem.status).type(problemContentType).send(JSON.stringify(problem));
}

/**
 * What happens to every request before a controller sees it: it gets a span, its key is proved and allowed for the
 * route and not above its rate, and only then its body is read.
 */
export function hangDoor(app: NestFastifyApplication, { keys, clock, limits }: Pick<EdgeDeps, 'keys' | 'clock' | 'limits'>): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const buckets = new TokenBuckets({ perSec: limits.requestsPerSec }, clock);
  traceRequests(fastify);
  fastify.addHook('onRequest', async (request) => {
    const path = request.routeOptions.url;
    // Who tells of payments has no key: its signature is proved over the body, whoever it is then.
    if (path?.startsWith(webhooks) === true && !buckets.take(webhooks)) throw new Refused({ code: 'rate_limited' });
    if (path?.startsWith('/v1/') !== true) return;
    const caller = await keys.ring.holderOf(request.headers.authorization);
    if (caller === undefined) throw new Refused({ code: 'unauthenticated', detail: 'Send an API key: Authorization: Bearer <key>.' });
    if (rolesOf(request.method, path)?.includes(caller.role) !== true) {
      throw new Refused({ code: 'not_permitted', detail: `A key of the role ${caller.role} may not do that.`, facts: { role: caller.role } });
    }
    if (!buckets.take(caller.keyId)) throw new Refused({ code: 'rate_limited', facts: { requestsPerSec: String(limits.requestsPerSec) } });
    admit(request, caller);
  });
  takeBodies(app, fastify, limits);
}

/** Where the paths begin that are called without a key, with a signature. */
const webhooks = '/webhooks/';

/** JSON and CloudEvents are read whole, up to the limit; files are handed on as they arrive; nothing else is taken. */
function takeBodies(app: NestFastifyApplication, fastify: FastifyInstance, { jsonBytesMax }: EdgeLimits): void {
  // Named here, so that Nest adds neither its own parser nor the one for forms.
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/json', { bodyLimit: jsonBytesMax }, (request, body: Buffer, done) =>
    // What is signed is the very bytes.
    request.routeOptions.url?.startsWith(webhooks) === true ? done(null, body) : parseJson(request, body.toString(), done));
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser([...streamedTypes], (_request: FastifyRequest, payload: unknown, done: (error: null, body: unknown) => void) => done(null, payload));
  const cloudEvents = [batchContentType, 'application/cloudevents+protobuf', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
  fastify.addContentTypeParser(cloudEvents, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
