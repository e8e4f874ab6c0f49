import { pick, seeded } from '../world/random.ts';
import { calledNumber, type CallSource } from './call-bodies.ts';

const rowsAtOnce = 500;

/** A Master.csv of Asterisk, a piece at a time: calls of the last hours, of all cards, to all the world, each answered by a carrier. */
export function* cdrFile({ runId, cardIds, plan, world }: CallSource, rows: number, nowSec: number): Generator<string> {
  const random = seeded(11);
  for (let at = 0; at < rows; at += rowsAtOnce) {
    let text = '';
    for (let row = at; row < Math.min(at + rowsAtOnce, rows); row += 1) {
      const startSec = nowSec - 7_200 + (row % 3_600);
      const talkSec = 1 + Math.floor(random() * 300);
      const times = [startSec, startSec + 4, startSec + 4 + talkSec].map(localTime).join('","');
      const channels = `"PJSIP/desk-${String(row).padStart(8, '0')}","PJSIP/${pick(random, world.carrierCodes)}-${row.toString(16).padStart(8, '0')}"`;
      text += `"${pick(random, cardIds)}","436641234567","${calledNumber(random, plan.prefixes)}","out","""Desk"" <436641234567>",${channels},"Dial","","${times}",` +
        `${talkSec + 4},${talkSec},"ANSWERED","DOCUMENTATION","${startSec}.${runId}-${row}",""\n`;
    }
    yield text;
  }
}

function localTime(sec: number): string {
  return new Date(sec * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
