import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type NumberPlan, numberPlan } from '../../services/catalog/src/number-plan/number-plan.ts';
import { type Api, ApiProblem } from '../client/api.ts';
import type { Note } from '../cli/progress.ts';
import { carrierDeck, csvOf, type DeckRow, retailDeck } from './prices.ts';
import { knownWorld, rememberWorld, type World } from './world.ts';

const created = z.object({ id: z.number() });
const imported = z.object({ deck: z.object({ digest: z.string() }), acceptedCount: z.number(), errorCount: z.number().default(0) });
const anything = z.object({});

/** Rates hold from here on, so that calls of the last hours have a price. */
const ratesSince = '2026-01-01T00:00:00.000000Z';
const currency = 'EUR';
const chunk = 10_000;

/** What was put into the system, for the summary. */
export interface Seeded {
  readonly world: World;
  readonly plan: NumberPlan;
  readonly countries: number;
  readonly prefixes: number;
  readonly rates: number;
  /** The world had been set up before; only what is new each time was made. */
  readonly already: boolean;
}

const carriers = [
  { carrierCode: 'NORTH', name: 'North Wholesale', address: 'sip.north.example', priority: 1 },
  { carrierCode: 'EAST', name: 'East Transit', address: 'sip.east.example', priority: 2 },
  { carrierCode: 'WEST', name: 'West Voice', address: 'sip.west.example', priority: 3 },
] as const;

/**
 * Sets up a whole small carrier through the API: the world's number plan, three carriers with a deck each, a tariff for
 * cards, a retail plan and a ban plan for accounts, card types, and customers. Once in a clone; later calls find it.
 */
export async function seedWorld(api: Api, note: Note): Promise<Seeded> {
  note('number plan');
  const plan = numberPlan();
  const known = knownWorld();
  if (known !== undefined && (await isThere(api, known))) {
    return { world: known, plan, countries: plan.countries.length, prefixes: plan.prefixes.length, rates: 0, already: true };
  }
  await loadNumberPlan(api, plan);
  const seeder = new Seeder(api, plan, note);
  const world = await seeder.everything();
  rememberWorld(world);
  return { world, plan, countries: plan.countries.length, prefixes: plan.prefixes.length, rates: seeder.rates, already: false };
}

/** Whether the remembered world is in the databases that run now: they may have been removed since. */
async function isThere(api: Api, world: World): Promise<boolean> {
  try {
    await api.get(`/v1/accounts/${world.accountCodes[0]}/balance`, anything);
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return false;
    throw error;
  }
}

async function loadNumberPlan(api: Api, { countries, prefixes }: NumberPlan): Promise<void> {
  await api.post('/v1/number-plan', { countries }, anything);
  for (let at = 0; at < prefixes.length; at += chunk) {
    await api.post('/v1/number-plan', { prefixes: prefixes.slice(at, at + chunk) }, anything);
  }
}

/** Makes the parts of a world in the order in which they need each other. */
class Seeder {
  readonly #api: Api;
  readonly #plan: NumberPlan;
  readonly #note: Note;
  /** Names are unique in the catalog; a world that is set up anew gets new ones. */
  readonly #tag = randomUUID().slice(0, 8);
  rates = 0;

  constructor(api: Api, plan: NumberPlan, note: Note) {
    this.#api = api;
    this.#plan = plan;
    this.#note = note;
  }

  async everything(): Promise<World> {
    const destinations = this.#plan.prefixes;
    const carrierPlanIds: number[] = [];
    for (const carrier of carriers) carrierPlanIds.push(await this.#carrier(carrier));
    const tariffId = await this.#create('/v1/tariffs', { name: `Card tariff ${this.#tag}`, currency, roundingDecimals: 4, roundingMode: 'up' });
    await this.#deck('tariff', tariffId, retailDeck('cards', destinations, { increments: '60/60', connectFeeMicros: 20_000, markup: 1.3 }));
    const retailPlanId = await this.#create('/v1/retail-plans', { name: `Retail ${this.#tag}`, currency });
    await this.#deck('retail', retailPlanId, retailDeck('accounts', destinations, { increments: '30/6', connectFeeMicros: 0, markup: 1.05 }));
    const bannedPrefix = '979';
    const banPlanId = await this.#create('/v1/ban-plans', { name: `Premium ${this.#tag}`, prefixes: [bannedPrefix, '1900'] });
    const voipPlanId = await this.#create('/v1/voip-plans', {
      name: `Business ${this.#tag}`, retailPlanIds: [retailPlanId], carrierPlanIds, banPlanIds: [banPlanId],
      currency, roundingDecimals: 4, roundingMode: 'half_up',
    });
    const resellerId = await this.#create('/v1/resellers', { username: `corner-${this.#tag}`, password: randomUUID() });
    const cardTypeIds = {
      large: await this.#cardType('Large card', '50.00', tariffId),
      small: await this.#cardType('Small card', '10.00', tariffId),
      tiny: await this.#cardType('Trial card', '0.05', tariffId),
    };
    const accountCodes = await this.#accounts(voipPlanId);
    return { tariffId, voipPlanId, resellerId, cardTypeIds, accountCodes, carrierCodes: carriers.map(({ carrierCode }) => carrierCode), bannedPrefix };
  }

  async #carrier({ carrierCode, name, address, priority }: (typeof carriers)[number]): Promise<number> {
    await this.#api.post('/v1/providers', { carrierCode, name, priority, gateway: { address, tech: 'SIP', timeoutSec: 30 } }, anything);
    const carrierPlanId = await this.#create('/v1/carrier-plans', { name: `${name} ${this.#tag}`, currency, carrierCode });
    await this.#deck('carrier', carrierPlanId, carrierDeck(carrierCode, this.#plan.prefixes));
    return carrierPlanId;
  }

  async #deck(kind: 'tariff' | 'retail' | 'carrier', ownerId: number, rows: readonly DeckRow[]): Promise<void> {
    this.#note(`${kind} deck of ${rows.length.toLocaleString('en')} rates`);
    const answer = await this.#api.send(`/v1/decks/import?kind=${kind}&ownerId=${ownerId}`, 'text/csv', csvOf(rows));
    const { deck, acceptedCount } = imported.parse(JSON.parse(answer));
    await this.#api.post(`/v1/decks/${deck.digest}/activate`, { kind, ownerId, validFrom: ratesSince }, anything);
    this.rates += acceptedCount;
  }

  #cardType(description: string, amount: string, tariffId: number): Promise<number> {
    return this.#create('/v1/card-types', { description: `${description} ${this.#tag}`, value: { amount, currency }, tariffId, lifetimeDays: 365 });
  }

  async #accounts(voipPlanId: number): Promise<string[]> {
    const codes: string[] = [];
    for (let at = 1; at <= 10; at += 1) {
      const code = `${this.#tag}-${String(at).padStart(2, '0')}`;
      const postpaid = at % 2 === 0;
      const terms = postpaid ? { postpaid, creditLimit: { amount: '5000.00', currency } } : { postpaid };
      await this.#api.post('/v1/accounts', { customerId: code, accountCodes: [code], voipPlanId, currency, companyName: `Customer ${at}`, ...terms }, anything);
      if (!postpaid) await this.#api.post('/v1/credits', { accountCode: code, amount: { amount: '500.00', currency }, transferId: `opening-${code}` }, anything);
      codes.push(code);
    }
    return codes;
  }

  async #create(path: string, body: unknown): Promise<number> {
    const reply = await this.#api.post(path, body, created);
    return reply.id;
  }
}
