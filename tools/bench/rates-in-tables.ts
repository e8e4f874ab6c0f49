import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Stop } from '../cli/stop.ts';
import { addressesOf, type RunState } from '../stack/run-state.ts';

const patienceMs = 180_000;
const facts = z.object({ facts: z.object({ versionsToCopy: z.number() }) });

/** Until the catalog has no rates of the seed left to copy into their tables, which it does behind the calls that are measured. */
export async function ratesInTables(state: RunState): Promise<void> {
  const url = addressesOf(state).health['catalog'] ?? '';
  const deadline = performance.now() + patienceMs;
  // It looks each quarter of a second, and says what it saw last.
  for (let seenEmpty = 0; seenEmpty < 5;) {
    const { versionsToCopy } = facts.parse(await (await fetch(url)).json()).facts;
    seenEmpty = versionsToCopy === 0 ? seenEmpty + 1 : 0;
    if (performance.now() > deadline) throw new Stop(`After ${patienceMs / 1000} s the catalog has ${versionsToCopy} decks left to copy into their tables.`);
    await delay(200);
  }
}
