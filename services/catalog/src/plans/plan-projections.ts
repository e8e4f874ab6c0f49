import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import { isLifeEvent, type LifeEvent } from '../domain/plan-life.ts';
import type { BanPlanEvent } from '../domain/ban-plan.ts';
import type { CarrierPlanEvent } from '../domain/carrier-plan.ts';
import type { RetailPlanEvent } from '../domain/retail-plan.ts';
import type { SellTerms } from '../domain/sell-terms.ts';
import type { TariffEvent } from '../domain/tariff.ts';
import type { VoipPlanEvent } from '../domain/voip-plan.ts';
import { chargesText } from '../wire/charges.ts';
import { linkModel } from './link-model.ts';
import { retailLinkModel } from './retail-link-model.ts';

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

interface Deletable {
  readonly deletedAt: InstantUs | null;
}

const deletable = { deletedAt: 'deleted_at instant_us' } as const;

/** A row of a plan after an event of its life; its id and what refers to it stay, because past calls and rates do. */
function livedRow<Row extends Deletable & { readonly name: string }>(row: Row | undefined, event: LifeEvent): Row | undefined {
  return row && (event.type === 'PlanDeleted' ? { ...row, deletedAt: event.at } : { ...row, name: event.name });
}

export const tariffList: Projection<TermsRow & Deletable & { tariffId: number; name: string; timeZone: string }, TariffEvent> = {
  name: 'tariff-list',
  table: 'tariff',
  streamPrefix: streamPrefixes.tariff,
  columns: { tariffId: 'tariffid int', name: 'tariffname text', ...termsColumns, timeZone: 'time_zone text', ...deletable },
  key: ['tariffId'],
  keyOf: ({ event }) => [isLifeEvent(event) ? event.planId : event.tariffId],
  evolve(row, { event }) {
    if (isLifeEvent(event)) return livedRow(row, event);
    return { tariffId: event.tariffId, name: event.name, ...termsRow(event), timeZone: event.timeZone ?? '', deletedAt: null };
  },
};

export const retailPlanList: Projection<Deletable & { id: number; name: string; currency: string; timeZone: string }, RetailPlanEvent> = {
  name: 'retail-plan-list',
  table: 'voip_retail_plan',
  streamPrefix: streamPrefixes.retailPlan,
  columns: { id: 'id int', name: 'name text', currency: 'currency text', timeZone: 'time_zone text', ...deletable },
  key: ['id'],
  keyOf: ({ event }) => [isLifeEvent(event) ? event.planId : event.retailPlanId],
  evolve(row, { event }) {
    if (isLifeEvent(event)) return livedRow(row, event);
    const { retailPlanId: id, name, currency, timeZone = '' } = event;
    return { id, name, currency, timeZone, deletedAt: null };
  },
};

export const carrierPlanList: Projection<Deletable & { id: number; name: string; currency: string; carrierCode: string; timeZone: string }, CarrierPlanEvent> = {
  name: 'carrier-plan-list',
  table: 'voip_carrier_plan',
  streamPrefix: streamPrefixes.carrierPlan,
  columns: { id: 'id int', name: 'name text', currency: 'currency text', carrierCode: 'carrier_code text', timeZone: 'time_zone text', ...deletable },
  key: ['id'],
  keyOf: ({ event }) => [isLifeEvent(event) ? event.planId : event.carrierPlanId],
  evolve(row, { event }) {
    if (isLifeEvent(event)) return livedRow(row, event);
    const { carrierPlanId: id, name, currency, carrierCode, timeZone = '' } = event;
    return { id, name, currency, carrierCode, timeZone, deletedAt: null };
  },
};

export const banPlanList: Projection<Deletable & { id: number; name: string }, BanPlanEvent> = {
  name: 'ban-plan-list',
  table: 'ban_plan',
  streamPrefix: streamPrefixes.banPlan,
  columns: { id: 'id int', name: 'name text', ...deletable },
  key: ['id'],
  keyOf: ({ event }) => [isLifeEvent(event) ? event.planId : event.banPlanId],
  evolve: (row, { event }) => (isLifeEvent(event) ? livedRow(row, event) : { id: event.banPlanId, name: event.name, deletedAt: null }),
};

type VoipPlanRow = TermsRow & Deletable & {
  id: number; name: string; revision: number; validFrom: InstantUs | null; validUntil: InstantUs | null; composedAt: InstantUs;
};

export const voipPlanList: Projection<VoipPlanRow, VoipPlanEvent> = {
  name: 'voip-plan-list',
  table: 'voip_plan',
  streamPrefix: streamPrefixes.voipPlan,
  columns: {
    id: 'id int', name: 'name text', ...termsColumns, revision: 'revision int', validFrom: 'valid_from instant_us', validUntil: 'valid_until instant_us',
    composedAt: 'composed_at instant_us', ...deletable,
  },
  key: ['id'],
  keyOf: ({ event }) => [isLifeEvent(event) ? event.planId : event.voipPlanId],
  evolve(row, { event }) {
    if (isLifeEvent(event)) return livedRow(row, event);
    const { voipPlanId: id, name, revision, validFrom = null, validUntil = null, at: composedAt } = event;
    return { id, name, ...termsRow(event), revision, validFrom, validUntil, composedAt, deletedAt: null };
  },
};

/** The parts of a ban plan. */
export const banPrefixes = linkModel<BanPlanEvent>({
  table: 'ban_prefix', owner: 'ban_plan_id', part: 'prefix text', streamPrefix: streamPrefixes.banPlan,
  partsOf: (event) => (isLifeEvent(event) ? partsAfter(event) : { id: event.banPlanId, parts: event.prefixes }),
});

export const carrierPlansOfRetailPlans = linkModel<RetailPlanEvent>({
  table: 'voip_retail_plan_voip_carrier_plan', owner: 'voip_retail_plan_id', part: 'voip_carrier_plan_id int', streamPrefix: streamPrefixes.retailPlan,
  partsOf: (event) => (isLifeEvent(event) ? partsAfter(event) : { id: event.retailPlanId, parts: event.carrierPlanIds }),
});

const ofVoipPlan = { owner: 'voip_plan_id', streamPrefix: streamPrefixes.voipPlan } as const;

/** The parts of a voip_plan. */
export const voipPlanLinks = [
  retailLinkModel,
  linkModel<VoipPlanEvent>({
    ...ofVoipPlan, table: 'voip_plan_voip_carrier_plan', part: 'voip_carrier_plan_id int',
    partsOf: (event) => (isLifeEvent(event) ? partsAfter(event) : { id: event.voipPlanId, parts: event.carrierPlanIds }),
  }),
  linkModel<VoipPlanEvent>({
    ...ofVoipPlan, table: 'voip_plan_ban_plan', part: 'ban_plan_id int',
    partsOf: (event) => (isLifeEvent(event) ? partsAfter(event) : { id: event.voipPlanId, parts: event.banPlanIds }),
  }),
];

/** A name changes no parts, and a deleted plan has none. */
function partsAfter(event: LifeEvent) {
  return event.type === 'PlanDeleted' ? { id: event.planId, parts: [] } : undefined;
}
