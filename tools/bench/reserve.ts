import type { Api } from '../client/api.ts';
import type { Note } from '../cli/progress.ts';
import { Stop } from '../cli/stop.ts';
import { authorization } from '../demo/drive.ts';
import { benchSwitch, type CallParties } from './call-bodies.ts';

const concurrency = 64;

/** Has every call authorized, each with a reservation of its own. Stops at a refusal: these cards are rich. */
export async function reserveFor(api: Api, calls: readonly CallParties[], note: Note): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let call = calls[next++]; call !== undefined; call = calls[next++]) {
      const { callId, cardId, cli, calledNumber } = call;
      const answer = await api.post('/v1/calls/authorize', { switchId: benchSwitch, callId, cardId, cli, calledNumber }, authorization);
      // Some numbers of the number plan have no route or no margin: such a call goes on without a reservation.
      if (!answer.allowed && answer.refusal.code === 'insufficient_credit') throw new Stop(`The card of call ${callId} ran dry; a bench needs richer ones.`);
      note(`${next.toLocaleString('en')} of ${calls.length.toLocaleString('en')}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
