import { Country, CountryPrefix } from './number-plan.entity.ts';
import {
  BanPlan, BanPrefix, Tariff, VoipCarrierPlan, VoipPlan, VoipPlanBanPlan, VoipPlanVoipCarrierPlan, VoipPlanVoipRetailPlan, VoipRetailPlan,
  VoipRetailPlanVoipCarrierPlan,
} from './plan.entity.ts';
import { TariffRate, VoipCarrierRate, VoipRetailRate } from './rate.entity.ts';

/** The documented tables, for ordinary queries. */
export const entities = [
  Country, CountryPrefix, Tariff, TariffRate, VoipPlan, VoipRetailPlan, VoipRetailRate, VoipCarrierPlan, VoipCarrierRate, BanPlan, BanPrefix,
  VoipPlanBanPlan, VoipPlanVoipRetailPlan, VoipPlanVoipCarrierPlan, VoipRetailPlanVoipCarrierPlan,
];
