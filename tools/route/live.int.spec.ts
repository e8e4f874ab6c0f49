import { describe, expect, it } from '@jest/globals';
import type { RouteResult } from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import fc from 'fast-check';
import { routeDocument } from './document.schema.ts';
import { routesIn, type Written } from './document.fixture.ts';
import { liveRoutesOf } from './live-document.fixture.ts';
import type { GatewayAddress, RoutedCall } from './routed-call.ts';
import { someDocument } from './some-document.fixture.ts';

/** An answer in lines that both ways of asking can be compared by: everything that a switch or a person is told. */
function simulatedLines({ carriers, excluded, refusal, notice }: RoutedCall): string[] {
  return [
    ...(refusal === undefined ? [] : [`refused ${refusal.code}`]),
    ...(notice === undefined ? [] : [`notice ${notice.list} ${notice.prefix} ${notice.country ?? ''}`]),
    ...carriers.map(({ carrier, prefix, ratePerMin, price, currency, converted, reason, gateway = '', furtherGateways = [], ...first }) => [
      carrier, prefix, ratePerMin, price, currency, converted === undefined ? '' : `${converted.price} ${converted.currency}`, reason,
      ...[{ name: gateway, ...first }, ...furtherGateways].map((each) => `${each.name}@${addressText(each)}`),
    ].join(' | ')),
    ...excluded.map(({ carrier, code, reason }) => `not ${carrier} ${code}: ${reason}`),
  ];
}

function addressText({ number, address, protocol, timeoutSec, callerId }: GatewayAddress): string {
  return `${address} ${protocol} ${number} ${timeoutSec} s${callerId === undefined ? '' : ` as ${callerId.number ?? ''} ${callerId.presentation}`}`;
}

function liveLines({ carriers, excluded, refusal, notice }: RouteResult): string[] {
  const money = (nanos: bigint | undefined) => formatNanos(nanos ?? 0n);
  return [
    ...(refusal === undefined ? [] : [`refused ${refusal.code}`]),
    ...(notice === undefined ? [] : [`notice ${notice.list} ${notice.prefix} ${notice.country}`]),
    ...carriers.map(({ carrierCode, prefix, ratePerMinNanos, priceNanos, currency, converted, reason, gateway, furtherGateways, ...first }) => [
      carrierCode, prefix, money(ratePerMinNanos), money(priceNanos), currency, converted === undefined ? '' : `${money(converted.nanos)} ${converted.currency}`, reason,
      ...[{ name: gateway, ...first }, ...furtherGateways].map(({ name, address, tech, number, timeoutSec, callerId }) =>
        `${name}@${addressText({ address, protocol: tech, number, timeoutSec, ...(callerId === undefined ? {} : { callerId }) })}`),
    ].join(' | ')),
    ...excluded.map(({ carrierCode, code, reason }) => `not ${carrierCode} ${code}: ${reason}`),
  ];
}

/** One document through both. */
async function compared(written: Written): Promise<{ readonly simulated: string[][]; readonly live: string[][] }> {
  const document = routeDocument.parse(JSON.parse(JSON.stringify(written)));
  const [simulated, live] = await Promise.all([routesIn(written), liveRoutesOf(document)]);
  return { simulated: simulated.map(simulatedLines), live: live.map(liveLines) };
}

describe('the simulator and the live service', () => {
  it('answer the same to any calls, over any carriers and by any policy that both can be told', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(someDocument, async (document) => {
        const { simulated, live } = await compared(document);
        expect(live).toEqual(simulated);
        for (const [first = ''] of live) seen.add(first.split(' ')[1] ?? '');
        for (const line of live.flat()) if (line.startsWith('not ')) seen.add(line.split(' ')[2] ?? '');
      }),
      { numRuns: 15, endOnFailure: true },
    );
    // The documents are no desert: most of what takes a carrier out was met on the way.
    expect(seen.size).toBeGreaterThan(12);
  }, 120_000);
});
