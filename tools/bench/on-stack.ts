/**
 * The program that measures what needs servers. It is started with `TOLLWIRE_HOME` set to the bench's own folder, so
 * that "this clone's stack" means the bench's for all that it uses, and tells each figure as it is found.
 */
import { progress } from '../cli/progress.ts';
import { runningApi } from '../client/connect.ts';
import { down } from '../stack/down.ts';
import { up } from '../stack/up.ts';
import { seedWorld } from '../world/seed.ts';
import { answerParent } from './child.ts';
import type { Figure } from './figures.ts';
import { authorizeFigures } from './authorize-part.ts';
import { decksFigures } from './decks-part.ts';
import { importFigures } from './import-part.ts';
import { type BenchOptions, benchOptions } from './options.ts';
import type { Bed } from './pipeline.ts';
import { pipelineFigures } from './pipeline-part.ts';
import { untilQuiet } from './quiet.ts';
import { routingFigures } from './routing-part.ts';
import { searchFigures } from './search-part.ts';
import { ratesInTables } from './rates-in-tables.ts';
import { assertDurable } from './servers.ts';

answerParent(benchOptions, async (options, tell) => {
  const { state } = await up();
  try {
    await assertDurable(state);
    const api = runningApi();
    const bed: Bed = { api, state, seeded: await progress('Setting up number plan, decks and plans', (note) => seedWorld(api, note)) };
    await progress('Waiting until the rates are in their tables', () => ratesInTables(state));
    const all = (figures: readonly Figure[]): void => figures.forEach(tell);
    const measure = async (parts: typeof options.only, figures: (bed: Bed, options: BenchOptions) => Promise<Figure[]>) => {
      if (!parts.some((part) => options.only.includes(part))) return;
      await untilQuiet(state);
      all(await figures(bed, options));
    };
    await measure(['pipeline', 'floor'], pipelineFigures);
    await measure(['authorize'], authorizeFigures);
    await measure(['routing'], routingFigures);
    await measure(['decks'], decksFigures);
    await measure(['search'], searchFigures);
    // Last, because what it queues is worked off long after it is done.
    await measure(['import'], importFigures);
  } finally {
    await progress('Stopping', () => down());
  }
}, () => down());
