import { Controller, Get, HttpCode, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Runtime } from './runtime.ts';
import type { Telemetry } from './telemetry.ts';

export const RUNTIME = Symbol('runtime');
export const TELEMETRY = Symbol('telemetry');

/** What an orchestrator and a scraper ask of every service. */
@Controller()
export class HealthController {
  readonly #runtime: Runtime;
  readonly #telemetry: Telemetry;

  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(TELEMETRY) telemetry: Telemetry) {
    this.#runtime = runtime;
    this.#telemetry = telemetry;
  }

  /** The process is alive; restarting it would not help whatever else is wrong. */
  @Get('health/live')
  @HttpCode(200)
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** The service can do its work now; 503 with what is missing where it cannot. */
  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await this.#runtime.readiness();
    await reply.status(readiness.status === 'ready' ? 200 : 503).send(readiness);
  }

  @Get('metrics')
  metrics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    reply.hijack();
    this.#telemetry.writeMetrics(request.raw, reply.raw);
  }
}
