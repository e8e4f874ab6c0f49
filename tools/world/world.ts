import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { homeFolder } from '../cli/project.ts';

const schema = z.object({
  tariffId: z.number(),
  voipPlanId: z.number(),
  resellerId: z.number(),
  cardTypeIds: z.object({ large: z.number(), small: z.number(), tiny: z.number() }),
  accountCodes: z.array(z.string()),
  carrierCodes: z.array(z.string()),
  bannedPrefix: z.string(),
});

/** The ids of the demonstration world that was set up in this clone's databases. */
export type World = z.infer<typeof schema>;

const fileOf = () => join(homeFolder(), 'world.json');

/** The world that was set up here before, if any. */
export function knownWorld(): World | undefined {
  if (!existsSync(fileOf())) return undefined;
  const known = schema.safeParse(JSON.parse(readFileSync(fileOf(), 'utf8')));
  return known.success ? known.data : undefined;
}

export function rememberWorld(world: World): void {
  writeFileSync(fileOf(), `${JSON.stringify(world, null, 2)}\n`);
}
