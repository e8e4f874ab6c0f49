import type { ExplainCallReply, RouteDecided } from '@tollwire/contracts';
import { maskedNumber } from '@tollwire/telecom';
import { maskedSteps } from '../http/reveal.ts';

/** How a call was priced, its number by its prefix only. */
export function maskedExplanation(explained: ExplainCallReply): ExplainCallReply {
  const { rated, sellSteps, buySteps } = explained;
  const e164 = rated?.calledE164 ?? '';
  return {
    ...explained,
    ...(rated === undefined ? {} : { rated: { ...rated, calledE164: maskedNumber(e164) } }),
    sellSteps: maskedSteps(sellSteps, e164),
    buySteps: maskedSteps(buySteps, e164),
  };
}

/** How a call was routed, its number by its prefix only, also as each carrier wants it. */
export function maskedRoute(route: RouteDecided): RouteDecided {
  const carriers = route.carriers.map((carrier) => ({ ...carrier, number: maskedNumber(carrier.number) }));
  return { ...route, calledE164: maskedNumber(route.calledE164), carriers };
}
