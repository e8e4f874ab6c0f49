import { eventStoreGrants } from '@tollwire/event-store';
import { Migration2026112101Providers } from './Migration2026112101_providers.ts';
import { Migration2026112102Decks } from './Migration2026112102_decks.ts';
import { Migration2026112823PlanHistory } from './Migration2026112823_plan_history.ts';
import { Migration2026112831RoutingPolicies } from './Migration2026112831_routing_policies.ts';
import { Migration2026112851Lists } from './Migration2026112851_lists.ts';
import { Migration2026112851ProviderLimits } from './Migration2026112851_provider_limits.ts';
import { Migration2026112852Quality } from './Migration2026112852_quality.ts';
import { Migration2026112853Leases } from './Migration2026112853_leases.ts';
import { Migration2026112911Gateways } from './Migration2026112911_gateways.ts';
import { Migration2026112913Balances } from './Migration2026112913_balances.ts';
import { Migration2026112914Portability } from './Migration2026112914_portability.ts';
import { Migration2026112915LeaseCounts } from './Migration2026112915_lease_counts.ts';
import { Migration2026112916CallerId } from './Migration2026112916_caller_id.ts';
import { Migration2026112912PolicyHistory } from './Migration2026112912_policy_history.ts';

/** In the order in which they run. */
export const migrations = [
  Migration2026112101Providers, Migration2026112102Decks, Migration2026112823PlanHistory, Migration2026112831RoutingPolicies, Migration2026112851ProviderLimits,
  Migration2026112852Quality, Migration2026112853Leases, Migration2026112851Lists, Migration2026112911Gateways, Migration2026112912PolicyHistory, Migration2026112913Balances,
  Migration2026112914Portability, Migration2026112915LeaseCounts, Migration2026112916CallerId,
];

/** What routing's role may do; what the event store's own tables allow, the event store says. */
export const grants: readonly string[] = [
  ...eventStoreGrants,
  'GRANT SELECT, INSERT, UPDATE, DELETE ON provider, providerdestination, providerrate, routing_policy, routing_policy_history TO :app',
  'GRANT SELECT, INSERT, UPDATE ON deck_activation, plan_fact, replica_revision TO :app',
  'GRANT SELECT, INSERT ON deck_chunk TO :app',
  'GRANT SELECT, INSERT, UPDATE ON listed_number TO :app',
  'GRANT SELECT, UPDATE ON listed_revision TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON quality_minute, call_ringing, call_lease, provider_spent, provider_spent_call TO :app',
  'GRANT SELECT, INSERT ON gateway_group TO :app',
  'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :app',
];
