import { z } from 'zod';
import { open } from '../services/card/src/pins/sealed-export.ts';
import { statementLines } from './account/lines.ts';
import { stretchQuery } from './account/options.ts';
import { wholeStatement } from './account/statement.ts';
import { cardIdOf, batchBody, type CardOptions, orderBody, orders, pinsBody, policyBody, searchQuery } from './card/options.ts';
import { cardLine, cardReply, type CardReply, cardsReply, changedExit, changedLines, type ChangedReply, changedReply, policyLine, policyReply } from './card/lines.ts';
import { argumentsOf } from './cli/arguments.ts';
import { documentText } from './cli/document.ts';
import { Misuse, Stop } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'makes cards and their PINs, and leads them through their life';

export const help = `
./tollwire card make BATCH --type ID --quantity N [--reseller ID] [--json]
./tollwire card list [--batch BATCH] [--reseller ID] [--status STATUS] [--json]
./tollwire card show CARD [--json]
./tollwire card statement CARD [--from INSTANT] [--until INSTANT] [--json]
./tollwire card sell|pay|activate|deactivate|resume CARDS [--reseller ID] [--json]
./tollwire card suspend CARDS [--reason unpaid|litigation|other] [--reseller ID] [--json]
./tollwire card extend  CARDS (--until INSTANT | --days N) [--reseller ID] [--json]
./tollwire card bind|unbind CARD NUMBER [--json]
./tollwire card export BATCH --passphrase-file FILE [--length N] [--renew] [--json]
./tollwire card export-open FILE --passphrase-file FILE [--json]
./tollwire card policy [refuse|ask_pin|create] [--switch ID [--trunk NAME]] [--type ID] [--reseller ID] [--bind-max N] [--json]
./tollwire card address [IP ACCOUNT-CODE] [--remove IP] [--json]

  CARDS               ids of cards, or --batch BATCH for all cards of a batch
  --status STATUS     active, not_activated, card_expired, card_deactivated, card_suspended, card_suspended_unpaid, …
  --days N            from now; a card that lives longer already is left as it is, and listed
  export              makes the PINs of a batch and prints them, sealed; they are told this once (docs/PIN_EXPORT.md)
  --renew             makes new PINs also for cards that have one, which is void then
  policy, address     without what to set: lists them

An order ends with 1 where a card was refused, which is told with its reason, or none of them is different now.
`;

const options = {
  batch: { type: 'string' }, type: { type: 'string' }, quantity: { type: 'string' }, reseller: { type: 'string' }, status: { type: 'string' },
  reason: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' }, days: { type: 'string' }, length: { type: 'string' }, renew: { type: 'boolean' },
  'passphrase-file': { type: 'string' }, switch: { type: 'string' }, trunk: { type: 'string' }, 'bind-max': { type: 'string' }, remove: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = CardOptions & Parameters<typeof stretchQuery>[0] & { readonly 'passphrase-file'?: string | undefined; readonly remove?: string | undefined; readonly json?: boolean | undefined };

/** Words that each action takes after its name; orders take any number of cards. */
const wordsTaken = { make: 1, list: 0, show: 1, statement: 1, bind: 2, unbind: 2, export: 1, 'export-open': 1, policy: 1, address: 2 };

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: [action = '', ...rest] } = argumentsOf(args, options, wordsTaken);
  const told = orders.includes(action) ? await order(action, rest, values) : await actionOf(action)(rest, values);
  return tell(told, values.json);
}

type Action = (args: readonly string[], values: Values) => Promise<Told>;

function actionOf(name: string): Action {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw new Misuse(`Say what to do: ./tollwire card ${[...Object.keys(actions), ...orders].join('|')}`);
  return action;
}

const actions: Readonly<Record<string, Action>> = {
  async make([batch], values) {
    if (batch === undefined) throw new Misuse('Name the batch: ./tollwire card make spring-26 --type 1 --quantity 100');
    const made = await runningApi().post('/v1/card-batches', batchBody(batch, values), z.object({ cardIds: z.array(z.string()) }));
    return { json: made, lines: made.cardIds };
  },

  async list(_args, values) {
    const cards = await cardsOf(runningApi(), values);
    return { json: { cards }, lines: cards.map(cardLine) };
  },

  async show([card], _values) {
    const shown = await runningApi().get(`/v1/cards/${cardIdOf(card, './tollwire card show CARD')}`, cardReply);
    return { json: shown, lines: [cardLine(shown)] };
  },

  async statement([card], values) {
    const cardId = cardIdOf(card, './tollwire card statement CARD');
    const whole = await wholeStatement(runningApi(), `/v1/cards/${cardId}/statement`, stretchQuery(values));
    return { json: whole, lines: statementLines(whole) };
  },

  bind: (args) => changeCli('clis', args),
  unbind: (args) => changeCli('clis/release', args),

  async export([batch], values) {
    if (batch === undefined) throw new Misuse('Name the batch: ./tollwire card export spring-26 --passphrase-file FILE');
    const reply = z.object({ cardCount: z.number(), export: z.string() });
    const made = await runningApi().post(`/v1/card-batches/${encodeURIComponent(batch)}/pins`, pinsBody(passphraseOf(values), values), reply);
    return { json: made, lines: [made.export] };
  },

  async 'export-open'([file], values) {
    if (file === undefined) throw new Misuse('Name the file: ./tollwire card export-open FILE --passphrase-file FILE');
    const opened = await open(documentText(file), passphraseOf(values));
    if (opened === null) throw new Stop(`${file} is no export of PINs, or this is not its passphrase.`);
    const lines = opened.trimEnd().split('\n');
    return { json: { cards: lines.slice(1).map((line) => line.split(',')).map(([cardId, pin]) => ({ cardId, pin })) }, lines };
  },

  async policy([unknownCli], values) {
    if (unknownCli === undefined) {
      const { policies } = await runningApi().get('/v1/caller-policies', z.object({ policies: z.array(policyReply).default([]) }));
      return { json: { policies }, lines: policies.map(policyLine) };
    }
    const set = await runningApi().post('/v1/caller-policies', policyBody(unknownCli, values), policyReply);
    return { json: set, lines: [policyLine(set)] };
  },

  async address([address, accountCode], { remove }) {
    const one = z.object({ address: z.string(), accountCode: z.string() });
    if (remove !== undefined) {
      await runningApi().remove(`/v1/caller-addresses/${encodeURIComponent(remove)}`);
      return { json: {}, lines: [`${remove} calls on no account`] };
    }
    if (address === undefined) {
      const { addresses } = await runningApi().get('/v1/caller-addresses', z.object({ addresses: z.array(one).default([]) }));
      return { json: { addresses }, lines: addresses.map((each) => `${each.address}: account ${each.accountCode}`) };
    }
    if (accountCode === undefined) throw new Misuse('Name the account code, too: ./tollwire card address 192.0.2.10 ACME-01');
    const registered = await runningApi().post('/v1/caller-addresses', { address, accountCode }, one);
    return { json: registered, lines: [`${registered.address}: account ${registered.accountCode}`] };
  },
};

async function changeCli(path: string, [card, cli]: readonly string[]): Promise<Told> {
  const cardId = cardIdOf(card, './tollwire card bind CARD +436641234567');
  if (cli === undefined) throw new Misuse('Give the calling number, too: ./tollwire card bind CARD +436641234567');
  const bound = await runningApi().post(`/v1/cards/${cardId}/${path}`, { cli }, z.object({ cardId: z.string(), clis: z.array(z.string()).default([]) }));
  return { json: bound, lines: [`${bound.cardId}: ${bound.clis.length === 0 ? 'no callers' : `calls from ${bound.clis.join(', ')}`}`] };
}

async function order(name: string, args: readonly string[], values: Values): Promise<Told> {
  const { batch } = values;
  if ((args.length === 0) === (batch === undefined)) throw new Misuse(`Say which cards: either their ids, or --batch BATCH: ./tollwire card ${name} CARD …`);
  const api = runningApi();
  const cardIds = batch === undefined ? args.map((id) => cardIdOf(id, `./tollwire card ${name} CARD …`)) : (await cardsOf(api, { batch })).map(({ cardId }) => cardId);
  if (cardIds.length === 0) throw new Stop(`There is no card of batch ${batch ?? ''}.`);
  const refused: Record<string, string> = {};
  const changed: ChangedReply = { changedCount: 0, refused, unchanged: [] };
  for (let from = 0; from < cardIds.length; from += cardsAtOnce) {
    const step = await api.post(`/v1/cards/${name}`, orderBody(name, cardIds.slice(from, from + cardsAtOnce), values, Date.now()), changedReply);
    changed.changedCount += step.changedCount;
    Object.assign(refused, step.refused);
    changed.unchanged.push(...step.unchanged);
  }
  return { json: changed, lines: changedLines(name, changed), exitCode: changedExit(changed) };
}

/** Cards in one request of an order. */
const cardsAtOnce = 10_000;

async function cardsOf(api: Api, values: CardOptions): Promise<CardReply[]> {
  const all: CardReply[] = [];
  for (let after = '', more = true; more; ) {
    const query = [searchQuery(values), 'pageSize=1000', ...(after === '' ? [] : [`afterCardId=${after}`])].filter((part) => part !== '').join('&');
    const page = await api.get(`/v1/cards?${query}`, cardsReply);
    all.push(...page.cards);
    after = page.nextAfterCardId;
    more = after !== '';
  }
  return all;
}

function passphraseOf({ 'passphrase-file': file }: Values): string {
  if (file === undefined) throw new Misuse('Say where the passphrase is: --passphrase-file FILE, whose first line it is.');
  return documentText(file).split(/\r?\n/, 1)[0] ?? '';
}
