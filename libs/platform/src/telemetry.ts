import { context, diag, DiagLogLevel, metrics, type Meter, propagation, trace } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { startNodeSdk } from '@opentelemetry/sdk-node';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CommonConfig } from './config.ts';
import type { Logger } from './logger.ts';

/** The telemetry of one process: where its metrics are read, and how it is shut down without losing spans. */
export interface Telemetry {
  readonly meter: Meter;
  writeMetrics(request: IncomingMessage, response: ServerResponse): void;
  shutdown(): Promise<void>;
}

/** Keeps spans, and with them trace ids on every event, alive where no collector is configured. */
const discardSpans = {
  onStart: () => undefined,
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/**
 * Starts tracing and metrics. Traces go to the OTLP endpoint of the environment where one is set; metrics are
 * kept for Prometheus to read. Sampling follows the caller's decision, else the configured share. What OpenTelemetry
 * has to say of itself, such as a collector that does not answer, goes into the service's log.
 */
export function startTelemetry(service: string, config: CommonConfig, logger: Logger): Telemetry {
  const prometheus = new PrometheusExporter({ preventServerStart: true, withoutTargetInfo: true, withoutScopeInfo: true });
  const exporting = config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
  process.env['OTEL_TRACES_SAMPLER'] ??= 'parentbased_traceidratio';
  process.env['OTEL_TRACES_SAMPLER_ARG'] ??= String(config.TRACE_SAMPLE_RATIO);
  const sdk = startNodeSdk({
    resourceAttributes: { 'service.name': `tollwire-${service}`, 'service.namespace': 'tollwire' },
    metricReaders: [prometheus],
    logRecordProcessors: [],
    logLevel: 'warn',
    ...(exporting ? {} : { spanProcessors: [discardSpans] }),
  });
  // The SDK has set a logger of its own, which writes plain text.
  diag.setLogger(diagnosticsTo(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return {
    meter: metrics.getMeter('tollwire'),
    writeMetrics: (request, response) => prometheus.getMetricsRequestHandler(request, response),
    shutdown: async () => {
      await sdk.shutdown();
      for (const api of [trace, metrics, context, propagation, diag]) api.disable();
    },
  };
}

function diagnosticsTo(logger: Logger) {
  const at = (level: 'error' | 'warn' | 'info' | 'debug' | 'trace') => (message: string, ...rest: unknown[]) =>
    logger[level]({ source: 'opentelemetry', ...(rest.length === 0 ? {} : { detail: rest.map(String) }) }, message);
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'), verbose: at('trace') };
}
