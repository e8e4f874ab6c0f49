import { createHmac } from 'node:crypto';
import { databaseUrl } from '../servers/provision.ts';
import { natsUrl } from '../servers/nats.ts';
import { postgresUrl } from '../servers/postgres.ts';
import type { Secrets } from '../servers/secrets.ts';
import type { ServiceName } from '../cli/project.ts';
import type { Plan } from './run-state.ts';

/** The administrator's address of the PostgreSQL in a plan. */
export function adminUrl(plan: Plan, secrets: Secrets): string {
  const { server, port } = plan.postgres;
  return server.kind === 'named' ? server.url : postgresUrl({ port, password: secrets.postgres });
}

/** The address of the bus in a plan for one of its users; a named server is used as it was named. */
export function busUrl(plan: Plan, user: keyof Secrets['nats'], secrets: Secrets): string {
  const { server, port } = plan.nats;
  return server.kind === 'named' ? server.url : natsUrl(port, { name: user, password: secrets.nats[user] });
}

/** How other programs reach what a plan runs: the door with its first key, PostgreSQL as its administrator, the bus as its operator. */
export function connectionsOf(plan: Plan, secrets: Secrets): Record<string, string> {
  const { hostname, port, username, password } = new URL(adminUrl(plan, secrets));
  const edge = plan.services.find(({ name }) => name === 'edge');
  return {
    TOLLWIRE_URL: `http://${plan.host}:${edge?.port ?? 0}`,
    TOLLWIRE_API_KEY: secrets.edgeAdminKey,
    PGHOST: hostname,
    PGPORT: port === '' ? '5432' : port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    NATS_URL: busUrl(plan, 'operator', secrets),
  };
}

/** A key of its own for a purpose, which follows from the service's password, so that secrets of before need no change. */
function keyOf(purpose: string, password: string): string {
  return createHmac('sha256', password).update(purpose).digest('hex');
}

/** The providers of payments that the environment names; else one, so that payments can be tried. */
function paymentSecrets(secrets: Secrets): string {
  return process.env['PAYMENT_WEBHOOK_SECRETS'] ?? `local:${keyOf('payments', secrets.app.edge)}`;
}

/** The whole configuration of one service, the same variables as in compose. */
export function serviceEnvironment(plan: Plan, service: { name: ServiceName; port: number }, secrets: Secrets): Record<string, string> {
  const admin = adminUrl(plan, secrets);
  const { prefix } = plan.postgres;
  return {
    DATABASE_URL: databaseUrl(admin, service.name, 'app', secrets, prefix),
    MIGRATION_DATABASE_URL: databaseUrl(admin, service.name, 'owner', secrets, prefix),
    NATS_URL: busUrl(plan, service.name, secrets),
    BUS_ROOT: 'tollwire',
    HTTP_HOST: plan.host,
    HTTP_PORT: String(service.port),
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
    ...(service.name === 'edge' ? { EDGE_ADMIN_KEY: secrets.edgeAdminKey, PAYMENT_WEBHOOK_SECRETS: paymentSecrets(secrets) } : {}),
    ...(service.name === 'card' ? { CARD_PIN_KEY: secrets.cardPinKey, VOUCHER_KEY: keyOf('vouchers', secrets.app.card) } : {}),
  };
}
