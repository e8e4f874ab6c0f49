import type { ExplainCallReply, PresentedCallerId, Refusal, RefusedCall, RouteDecided } from '@tollwire/contracts';
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

/** A call that was not let through, its number by its prefix only. */
export function maskedRefusedCall(call: RefusedCall): RefusedCall {
  const refusal = call.refusal === undefined ? {} : { refusal: maskedRefusal(call.refusal, call.calledE164) };
  return { ...call, calledE164: maskedNumber(call.calledE164), ...refusal };
}

/** A list may name the number whole. */
function maskedRefusal(refusal: Refusal, e164: string): Refusal {
  const inText = (text: string) => maskedSteps([text], e164).join('');
  return { ...refusal, detail: inText(refusal.detail), facts: Object.fromEntries(Object.entries(refusal.facts).map(([name, fact]) => [name, inText(fact)])) };
}

function maskedNumbers({ number, callerId }: { readonly number: string; readonly callerId?: PresentedCallerId | undefined }) {
  return { number: maskedNumber(number), ...(callerId === undefined ? {} : { callerId: { ...callerId, number: maskedNumber(callerId.number) } }) };
}
