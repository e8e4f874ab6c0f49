import { Misuse } from '../cli/stop.ts';
import { knownWorld } from '../world/world.ts';

/** The plan that an option names, or the tariff of the world that `seed` set up. */
export function planOption(values: { tariff?: string | undefined; plan?: string | undefined }): { tariffId: number } | { voipPlanId: number } {
  if (values.tariff !== undefined && values.plan !== undefined) throw new Misuse('Name either --tariff or --plan, not both.');
  if (values.tariff !== undefined) return { tariffId: idOf('--tariff', values.tariff) };
  if (values.plan !== undefined) return { voipPlanId: idOf('--plan', values.plan) };
  const world = knownWorld();
  if (world === undefined) throw new Misuse('Name the plan with --tariff ID or --plan ID; after ./tollwire seed its tariff is the default.');
  return { tariffId: world.tariffId };
}

function idOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Misuse(`${option} takes the number of a plan, not "${text}".`);
  return Number(text);
}
