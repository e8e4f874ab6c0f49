import type { ExplainCallReply, PresentedCallerId, Refusal, RouteDecided } from '@tollwire/contracts';
import { maskedNumber } from '@tollwire/telecom';
import { maskedSteps } from '../http/reveal.ts';

/** How a call was priced, its number by its prefix only. */
export function maskedExplanation(explained: ExplainCallReply): ExplainCallReply {
  const { rated, sellSteps, buySteps } = explained;
  const { calledE164: e164 = '', routedBy = '' } = rated ?? {};
  return {
    ...explained,
    ...(rated === undefined ? {} : { rated: { ...rated, calledE164: maskedNumber(e164), routedBy: maskedNumber(routedBy) } }),
    sellSteps: maskedSteps(sellSteps, e164),
    buySteps: maskedSteps(maskedSteps(buySteps, e164), routedBy),
  };
}

/** How a call was routed, its numbers by their prefix only, also as each carrier wants them. */
export function maskedRoute(route: RouteDecided): RouteDecided {
  const carriers = route.carriers.map((carrier) => ({ ...carrier, ...maskedNumbers(carrier), furtherGateways: carrier.furtherGateways.map((gateway) => ({ ...gateway, ...maskedNumbers(gateway) })) }));
  const refusal = route.refusal === undefined ? {} : { refusal: maskedRefusal(route.refusal, route.calledE164) };
  return { ...route, calledE164: maskedNumber(route.calledE164), routedBy: maskedNumber(route.routedBy), carriers, ...refusal };
}

/** A list may name the number whole. */
function maskedRefusal(refusal: Refusal, e164: string): Refusal {
  const inText = (text: string) => maskedSteps([text], e164).join('');
  return { ...refusal, detail: inText(refusal.detail), facts: Object.fromEntries(Object.entries(refusal.facts).map(([name, fact]) => [name, inText(fact)])) };
}

function maskedNumbers({ number, callerId }: { readonly number: string; readonly callerId?: PresentedCallerId | undefined }) {
  return { number: maskedNumber(number), ...(callerId === undefined ? {} : { callerId: { ...callerId, number: maskedNumber(callerId.number) } }) };
}
