import { Migration } from '@mikro-orm/migrations';

/** How the calls of a plan are routed; a plan without a row goes by least cost. */
export class Migration2026112831RoutingPolicies extends Migration {
  override name = 'Migration2026112831_routing_policies';

  override up(): void {
    this.addSql(`create table routing_policy (
      plan_key text primary key check (plan_key ~ '^(tariff|voip_plan):[1-9][0-9]*$'),
      terms jsonb not null,
      set_by text not null,
      set_at timestamptz not null
    )`);
  }
}
