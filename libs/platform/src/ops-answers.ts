import type { OpsService } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import { type DeadLetter, listDeadLetters, type Reaction, redrive } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import { letterContent, letterDetail } from './letter-content.ts';
import type { Resources } from './resources.ts';

const pageSizeMax = 1000;
const pageSizeDefault = 100;

/** How a service takes people out of what it keeps. */
export type ServiceForgets = Pick<ServiceImplementation<typeof OpsService>, 'forgetCalls' | 'forgetNumber'>;

/** What every service answers to its operator: about what it could not handle, and about numbers that are erased. */
export function opsAnswers(
  resources: Pick<Resources, 'database' | 'wakeRelay'>,
  reactions: readonly Reaction[],
  forgets: ServiceForgets,
): ServiceImplementation<typeof OpsService> {
  const { database, wakeRelay } = resources;
  return {
    ...forgets,
    listDeadLetters: async ({ pageSize, afterId, id }) => {
      if (id !== 0n) {
        const found = await listDeadLetters(database, { positions: [id] });
        return ok({ deadLetters: found.map((letter) => ({ ...told(letter), content: letterContent(letter) })) });
      }
      const limit = Math.min(pageSize || pageSizeDefault, pageSizeMax);
      const letters = await listDeadLetters(database, { after: afterId, limit });
      return ok({ deadLetters: letters.map(told) });
    },
    redriveDeadLetters: async ({ ids }) => {
      const filter = { limit: pageSizeMax, ...(ids.length === 0 ? {} : { positions: ids }) };
      let redrivenCount = 0;
      let parkedAgainCount = 0;
      for (const reaction of reactions) {
        const { handled, parkedAgain } = await redrive(database, reaction, filter);
        redrivenCount += handled;
        parkedAgainCount += parkedAgain;
      }
      wakeRelay();
      return ok({ redrivenCount, parkedAgainCount });
    },
  };
}

function told({ position, consumer, event, code, detail, tries, parkedAt }: DeadLetter) {
  return {
    id: position, consumer, tries, detail: letterDetail(detail),
    eventId: event.id, eventType: event.type, subject: event.source, reason: code,
    parkedAtUs: BigInt(parkedAt.getTime()) * 1000n,
  };
}
