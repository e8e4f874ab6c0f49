import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { progress } from './cli/progress.ts';
import { Misuse } from './cli/stop.ts';
import { runningApi } from './client/connect.ts';
import { closedCount, closedText } from './client/deck-closures.ts';
import { type DeckOwner, decksOf, deckOwner, deckQuery, digestOf } from './client/deck-options.ts';
import { makeBody, makeOptions } from './client/make-options.ts';
import { type DeckValues, diffRowsText, printDecks, printDiff, printForecast, printHistory, ratesText } from './client/deck-texts.ts';

export const summary = 'lists, compares, approves, activates and takes back versions of rate decks';

export const help = `
./tollwire deck list|history            --kind KIND --owner ID [--json]
./tollwire deck show|diff [VERSION]     --kind KIND --owner ID [--against VERSION] [--rows] [--change CHANGE] [--json]
./tollwire deck rows [VERSION]          --kind KIND --owner ID [--prefix DIGITS] [--json]
./tollwire deck forecast [VERSION]      --kind KIND --owner ID [--since INSTANT] [--until INSTANT] [--json]
./tollwire deck approve|reject VERSION  --kind KIND --owner ID [--note TEXT] [--json]
./tollwire deck activate VERSION        --kind KIND --owner ID [--from INSTANT] [--only-if-approved] [--json]
./tollwire deck rollback                --kind KIND --owner ID --reason TEXT [--json]
./tollwire deck withdraw VERSION        --kind KIND --owner ID [--json]
./tollwire deck make --kind tariff|retail --owner ID --carriers ID,ID [--from-rates cheapest|dearest|average] [--average N]
    [--margin-percent P] [--margin AMOUNT] [--margin-min AMOUNT] [--floor AMOUNT] [--step AMOUNT] [--rounding up|down|half_up]
    [--increments 30/6] [--connect-fee AMOUNT] [--policy max|min|fixed|carrier_plus_margin] [--at INSTANT] [--json]

VERSION is the number of a version or the beginning of its digest; show, rows and diff take the newest where none is named.
activate approves a version that nobody has approved, unless --only-if-approved is given, and tells how many rates it closes.

  --kind, --owner    whose deck: tariff, retail or carrier, and the number of that plan
  --against VERSION  what to compare with (default: the version in force; for that one itself the one before it)
  --rows             every row that changes, not only counts and destinations
  --change CHANGE    only rows that are created, increased, decreased, closed, changed or unchanged; a rate rises or falls with what a
                     call of 60 seconds costs by it
  --prefix DIGITS    only rates whose prefix begins with these digits
  --carriers         the carrier plans whose rates in force a version is made from; it is imported, not activated. It keeps their
                     windows, steps and fees, with the margin on each amount; other currencies are exchanged at the rates of that instant
  --policy           what becomes of a destination that the plan has a rate for already (default: carrier_plus_margin)
  --since, --until   the calls of which period are priced by the version (default: the last seven days)
  --from INSTANT     when it begins, as ISO 8601 with an offset (default: now)
`;

const anything = z.looseObject({});

const options = {
  kind: { type: 'string' }, owner: { type: 'string' }, against: { type: 'string' }, rows: { type: 'boolean' }, change: { type: 'string' }, prefix: { type: 'string' },
  note: { type: 'string' }, reason: { type: 'string' }, from: { type: 'string' }, since: { type: 'string' }, until: { type: 'string' },
  'only-if-approved': { type: 'boolean' }, json: { type: 'boolean' },
  ...makeOptions,
} as const;

/** Words that each step takes after its name. */
const wordsTaken = { list: 0, history: 0, rollback: 0, make: 0, show: 1, diff: 1, rows: 1, forecast: 1, approve: 1, reject: 1, activate: 1, withdraw: 1 };

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args, options, wordsTaken);
  const [what = '', version] = positionals;
  const step = steps[what];
  if (step === undefined) throw new Misuse(`Say what to do: ./tollwire deck ${Object.keys(steps).join('|')}`);
  const { answer, print } = await step(values, version);
  if (values.json === true) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else print();
}

interface Done {
  readonly answer: unknown;
  readonly print: () => void;
}

type Step = (values: DeckValues, version: string | undefined) => Promise<Done>;

const steps: Readonly<Record<string, Step>> = {
  async list(values) {
    const answer = await decksOf(runningApi(), deckOwner(values));
    return { answer, print: () => printDecks(answer) };
  },

  async show(values, version) {
    const owner = deckOwner(values);
    const decks = await decksOf(runningApi(), owner);
    const digest = digestOf(decks, version, owner);
    const answer = decks.filter(({ deck }) => deck.digest === digest);
    return { answer: answer[0], print: () => printDecks(answer) };
  },

  async diff(values, version) {
    const [api, owner] = [runningApi(), deckOwner(values)];
    const decks = await decksOf(api, owner);
    const path = `/v1/decks/${digestOf(decks, version, owner)}/diff`;
    const against = values.against === undefined ? undefined : digestOf(decks, values.against, owner);
    if (values.rows === true || values.change !== undefined) return await diffRows(values, path, against);
    const answer = await progress('Comparing', () => api.get(`${path}?${deckQuery(owner, { against })}`, anything));
    return { answer, print: () => printDiff(answer) };
  },

  async rows(values, version) {
    const [api, owner] = [runningApi(), deckOwner(values)];
    const path = `/v1/decks/${digestOf(await decksOf(api, owner), version, owner)}/rates`;
    const rates: unknown[] = [];
    let timeZone = '';
    for (let pageToken: string | undefined; pageToken !== ''; ) {
      const page: z.infer<typeof ratesPage> = await api.get(`${path}?${deckQuery(owner, { prefix: values.prefix, pageToken })}`, ratesPage);
      rates.push(...page.rates);
      timeZone = page.timeZone;
      pageToken = page.nextPageToken;
    }
    return { answer: { rates, timeZone }, print: () => process.stdout.write(ratesText(rates, timeZone)) };
  },

  async forecast(values, version) {
    const [api, owner] = [runningApi(), deckOwner(values)];
    const path = `/v1/decks/${digestOf(await decksOf(api, owner), version, owner)}/forecast`;
    const answer = await progress('Pricing', () => api.get(`${path}?${deckQuery(owner, { since: values.since, until: values.until })}`, anything));
    return { answer, print: () => printForecast(answer) };
  },

  approve: (values, version) => reviewed(values, version, 'approve', values.note === undefined ? {} : { note: values.note }),

  async reject(values, version) {
    if (values.note === undefined) throw new Misuse('Say why with --note TEXT.');
    return await reviewed(values, version, 'reject', { note: values.note });
  },

  async activate(values, version) {
    if (version === undefined) throw new Misuse('Say which version: ./tollwire deck activate VERSION');
    const [api, owner] = [runningApi(), deckOwner(values)];
    const digest = digestOf(await decksOf(api, owner), version, owner);
    const closes = values.json === true ? 0 : await progress('Comparing', () => closedCount(api, owner, digest));
    const body = { onlyIfApproved: values['only-if-approved'] === true, ...(values.from === undefined ? {} : { validFrom: values.from }) };
    const { answer, print } = await reviewed(values, digest, 'activate', body);
    return { answer, print: () => {
      print();
      if (closes > 0) process.stdout.write(closedLine(closes, owner));
    } };
  },

  withdraw: (values, version) => reviewed(values, version, 'withdraw', {}),

  async make(values) {
    const made = z.looseObject({ deck: z.looseObject({ version: z.number() }), origin: z.string() });
    const answer = await progress('Making', () => runningApi().post('/v1/decks/make', { ...deckOwner(values), ...makeBody(values) }, made));
    return { answer, print: () => process.stdout.write(`Version ${answer.deck.version} was ${answer.origin}. Compare it with ./tollwire deck diff, then approve and activate it.\n`) };
  },

  async rollback(values) {
    if (values.reason === undefined) throw new Misuse('Say why with --reason TEXT.');
    const rolledBack = z.looseObject({ from: z.looseObject({ version: z.number() }), to: z.looseObject({ version: z.number() }) });
    const answer = await runningApi().post('/v1/decks/rollback', { ...deckOwner(values), reason: values.reason }, rolledBack);
    return { answer, print: () => process.stdout.write(`Version ${answer.to.version} is in force again instead of version ${answer.from.version}.\n`) };
  },

  async history(values) {
    const answer = await runningApi().get(`/v1/decks/history?${deckQuery(deckOwner(values))}`, anything);
    return { answer, print: () => printHistory(answer) };
  },
};

function closedLine(closes: number, { kind, ownerId }: DeckOwner): string {
  return `It ${closedText(closes)}; ./tollwire deck rollback --kind ${kind} --owner ${ownerId} --reason TEXT takes it back, ./tollwire import deck --amends keeps what a file does not name.\n`;
}

const done: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected', activate: 'activated', withdraw: 'withdrawn' };

async function reviewed(values: DeckValues, version: string | undefined, step: string, body: object): Promise<Done> {
  if (version === undefined) throw new Misuse(`Say which version: ./tollwire deck ${step} VERSION`);
  const [api, owner] = [runningApi(), deckOwner(values)];
  const digest = digestOf(await decksOf(api, owner), version, owner);
  const reply = z.looseObject({ deck: z.looseObject({ version: z.number() }) });
  const answer = await api.post(`/v1/decks/${digest}/${step}`, { ...owner, ...body }, reply);
  return { answer, print: () => process.stdout.write(`Version ${answer.deck.version} is ${done[step]}.\n`) };
}

const ratesPage = z.object({ rates: z.array(anything).default([]), nextPageToken: z.string().default(''), timeZone: z.string().default('') });
const rowsPage = z.object({ rows: z.array(anything).default([]), nextPageToken: z.string().default('') });

async function diffRows(values: DeckValues, path: string, against: string | undefined): Promise<Done> {
  const [api, owner] = [runningApi(), deckOwner(values)];
  const rows: unknown[] = [];
  for (let pageToken: string | undefined; pageToken !== ''; ) {
    const page: z.infer<typeof rowsPage> = await progress('Comparing', () => {
      return api.get(`${path}/rows?${deckQuery(owner, { against, change: values.change, pageToken })}`, rowsPage);
    });
    rows.push(...page.rows);
    pageToken = page.nextPageToken;
  }
  return { answer: { rows }, print: () => process.stdout.write(diffRowsText(rows)) };
}
