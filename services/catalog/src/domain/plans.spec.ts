import { describe, it } from '@jest/globals';
import type { Currency } from '@tollwire/telecom';
import { given, instant } from '@tollwire/testing';
import { banPlan, type BanPlanCommand, type BanPlanEvent } from './ban-plan.ts';
import { carrierPlan, type CarrierPlanCommand, type CarrierPlanEvent } from './carrier-plan.ts';
import { retailPlan, type RetailPlanCommand, type RetailPlanEvent } from './retail-plan.ts';
import { tariff, type TariffCommand, type TariffEvent } from './tariff.ts';

const [eur, usd] = ['EUR', 'USD'] as Currency[] as [Currency, Currency];
const said = { by: 'ann', at: instant('2026-06-01') } as const;

describe('a tariff', () => {
  const terms = { tariffId: 1, name: 'Cards', currency: eur, roundingDecimals: 2, roundingMode: 'up', ...said } as const;
  const create: TariffCommand & { type: 'CreateTariff' } = { type: 'CreateTariff', ...terms };
  const created: TariffEvent = { type: 'TariffCreated', ...terms };

  it('is created once', () => {
    given(tariff, []).when(create).then([created]);
    given(tariff, [created]).when({ ...create, by: 'bob' }).then([]);
  });

  it('leaves its name to no other', () => {
    given(tariff, [created]).when({ ...create, roundingDecimals: 4 }).then({ code: 'name_taken', id: 1 });
    given(tariff, [created]).when({ ...create, currency: usd }).then({ code: 'name_taken', id: 1 });
    given(tariff, [created]).when({ ...create, charges: { taxPpm: 230_000 } }).then({ code: 'name_taken', id: 1 });
    given(tariff, [created]).when({ ...create, windowsByStart: true }).then({ code: 'name_taken', id: 1 });
    given(tariff, [created]).when({ ...create, timeZone: 'Europe/Madrid' }).then({ code: 'name_taken', id: 1 });
  });
});

describe('a tariff with charges', () => {
  const terms = { tariffId: 2, name: 'Taxed', currency: eur, roundingDecimals: 2, roundingMode: 'up', timeZone: 'Europe/Madrid', ...said } as const;
  const created: TariffEvent = { type: 'TariffCreated', ...terms, charges: { taxPpm: 230_000, connectFeeNanos: 5n } };

  it('is the same in whatever order they are stated', () => {
    given(tariff, [created]).when({ type: 'CreateTariff', ...terms, charges: { connectFeeNanos: 5n, taxPpm: 230_000 } }).then([]);
    given(tariff, [created]).when({ type: 'CreateTariff', ...terms, charges: { connectFeeNanos: 6n, taxPpm: 230_000 } }).then({ code: 'name_taken', id: 2 });
  });
});

describe('a carrier plan', () => {
  const plan = { carrierPlanId: 1, name: 'Acme', currency: eur, carrierCode: 'ACME', ...said } as const;
  const create: CarrierPlanCommand & { type: 'CreateCarrierPlan' } = { type: 'CreateCarrierPlan', ...plan };
  const created: CarrierPlanEvent = { type: 'CarrierPlanCreated', ...plan };

  it('is created once, and leaves its name to no other', () => {
    given(carrierPlan, []).when(create).then([created]);
    given(carrierPlan, [created]).when(create).then([]);
    given(carrierPlan, [created]).when({ ...create, carrierCode: 'BELL' }).then({ code: 'name_taken', id: 1 });
  });
});

describe('a retail plan', () => {
  const plan = { retailPlanId: 1, name: 'World', currency: eur, carrierPlanIds: [4, 5], ...said } as const;
  const create: RetailPlanCommand & { type: 'CreateRetailPlan' } = { type: 'CreateRetailPlan', unknownCarrierPlanIds: [], ...plan };
  const created: RetailPlanEvent = { type: 'RetailPlanCreated', ...plan };

  it('is created once, and leaves its name to no other', () => {
    given(retailPlan, []).when(create).then([created]);
    given(retailPlan, [created]).when({ ...create, carrierPlanIds: [5, 4] }).then([]);
    given(retailPlan, [created]).when({ ...create, carrierPlanIds: [4] }).then({ code: 'name_taken', id: 1 });
  });

  it('is bought from carrier plans that there are', () => {
    given(retailPlan, []).when({ ...create, unknownCarrierPlanIds: [5] }).then({ code: 'unknown_plan', field: 'carrierPlanIds', id: 5 });
  });
});

describe('a ban plan', () => {
  const plan = { banPlanId: 1, name: 'Satellites', prefixes: ['870', '881'], ...said } as const;
  const create: BanPlanCommand & { type: 'CreateBanPlan' } = { type: 'CreateBanPlan', ...plan };
  const created: BanPlanEvent = { type: 'BanPlanCreated', ...plan };

  it('has each prefix once, in digit order', () => {
    given(banPlan, []).when({ ...create, prefixes: ['881', '870', '881'] }).then([created]);
  });

  it('is created once, and leaves its name to no other', () => {
    given(banPlan, [created]).when({ ...create, prefixes: ['881', '870'] }).then([]);
    given(banPlan, [created]).when({ ...create, prefixes: ['881'] }).then({ code: 'name_taken', id: 1 });
  });
});

describe('a plan that is there', () => {
  const created: TariffEvent = { type: 'TariffCreated', tariffId: 1, name: 'Cards', currency: eur, roundingDecimals: 2, roundingMode: 'up', ...said };
  const rename = { type: 'RenamePlan', tariffId: 1, name: 'Prepaid', ...said } as const;
  const remove = { type: 'DeletePlan', tariffId: 1, users: [], ...said } as const;
  const renamed: TariffEvent = { type: 'PlanRenamed', planId: 1, name: 'Prepaid', ...said };
  const deleted: TariffEvent = { type: 'PlanDeleted', planId: 1, ...said };

  it('is renamed, once', () => {
    given(tariff, [created]).when(rename).then([renamed]);
    given(tariff, [created, renamed]).when(rename).then([]);
  });

  it('is deleted, once, unless something uses it', () => {
    given(tariff, [created]).when({ ...remove, users: ['card_type 5'] }).then({ code: 'plan_in_use', users: ['card_type 5'] });
    given(tariff, [created]).when(remove).then([deleted]);
    given(tariff, [created, deleted]).when(remove).then([]);
  });

  it('is no more once it is deleted, nor before it is made', () => {
    given(tariff, [created, deleted]).when(rename).then({ code: 'unknown_plan', field: 'id', id: 1 });
    given(tariff, []).when(remove).then({ code: 'unknown_plan', field: 'id', id: 1 });
  });
});
