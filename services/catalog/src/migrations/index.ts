import { eventStoreGrants } from '@tollwire/event-store';
import { Migration2026112101Plans } from './Migration2026112101_plans.ts';
import { Migration2026112102Decks } from './Migration2026112102_decks.ts';
import { Migration2026112801PlanCharges } from './Migration2026112801_plan_charges.ts';
import { Migration2026112811DeckFiles } from './Migration2026112811_deck_files.ts';
import { Migration2026112811ExchangeRates } from './Migration2026112811_exchange_rates.ts';
import { Migration2026112812DeckProfiles } from './Migration2026112812_deck_profiles.ts';
import { Migration2026112822PlanLives } from './Migration2026112822_plan_lives.ts';
import { Migration2026112821DeckReviews } from './Migration2026112821_deck_reviews.ts';
import { Migration2026112883RateCopy } from './Migration2026112883_rate_copy.ts';
import { Migration2026112911SoldByCarrier } from './Migration2026112911_sold_by_carrier.ts';
import { Migration2026112931DiffBlocks } from './Migration2026112931_diff_blocks.ts';

/** Every step of the schema, in order. */
export const migrations = [
  Migration2026112101Plans, Migration2026112102Decks, Migration2026112801PlanCharges, Migration2026112811DeckFiles, Migration2026112821DeckReviews,
  Migration2026112822PlanLives, Migration2026112812DeckProfiles, Migration2026112811ExchangeRates,
  Migration2026112883RateCopy, Migration2026112911SoldByCarrier, Migration2026112931DiffBlocks,
] as const;

const readModels = [
  'tariff', 'voip_plan', 'voip_retail_plan', 'voip_carrier_plan', 'ban_plan', 'ban_prefix', 'rate_deck', 'deck_activation',
  'voip_plan_ban_plan', 'voip_plan_voip_retail_plan', 'voip_plan_voip_carrier_plan', 'voip_retail_plan_voip_carrier_plan', 'exchange_rate',
];
const rates = ['tariffrate', 'voip_retail_rate', 'voip_carrier_rate'];

/** What the service's role may do; `:app` stands for the role. Rates and deck content are added to, never changed. */
export const grants: readonly string[] = [
  ...eventStoreGrants,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON ${readModels.join(', ')} TO :app`,
  'GRANT SELECT, INSERT, UPDATE ON country, countryprefix, number_plan TO :app',
  `GRANT SELECT, INSERT ON ${rates.join(', ')}, deck_chunk TO :app`,
  `GRANT SELECT ON ${rates.map((table) => `${table}_in_force`).join(', ')} TO :app`,
  'GRANT SELECT, INSERT, UPDATE, DELETE ON deck_import, deck_import_piece, deck_import_error, rate_copy TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON deck_diff, deck_diff_page TO :app',
  'GRANT USAGE ON SEQUENCE tariff_id, voip_plan_id, voip_retail_plan_id, voip_carrier_plan_id, ban_plan_id, deck_id TO :app',
  'REVOKE ALL ON FUNCTION discard_unfinished_rates(bigint, integer) FROM PUBLIC',
  'GRANT EXECUTE ON FUNCTION discard_unfinished_rates(bigint, integer) TO :app',
  'REVOKE ALL ON FUNCTION discard_unused_chunks(text) FROM PUBLIC',
  'GRANT EXECUTE ON FUNCTION discard_unused_chunks(text) TO :app',
];
