import { Migration } from '@mikro-orm/migrations';

/** Everything that the policy of a plan was, so that a past call is routed by the policy of its time. What was set before is taken from the events. */
export class Migration2026112912PolicyHistory extends Migration {
  override name = 'Migration2026112912_policy_history';

  override up(): void {
    this.addSql(`create table routing_policy_history (
      plan_key text not null check (plan_key ~ '^(tariff|voip_plan):[1-9][0-9]*$'),
      revision integer not null check (revision > 0),
      terms jsonb not null,
      set_by text not null,
      set_at timestamptz not null,
      primary key (plan_key, revision)
    )`);
    this.addSql(`insert into routing_policy_history (plan_key, revision, terms, set_by, set_at)
      select data ->> 'planKey', version, data -> 'policy', data ->> 'by', from_us((data ->> 'at')::bigint)
      from event where stream >= 'policy-' and stream < 'policy.' and type = 'RoutingPolicySet'`);
  }
}
