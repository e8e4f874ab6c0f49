import { create } from '@bufbuild/protobuf';
import { type AuthorizeItem, AuthorizeItemSchema, ChargedPartySchema, type CodedRefusal } from '@tollwire/contracts';
import { ok, present, type Result } from '@tollwire/core';
import { identifier } from '../../services/card/src/authorize/identify.ts';
import { chargedOfKey } from '../../services/card/src/wire/party.ts';
import { pins, trunks, trustedAddress } from './books.ts';
import type { Chance } from './chance.ts';
import { someCard } from './instances.ts';
import type { Row } from './postgres/values.ts';
import type { CardProcess } from './processes.ts';
import { Violation } from './violation.ts';
import type { Presents, World } from './world.ts';

/** Numbers that callers show; few, so that they come again, and one who shows none. */
const clis = ['+4366410001', '+4366410002', '+4366410003', '+4366410004', ''];
const wrongPin = '9999999999';

/** Somebody calls who is not named, from one of the trunks or from an address that is trusted; where a PIN is asked for, mostly with one. */
export function somebody(chance: Chance): Presents {
  const trunk = present(chance.oneOf(trunks), 'a trunk');
  const hasPin = trunk === 'asks' && chance.in1000(700);
  const pin = hasPin ? present(chance.oneOf(pins), 'a PIN').pin : '';
  return { cli: present(chance.oneOf(clis), 'a number'), trunk, pin, address: chance.in1000(100) ? trustedAddress : '' };
}

/** Finds who pays for a call of somebody who is not named, as an instance does; every look at a wrong PIN is counted. */
export async function identified(world: World, { owner, deps }: CardProcess, item: AuthorizeItem): Promise<Result<AuthorizeItem, CodedRefusal>> {
  const isRight = pins.some(({ pin }) => pin === item.presented?.pin);
  let taken: readonly Row[] = [];
  const database = world.watchedDatabase(owner, (text, rows) => {
    if (text.includes('INSERT INTO failed_try')) taken = rows;
    if (text.includes('FROM card_pin') && !isRight) world.auditor.cards.lookAtWrongPin(taken);
  });
  const named = await identifier({ ...deps, database })(item);
  if (!named.ok) return named;
  return ok('item' in named.value ? named.value.item : create(AuthorizeItemSchema, { ...item, charged: create(ChargedPartySchema, chargedOfKey(named.value.given.party)) }));
}

/** Somebody gives a PIN, right or wrong, several times at once, over whatever instances there are. */
export function givePins(world: World): void {
  const { chance } = world;
  const { cli } = somebody(chance);
  const right = chance.in1000(500) ? chance.oneOf(pins) : undefined;
  const item = create(AuthorizeItemSchema, { call: { switchId: 'sw', callId: 'pin', leg: 0 }, cli, calledNumber: '+431234567', presented: { trunk: trunks[1], pin: right?.pin ?? wrongPin } });
  for (let times = 1 + chance.below(3); times > 0; times -= 1) {
    someCard(world, `is given a ${right === undefined ? 'wrong' : 'right'} PIN by "${cli}"`, async (process) => {
      if (!(await world.scheduler.hop(process.owner, 'hears the switch'))) return;
      const named = await identified(world, process, item);
      if (named.ok && named.value.charged?.party.value !== right?.cardId) throw new Violation(`a PIN was taken for that of ${named.value.charged?.party.value ?? ''}`);
    });
  }
}
