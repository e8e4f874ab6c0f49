import { z } from 'zod';

/** An environment variable that holds a whole number in a range, with a default. */
export function wholeNumber(range: { min: number; max: number; default: number }) {
  return z.coerce.number().int().min(range.min).max(range.max).default(range.default);
}

const url = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const postgresUrl = url(['postgres:', 'postgresql:']);

/** What every service reads from its environment; the same in demo, compose and Kubernetes. */
export const commonConfig = z.object({
  /** The service's own database, with the least-privilege role that it runs as. */
  DATABASE_URL: postgresUrl,
  /** The same database with the role that owns the tables; absent where migrations are run by somebody else. */
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_MAX: wholeNumber({ min: 1, max: 100, default: 8 }),
  NATS_URL: url(['nats:', 'tls:']),
  /** First token of every subject and name prefix of every stream. */
  BUS_ROOT: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and _, starting with a letter').default('tollwire'),
  /** Copies of every stream: 1 on a single server, 3 in a cluster. */
  STREAM_REPLICAS: wholeNumber({ min: 1, max: 5, default: 1 }),
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: wholeNumber({ min: 0, max: 65535, default: 0 }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Share of traces that are recorded where an OTLP endpoint is set; a caller's decision goes before it. */
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(0.05),
  OTEL_EXPORTER_OTLP_ENDPOINT: url(['http:', 'https:']).optional(),
});

/** The checked configuration that all services share. */
export type CommonConfig = z.infer<typeof commonConfig>;

/** Told when the environment does not configure the service; names every variable at fault at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Checks the environment as a whole against a schema.
 * Throws a ConfigurationError that names each variable that is missing or wrong; values are never repeated in it,
 * because some of them are secrets.
 */
export function readConfig<Schema extends z.ZodType>(schema: Schema, env: Readonly<Record<string, string | undefined>>): z.infer<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`);
  throw new ConfigurationError(`The environment does not configure this service. Set or mend: ${problems.join('; ')}`);
}
