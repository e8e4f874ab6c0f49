import type { OpsService } from '@tollwire/contracts';
import { ok } from '@tollwire/core';
import { listDeadLetters, type Reaction, redrive } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Resources } from './resources.ts';

const pageSizeMax = 1000;
const pageSizeDefault = 100;

/** What every service answers to its operator about what it could not handle. */
export function opsAnswers({ database, wakeRelay }: Resources, reactions: readonly Reaction[]): ServiceImplementation<typeof OpsService> {
  return {
    listDeadLetters: async ({ pageSize, afterId }) => {
      const limit = Math.min(pageSize || pageSizeDefault, pageSizeMax);
      return ok({ deadLetters: await listDeadLetters(database, { afterId, limit }) });
    },
    redriveDeadLetters: async ({ ids }) => {
      const report = await redrive(database, reactions, ids);
      wakeRelay();
      return ok(report);
    },
  };
}
