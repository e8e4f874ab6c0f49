import { z } from 'zod';

const letter = z.object({
  id: z.number(), consumer: z.string(), eventId: z.string().default(''), eventType: z.string().default(''), subject: z.string().default(''), reason: z.string(),
  detail: z.string().default(''), parkedAt: z.string().default(''), tries: z.number(),
  content: z.string().default(''),
});

/** A page of letters as the door answers it. */
export const deadLetters = z.object({ deadLetters: z.array(letter) });
export type DeadLetter = z.infer<typeof letter> & { readonly service: string };

export function letterLine({ service, id, consumer, eventType, subject, reason, detail, parkedAt, tries }: DeadLetter): string {
  const event = eventType.split('.').at(-1) ?? eventType;
  return `${service} ${id}  ${parkedAt.slice(0, 19)}Z  ${consumer}  ${event} of ${subject}: ${reason}${detail === '' ? '' : ` (${detail})`}${tries > 1 ? `, tried ${tries} times` : ''}`;
}

/** All that is known of a letter. */
export function letterLines(told: DeadLetter): string[] {
  return Object.entries(told).filter(([, value]) => value !== '').map(([name, value]) => `${name.padEnd(10)} ${String(value)}`);
}

/** How many letters of each service, consumer and reason, the most first. */
export function reasonLines(letters: readonly DeadLetter[]): string[] {
  const groups = Map.groupBy(letters, ({ service, consumer, reason }) => `${service}  ${consumer}  ${reason}`);
  return [...groups].toSorted(([, one], [, other]) => other.length - one.length).map(([name, of]) => `${of.length}  ${name}`);
}
