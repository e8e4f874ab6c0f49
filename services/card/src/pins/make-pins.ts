import type { CodedRefusal, MakePinsRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { isTransient } from '@tollwire/event-store';
import type { EventMeta, RetryableError, Sql } from '@tollwire/event-store';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import { refusable } from '../ledger/refusable.ts';
import { textOf } from '../wire/text.ts';
import { inTurns } from './in-turns.ts';
import { type KeptPin, randomPins } from './pin-secrets.ts';
import { seal } from './sealed-export.ts';

/** A PIN names its card, so there must be far more PINs than cards: at eight digits, a guess in a thousand hits one of 100,000 cards. */
const pinLength = { min: 8, max: 16 } as const;
const passphraseLength = { min: 12, max: 256 } as const;
/** Slow hashes at a time: half of the threads that Node has for such work, so that others have theirs. */
const hashesAtOnce = 2;
/** How often PINs are drawn anew because somebody has one of them. */
const attemptsMax = 10;

type PinDeps = Pick<CardDeps, 'database' | 'clock' | 'pins'>;

/** A card has one of the PINs that were drawn: draw again. */
class PinTaken extends Error implements RetryableError {
  readonly retryable = true;
  override readonly name = 'PinTaken';
}

/** How many cards have a PIN of this export, and the export. */
export interface PinExported {
  readonly cardCount: number;
  readonly export: string;
}

/**
 * Makes PINs for the cards of a batch that have none (with `renew`: for all), and tells them this once, sealed under the
 * passphrase. An answer that was lost is made good by renewing: what nobody has read is void then. Refuses unknown_batch,
 * pins_exist, and a passphrase or length out of range.
 */
export async function makePins(deps: PinDeps, aggregates: Aggregates, request: MakePinsRequest, meta: EventMeta): Promise<Result<PinExported, CodedRefusal>> {
  const batchId = textOf(request.batchId, 'batchId');
  if (!batchId.ok) return batchId;
  const length = request.pinLength === 0 ? deps.pins.policy.length : request.pinLength;
  const refusal = refusalOf(request.passphrase, length);
  if (refusal !== null) return refuse(refusal);
  const { renew } = request;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const cards = await cardsOf(deps.database, batchId.value, renew);
      if (!cards.ok) return cards;
      const drawn = await draw(deps, cards.value, length);
      const stored = await refusable(deps.database, (tx) => store(tx, deps, aggregates, { batchId: batchId.value, drawn, length, renew, meta }));
      if (!stored.ok) return stored;
      const lines = drawn.map(({ cardId, pin }) => `${cardId},${pin}\n`);
      return ok({ cardCount: drawn.length, export: await seal(`cardId,pin\n${lines.join('')}`, request.passphrase) });
    } catch (error) {
      if (!isTransient(error) || attempt === attemptsMax) throw error;
    }
  }
}

function refusalOf(passphrase: string, length: number): CodedRefusal | null {
  if (length < pinLength.min || length > pinLength.max) {
    return { code: 'field_out_of_range', field: 'pinLength', detail: `A PIN has ${pinLength.min} to ${pinLength.max} digits.` };
  }
  if (passphrase.length < passphraseLength.min || passphrase.length > passphraseLength.max) {
    return { code: 'field_out_of_range', field: 'passphrase', detail: `Choose a passphrase of ${passphraseLength.min} to ${passphraseLength.max} characters.` };
  }
  return null;
}

const selectCards = `
  SELECT s.cardid, p.cardid IS NOT NULL AS has_pin FROM card_state s LEFT JOIN card_pin p USING (cardid) WHERE s.batch_id = $1 ORDER BY s.cardid`;

async function cardsOf(sql: Sql, batchId: string, renew: boolean): Promise<Result<string[], CodedRefusal>> {
  const rows = await sql.query<{ cardid: string; has_pin: boolean }>(selectCards, [batchId]);
  if (rows.length === 0) return refuse({ code: 'unknown_batch', field: 'batchId', detail: 'Check the id of the batch, or issue its cards first.' });
  const cardIds = rows.filter((row) => renew || !row.has_pin).map(({ cardid }) => cardid);
  return cardIds.length === 0 ? refuse(pinsExist) : ok(cardIds);
}

const pinsExist: CodedRefusal = { code: 'pins_exist', detail: 'PINs are told once. Ask with renew to make others; those of before are void then.' };

interface Drawn extends KeptPin {
  readonly cardId: string;
  readonly pin: string;
}

async function draw({ pins }: PinDeps, cardIds: readonly string[], length: number): Promise<Drawn[]> {
  const numbers = randomPins(cardIds.length, length);
  return await inTurns(cardIds.map((cardId, at) => ({ cardId, pin: present(numbers[at], 'a PIN for each card') })), hashesAtOnce, async ({ cardId, pin }) => {
    return { cardId, pin, ...(await pins.secrets.keep(cardId, pin)) };
  });
}

interface Making {
  readonly batchId: string;
  readonly drawn: readonly Drawn[];
  readonly length: number;
  readonly renew: boolean;
  readonly meta: EventMeta;
}

// Two who make PINs at once would not see each other's, and draw the same one; who only reads does not wait.
const lockPins = 'LOCK TABLE card_pin IN SHARE ROW EXCLUSIVE MODE';
const selectTaken = 'SELECT 1 FROM card_pin WHERE blind_index = ANY($1::bytea[]) LIMIT 1';
const insertPins = `
  INSERT INTO card_pin (cardid, blind_index, hash) SELECT cardid, blind_index, hash FROM unnest($1::text[], $2::bytea[], $3::text[]) AS p (cardid, blind_index, hash)`;
const orKeep = 'ON CONFLICT (cardid) DO NOTHING RETURNING cardid';
const orReplace = 'ON CONFLICT (cardid) DO UPDATE SET blind_index = excluded.blind_index, hash = excluded.hash RETURNING cardid';

async function store(tx: Sql, { clock }: PinDeps, { batches }: Aggregates, { batchId, drawn, length, renew, meta }: Making): Promise<Result<void, CodedRefusal>> {
  await tx.query(lockPins);
  const command = { type: 'MakePins', cardCount: drawn.length, pinLength: length, at: clock.nowUs() } as const;
  const [noted] = await batches.handleIn(tx, [{ id: batchId, command, meta }]);
  const answer = present(noted, 'an answer for the batch');
  if (!answer.ok) return answer;
  const indexes = drawn.map(({ blindIndex }) => blindIndex);
  if ((await tx.query(selectTaken, [indexes])).length > 0) throw new PinTaken();
  const rows = await tx.query(`${insertPins} ${renew ? orReplace : orKeep}`, [drawn.map(({ cardId }) => cardId), indexes, drawn.map(({ hash }) => hash)]);
  return rows.length === drawn.length ? ok(undefined) : refuse(pinsExist);
}
