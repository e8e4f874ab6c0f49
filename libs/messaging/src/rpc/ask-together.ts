import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';

/**
 * Asks for many items by one request, and in halves where the items or the answers do not fit into a message. Resolves
 * to an answer for each item in order; a refused request refuses all of its items, and an item without an answer is
 * `service_unavailable`. `ask` answers in the order of its items, and must be one that may be asked again.
 */
export async function askTogether<Item, Reply>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<Result<readonly Reply[], CodedRefusal>>,
): Promise<Result<Reply, CodedRefusal>[]> {
  if (items.length === 0) return [];
  const reply = await ask(items);
  if (reply.ok) return items.map((_, at) => answeredAt(reply.value, at));
  if (items.length === 1 || !isTooLarge(reply.refusal)) return items.map(() => reply);
  const middle = Math.ceil(items.length / 2);
  const halves = await Promise.all([askTogether(items.slice(0, middle), ask), askTogether(items.slice(middle), ask)]);
  return halves.flat();
}

function answeredAt<Reply>(answers: readonly Reply[], at: number): Result<Reply, CodedRefusal> {
  const answer = answers[at];
  return answer === undefined ? refuse({ code: 'service_unavailable', detail: 'A service gave no answer for this call.' }) : ok(answer);
}

function isTooLarge({ code }: CodedRefusal): boolean {
  return code === 'request_too_large' || code === 'reply_too_large';
}
