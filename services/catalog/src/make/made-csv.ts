import { formatNanos } from '@tollwire/telecom';
import type { RateColumns } from '../domain/rate-columns.ts';

const PIECE_CHARACTERS = 400_000;

/** Rates as a file that an import reads, with a header, in pieces of some 400 KB. */
export function* csvPieces(rates: RateColumns): Generator<Uint8Array> {
  let text = 'prefix,rate,connect_fee,initial_increment,increment,blocked\n';
  for (let at = 0; at < rates.size; at += 1) {
    const { prefix, ratePerMinNanos, connectFeeNanos, initialIncrementSec, incrementSec, blocked } = rates.rateAt(at);
    text += `${prefix},${formatNanos(ratePerMinNanos, 0)},${formatNanos(connectFeeNanos, 0)},${initialIncrementSec},${incrementSec},${blocked ? 'yes' : 'no'}\n`;
    if (text.length > PIECE_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}
