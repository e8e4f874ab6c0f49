import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Api } from '../client/api.ts';
import { progress } from '../cli/progress.ts';
import { seeded } from '../world/random.ts';
import { type Seeded, seedWorld } from '../world/seed.ts';
import { importFiles } from './cdr-files.ts';
import { drive } from './drive.ts';
import { explain } from './explain.ts';
import { reconcile } from './reconcile.ts';
import { carrierLines, type Report } from './report.ts';
import { readTotals } from './totals.ts';
import { plannedCalls, type Population } from './traffic.ts';

const issued = z.object({ cardIds: z.array(z.string()) });
const anything = z.object({});

/** How many cards of each type a run makes: 1,000 in all. The tiny ones run dry on purpose. */
const cardCounts = { large: 600, small: 340, tiny: 40 } as const;
const sleepingCount = 20;

/** Runs the whole demonstration against a running system and hands back what it found. */
export async function demonstrate(api: Api, callCount: number, addresses: Report['addresses']): Promise<Report> {
  const runId = randomUUID().slice(0, 8);
  const random = seeded(20_261_121);
  const world = await progress('Setting up number plan, decks, plans and accounts', (note) => seedWorld(api, note));
  const people = await progress('Issuing and activating 1,000 cards', () => issueCards(api, runId, world));
  const before = await readTotals(api);
  const switchId = `demo-${runId}`;
  const calls = plannedCalls(random, callCount, runId, Date.now(), people);
  const driven = await progress('Sending calls', (note) => drive(api, switchId, calls, callCount, random, note));
  const imported = await progress('Importing CDR files', () => importFiles(api, runId, random, people));
  const sent = driven.ended + imported.accepted;
  const { after, result: reconciliation } = await progress('Waiting for the last call to be closed', (note) => reconcile(api, before, sent, note));
  const explanation = driven.sample === undefined ? undefined : await explain(api, switchId, driven.sample);
  return { driven, imported, reconciliation, carriers: carrierLines(before, after), explanation, addresses };
}

async function issueCards(api: Api, runId: string, { world, plan }: Seeded): Promise<Population> {
  const issue = async (name: keyof typeof cardCounts, quantity: number, batch: string) => {
    const body = { batchId: `${runId}-${batch}`, cardTypeId: world.cardTypeIds[name], resellerId: world.resellerId, quantity };
    return (await api.post('/v1/card-batches', body, issued)).cardIds;
  };
  const cardIds: string[] = [];
  for (const [name, count] of Object.entries(cardCounts)) {
    if (name === 'large' || name === 'small' || name === 'tiny') cardIds.push(...(await issue(name, count, name)));
  }
  const sleepingCardIds = await issue('small', sleepingCount, 'sleeping');
  for (const step of ['sell', 'pay', 'activate']) await api.post(`/v1/cards/${step}`, { cardIds }, anything);
  return { cardIds, sleepingCardIds, accountCodes: world.accountCodes, carrierCodes: world.carrierCodes, destinations: plan.prefixes, bannedPrefix: world.bannedPrefix };
}
