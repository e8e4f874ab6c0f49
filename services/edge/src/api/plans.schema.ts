import { PlanKind } from '@tollwire/contracts';
import { z } from 'zod';
import { idMax, title, wholeText } from '../http/primitives.ts';

const kinds = { tariff: PlanKind.TARIFF, retail: PlanKind.RETAIL, carrier: PlanKind.CARRIER, ban: PlanKind.BAN, voip: PlanKind.VOIP } as const;
const kind = z.enum(['tariff', 'retail', 'carrier', 'ban', 'voip']).transform((name) => kinds[name]);

export const plansPath = z.strictObject({ kind });
export type PlansPath = z.output<typeof plansPath>;

/** Plans after this number; 200 at a time. */
export const plansPage = z.strictObject({ afterId: wholeText(0, idMax).default(0) });
export type PlansPage = z.output<typeof plansPage>;

export const planPath = z.strictObject({ kind, id: wholeText(1, idMax) });
export type PlanPath = z.output<typeof planPath>;

export const planName = z.strictObject({ name: title });
export type PlanName = z.output<typeof planName>;
