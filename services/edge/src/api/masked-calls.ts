import type { ExplainCallReply, PresentedCallerId, RouteDecided } from '@tollwire/contracts';
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
  return { ...route, calledE164: maskedNumber(route.calledE164), routedBy: maskedNumber(route.routedBy), carriers };
}

function maskedNumbers({ number, callerId }: { readonly number: string; readonly callerId?: PresentedCallerId | undefined }) {
  return { number: maskedNumber(number), ...(callerId === undefined ? {} : { callerId: { ...callerId, number: maskedNumber(callerId.number) } }) };
}
