import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListCardTypesReplySchema } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import { findCardTypes } from './find-card-type.ts';

/** Every card type as it was created, by its number. */
export async function listCardTypes(sql: Sql): Promise<MessageInitShape<typeof ListCardTypesReplySchema>> {
  const cardTypes = (await findCardTypes(sql)).map(({ valueNanos, currency, expiresOn, ...terms }) => {
    return { ...terms, value: { nanos: valueNanos, currency }, expiresAtUs: BigInt(expiresOn ?? 0) };
  });
  return { cardTypes };
}
