import type { Projection } from '@tollwire/event-store';
import type { BanPlanEvent } from '../domain/ban-plan.ts';
import type { CarrierPlanEvent } from '../domain/carrier-plan.ts';
import type { RetailPlanEvent } from '../domain/retail-plan.ts';
import type { SellTerms } from '../domain/sell-terms.ts';
import type { TariffEvent } from '../domain/tariff.ts';
import type { VoipPlanEvent } from '../domain/voip-plan.ts';
import { chargesText } from '../wire/charges.ts';
import { linkModel } from './link-model.ts';

/** Names of the streams, each with the id behind it. */
export const streamPrefixes = {
  tariff: 'tariff-', retailPlan: 'retailplan-', carrierPlan: 'carrierplan-', banPlan: 'banplan-', voipPlan: 'voipplan-',
} as const;

interface TermsRow {
  readonly currency: string;
  readonly roundingDecimals: number;
  readonly roundingMode: string;
  /** JSON of the contract's ChargeTerms. */
  readonly charges: string | null;
  readonly windowsByStart: boolean;
}

const termsColumns = {
  currency: 'currency text', roundingDecimals: 'rounding_decimals smallint', roundingMode: 'rounding_mode text',
  charges: 'charges text', windowsByStart: 'windows_by_start boolean',
} as const;

function termsRow({ currency, roundingDecimals, roundingMode, charges, windowsByStart = false }: SellTerms): TermsRow {
  return { currency, roundingDecimals, roundingMode, charges: chargesText(charges), windowsByStart };
}

export const tariffList: Projection<TermsRow & { tariffId: number; name: string; timeZone: string }, TariffEvent> = {
  name: 'tariff-list',
  table: 'tariff',
  streamPrefix: streamPrefixes.tariff,
  columns: { tariffId: 'tariffid int', name: 'tariffname text', ...termsColumns, timeZone: 'time_zone text' },
  key: ['tariffId'],
  keyOf: ({ event }) => [event.tariffId],
  evolve: (_, { event }) => ({ tariffId: event.tariffId, name: event.name, ...termsRow(event), timeZone: event.timeZone ?? '' }),
};

export const retailPlanList: Projection<{ id: number; name: string; currency: string; timeZone: string }, RetailPlanEvent> = {
  name: 'retail-plan-list',
  table: 'voip_retail_plan',
  streamPrefix: streamPrefixes.retailPlan,
  columns: { id: 'id int', name: 'name text', currency: 'currency text', timeZone: 'time_zone text' },
  key: ['id'],
  keyOf: ({ event }) => [event.retailPlanId],
  evolve: (_, { event: { retailPlanId: id, name, currency, timeZone = '' } }) => ({ id, name, currency, timeZone }),
};

export const carrierPlanList: Projection<{ id: number; name: string; currency: string; carrierCode: string; timeZone: string }, CarrierPlanEvent> = {
  name: 'carrier-plan-list',
  table: 'voip_carrier_plan',
  streamPrefix: streamPrefixes.carrierPlan,
  columns: { id: 'id int', name: 'name text', currency: 'currency text', carrierCode: 'carrier_code text', timeZone: 'time_zone text' },
  key: ['id'],
  keyOf: ({ event }) => [event.carrierPlanId],
  evolve: (_, { event: { carrierPlanId: id, name, currency, carrierCode, timeZone = '' } }) => ({ id, name, currency, carrierCode, timeZone }),
};

export const banPlanList: Projection<{ id: number; name: string }, BanPlanEvent> = {
  name: 'ban-plan-list',
  table: 'ban_plan',
  streamPrefix: streamPrefixes.banPlan,
  columns: { id: 'id int', name: 'name text' },
  key: ['id'],
  keyOf: ({ event }) => [event.banPlanId],
  evolve: (_, { event: { banPlanId: id, name } }) => ({ id, name }),
};

export const voipPlanList: Projection<TermsRow & { id: number; name: string; revision: number }, VoipPlanEvent> = {
  name: 'voip-plan-list',
  table: 'voip_plan',
  streamPrefix: streamPrefixes.voipPlan,
  columns: { id: 'id int', name: 'name text', ...termsColumns, revision: 'revision int' },
  key: ['id'],
  keyOf: ({ event }) => [event.voipPlanId],
  evolve: (_, { event }) => ({ id: event.voipPlanId, name: event.name, ...termsRow(event), revision: event.revision }),
};

/** The parts of a ban plan. */
export const banPrefixes = linkModel<BanPlanEvent>({
  table: 'ban_prefix', owner: 'ban_plan_id', part: 'prefix text', streamPrefix: streamPrefixes.banPlan,
  ownerOf: ({ banPlanId }) => banPlanId, partsOf: ({ prefixes }) => prefixes,
});

export const carrierPlansOfRetailPlans = linkModel<RetailPlanEvent>({
  table: 'voip_retail_plan_voip_carrier_plan', owner: 'voip_retail_plan_id', part: 'voip_carrier_plan_id int',
  streamPrefix: streamPrefixes.retailPlan, ownerOf: ({ retailPlanId }) => retailPlanId, partsOf: ({ carrierPlanIds }) => carrierPlanIds,
});

const ofVoipPlan = { owner: 'voip_plan_id', streamPrefix: streamPrefixes.voipPlan, ownerOf: ({ voipPlanId }: VoipPlanEvent) => voipPlanId } as const;

/** The parts of a voip_plan. */
export const voipPlanLinks = [
  linkModel<VoipPlanEvent>({
    ...ofVoipPlan, table: 'voip_plan_voip_retail_plan', part: 'voip_retail_plan_id int', partsOf: ({ retailPlanIds }) => retailPlanIds,
  }),
  linkModel<VoipPlanEvent>({
    ...ofVoipPlan, table: 'voip_plan_voip_carrier_plan', part: 'voip_carrier_plan_id int', partsOf: ({ carrierPlanIds }) => carrierPlanIds,
  }),
  linkModel<VoipPlanEvent>({ ...ofVoipPlan, table: 'voip_plan_ban_plan', part: 'ban_plan_id int', partsOf: ({ banPlanIds }) => banPlanIds }),
];
