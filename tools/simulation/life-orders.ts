import { forfeitCredit } from '../../services/card/src/sweeps/forfeit-credit.ts';
import { restoreExtended } from '../../services/card/src/sweeps/restore-credit.ts';
import { someCard } from './instances.ts';
import type { World } from './world.ts';

/** What is left on cards that expired goes to breakage. */
export function forfeit(world: World): void {
  someCard(world, 'forfeits what is left on expired cards', ({ deps }) => forfeitCredit(deps));
}

/** What had gone there comes back to cards that live again. */
export function restore(world: World): void {
  someCard(world, 'brings credit back to cards that live again', ({ deps }) => restoreExtended(deps));
}

/** A card that expires lives on from now; at times what it lost comes back at once, at times whoever saw to that is gone. */
export function liveOn(world: World): void {
  const key = world.chance.oneOf(mortal(world));
  if (key === undefined) return;
  world.trace(() => `the card ${key} lives on for 200 s`);
  expire(world, key, BigInt(world.nowUs) + 200_000_000n);
  if (world.chance.in1000(700)) restore(world);
}

/** Every card lives for good, so that in the end nothing of anybody's may be broken. */
export function liveForGood(world: World): void {
  for (const key of mortal(world)) expire(world, key, null);
}

const mortal = ({ card: { store } }: World): string[] => [...store.rowsOf('card_state')].flatMap(([key, { expires = null }]) => (expires === null ? [] : [key]));

function expire({ card: { store } }: World, key: string, expires: bigint | null): void {
  const work = store.begin();
  work.write('card_state', key, { ...work.read('card_state', key), expires });
  work.commit();
}
