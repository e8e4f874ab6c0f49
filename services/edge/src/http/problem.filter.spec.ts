import { describe, expect, it } from '@jest/globals';
import { BadRequestException, HttpException } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { ProblemFilter } from './problem.filter.ts';
import { Refused } from './refused.ts';

/** An answer that writes down what is made of it. */
class Answer {
  sent = false;
  status = 0;
  readonly headers: Record<string, string> = {};
  problem: unknown;

  header(name: string, value: string): this {
    this.headers[name] = value;
    return this;
  }
  code(status: number): this {
    this.status = status;
    return this;
  }
  type(contentType: string): this {
    return this.header('content-type', contentType);
  }
  send(body: string): void {
    this.sent = true;
    this.problem = JSON.parse(body);
  }
}

function answerTo(error: unknown, { url = '/v1/tariffs', sent = false } = {}) {
  const logged: object[] = [];
  const note = (facts: object) => void logged.push(facts);
  const answer = Object.assign(new Answer(), { sent });
  const request = { id: 'corr-1', method: 'POST', url, routeOptions: { url } };
  new ProblemFilter({ error: note, warn: note }).catch(error, new ExecutionContextHost([request, answer]));
  return { answer, logged };
}
const statusError = (statusCode: number) => Object.assign(new Error('said by the framework'), { statusCode });

describe('errors on their way out', () => {
  it.each([
    ['a refusal', new Refused({ code: 'unknown_plan' }), 404, 'unknown_plan', {}],
    ['nobody', new Refused({ code: 'unauthenticated' }), 401, 'unauthenticated', { 'www-authenticate': 'Bearer' }],
    ['too many', new Refused({ code: 'rate_limited' }), 429, 'rate_limited', { 'retry-after': '1' }],
    ['a service that is away', new Refused({ code: 'service_unavailable' }), 503, 'service_unavailable', { 'retry-after': '1' }],
    ['an overload', new Refused({ code: 'overloaded' }), 503, 'overloaded', { 'retry-after': '1' }],
    ["the framework's 400", new BadRequestException('x'), 400, 'request_malformed', {}],
    ["the framework's 413", statusError(413), 413, 'request_too_large', {}],
    ["the framework's 415", statusError(415), 415, 'unsupported_media_type', {}],
    ['a status of no code', new HttpException('teapot', 418), 400, 'request_malformed', {}],
  ])('%s leaves as a problem', (_, error, status, code, headers) => {
    const { answer, logged } = answerTo(error);
    expect(answer).toMatchObject({ status, problem: { status, code, type: `urn:tollwire:refusal:${code}` }, headers: { 'content-type': 'application/problem+json', ...headers } });
    expect(logged).toEqual([]);
  });

  it.each([
    ['an error', new Error('password=hunter2')],
    ['a 500 of the framework', statusError(500)],
    ['what is no error at all', 'thrown text'],
    ['nothing', undefined],
  ])('%s is logged, and told without its cause', (_, error) => {
    const { answer, logged } = answerTo(error);
    expect(answer.problem).toEqual({
      type: 'urn:tollwire:refusal:internal_error', title: expect.any(String), status: 500, code: 'internal_error', detail: expect.stringContaining('Ask again'), facts: { correlationId: 'corr-1' },
    });
    expect(logged).toEqual([{ err: error, correlationId: 'corr-1', method: 'POST', url: '/v1/tariffs' }]);
  });

  it('says which methods there are where the method is not one of them', () => {
    const { answer } = answerTo(statusError(404), { url: '/v1/providers?x=1' });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET, POST' }, problem: { code: 'method_not_allowed' } });
    expect(answerTo(statusError(404), { url: '/v1/nothing' }).answer).toMatchObject({ status: 404, problem: { code: 'not_found' } });
  });

  it('is silent where the answer has begun, as in the middle of an import', () => {
    const { answer } = answerTo(new Refused({ code: 'request_too_large' }), { sent: true });
    expect([answer.status, answer.problem]).toEqual([0, undefined]);
  });

  it('has what else belongs to the refusal beside it', () => {
    const { answer } = answerTo(new Refused({ code: 'field_missing', field: 'events[0].callId' }, { accepted: 0, refused: [{ index: 0 }] }));
    expect(answer.problem).toMatchObject({ code: 'field_missing', field: 'events[0].callId', accepted: 0, refused: [{ index: 0 }] });
  });
});
