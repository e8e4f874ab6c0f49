import { z } from 'zod';

const notice = z.looseObject({ name: z.string(), type: z.string(), condition: z.string(), threshold: z.string(), measured: z.string().nullable(), from: z.string(), until: z.string() });

const listHit = z.looseObject({ list: z.enum(['blacklist', 'whitelist']), entry: z.string(), at: z.string(), stopped: z.number(), passed: z.number() });

function hitMail(hit: z.infer<typeof listHit>): { subject: string; text: string } {
  const lines = Object.entries(hit).map(([name, value]) => `${name}: ${String(value)}`);
  return { subject: `Calls met ${hit.entry} on the ${hit.list}`, text: [`Calls were screened by an entry of the ${hit.list}.`, '', ...lines, ''].join('\n') };
}

/** A notice as people read it: what fired in the subject, everything that the webhook is told line by line. */
export function noticeMail(body: string): { subject: string; text: string } {
  const hit = listHit.safeParse(JSON.parse(body));
  if (hit.success) return hitMail(hit.data);
  const told = notice.parse(JSON.parse(body));
  const lines = Object.entries(told).map(([name, value]) => `${name}: ${String(value)}`);
  return {
    subject: `Alarm ${told.name.replaceAll(/\s+/g, ' ')}: ${told.type} ${told.measured ?? 'unknown'} (${told.condition.replaceAll('_', ' ')} ${told.threshold})`,
    text: [`The alarm fired upon the calls from ${told.from} until ${told.until}.`, '', ...lines, ''].join('\n'),
  };
}
