import { type DynamicModule, Module } from '@nestjs/common';
import type { Flow } from './flow.ts';
import { HealthController, RUNTIME, TELEMETRY } from './health.ts';
import type { Runtime } from './runtime.ts';
import type { Telemetry } from './telemetry.ts';

/** The one Nest module of a service, built from its flow. */
@Module({})
export class ServiceModule {
  static of<Deps>(flow: Flow<Deps>, deps: Deps, runtime: Runtime<Deps>, telemetry: Telemetry): DynamicModule {
    return {
      module: ServiceModule,
      controllers: [HealthController, ...(flow.http?.controllers ?? [])],
      providers: [
        { provide: RUNTIME, useValue: runtime },
        { provide: TELEMETRY, useValue: telemetry },
        ...(flow.http?.providers(deps) ?? []),
      ],
    };
  }
}
