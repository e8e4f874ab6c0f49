import type { CardProcess, RatingProcess } from './processes.ts';
import type { Place, World } from './world.ts';

/** One of the places where something runs. */
export function someOf<Running>(world: World, places: readonly Place<Running>[]): Running | undefined {
  return world.chance.oneOf(places.flatMap(({ process }) => process ?? []));
}

/** Some instance of card that is up does something. */
export function someCard(world: World, does: string, work: (process: CardProcess) => Promise<void>): void {
  const process = someOf(world, world.card.places);
  if (process === undefined) return;
  world.trace(() => `${process.owner} ${does}`);
  world.run(process.owner, () => work(process));
}

/** Some instance of rating that is up does something. */
export function someRating(world: World, does: string, work: (process: RatingProcess) => Promise<void>): void {
  const process = someOf(world, world.rating.places);
  if (process === undefined) return;
  world.trace(() => `${process.owner} ${does}`);
  world.run(process.owner, () => work(process));
}
