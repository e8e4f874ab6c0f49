import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CodedRefusal } from '@tollwire/contracts';
import type { EdgeLog } from '../edge.deps.ts';
import { allowedMethods } from './access.ts';
import { problemContentType, problemOf, refusalOfStatus } from './problem.ts';
import { Refused } from './refused.ts';

/** Every error that leaves the edge leaves as problem details; what is not the caller's fault is logged, and said without its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log: EdgeLog;

  constructor(log: EdgeLog) {
    this.log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = refusalOf(error, request) ?? this.internal(error, request);
    const problem = problemOf(refusal, error instanceof Refused ? error.extra : {});
    if (reply.sent) return;
    if (problem.status === 405) reply.header('allow', allowedMethods(request.url).join(', '));
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    if (problem.status === 429 || problem.status === 503) reply.header('retry-after', '1');
    reply.code(problem.status).type(problemContentType).send(JSON.stringify(problem));
  }

  private internal(error: unknown, request: FastifyRequest): CodedRefusal {
    this.log.error({ err: error, correlationId: request.id, method: request.method, url: request.routeOptions.url }, 'request failed');
    return { code: 'internal_error', facts: { correlationId: request.id } };
  }
}

function refusalOf(error: unknown, request: FastifyRequest): CodedRefusal | undefined {
  if (error instanceof Refused) return error.refusal;
  const status = statusOf(error);
  if (status === 404 && allowedMethods(request.url).length > 0) return { code: 'method_not_allowed' };
  return status === undefined || !(error instanceof Error) ? undefined : refusalOfStatus(status, error.message);
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const raised = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof raised === 'number' ? raised : undefined;
}
