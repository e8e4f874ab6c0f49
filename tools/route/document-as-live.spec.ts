import { create } from '@bufbuild/protobuf';
import { ProviderLimitsSchema, RoutingPolicySchema } from '@tollwire/contracts';
import { failoverBy, goesOn } from '../../services/routing/src/domain/failover.ts';
import { callsTaken } from '../../services/routing/src/domain/provider-limits.ts';
import { limitFields } from '../../services/routing/src/wire/limit-fields.ts';
import { policyFields } from '../../services/routing/src/wire/policy-fields.ts';
import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { qualityOf } from '../../services/routing/src/domain/carrier-quality.ts';
import { carrier, e164, indexOf, noonUs } from '../../services/routing/src/domain/route.fixture.ts';
import { route } from '../../services/routing/src/domain/route.ts';
import { RoutingPlan } from '../../services/routing/src/domain/routing-plan.ts';
import { LEAST_COST } from '../../services/routing/src/domain/routing-policy.ts';
import { CarrierFactsNow } from '../../services/routing/src/live/carrier-facts-now.ts';
import { MeasuredQualities } from '../../services/routing/src/live/measured-qualities.ts';
import { carrierOf, oneRoute, told } from './document.fixture.ts';

describe('a document and the live router', () => {
  it('agree that a carrier over too few attempts is not measured, and comes last where the order is by quality', async () => {
    const sums = (carrierCode: string, attempts: number, answered: number) => [
      { carrierCode, destination: '', attempts, answered, effective: answered, talkUs: answered * 60_000_000, pddUs: 0, pddCalls: 0 },
    ];
    // FEW was tried three times, and nobody may be judged over fewer than twenty.
    const measured = [...sums('FEW', 3, 3), ...sums('MANY', 100, 50)];
    const quality = new MeasuredQualities({ query: async <Row>() => measured as Row[] }, 900);
    await quality.refresh([], noonUs);
    const facts = new CarrierFactsNow({ quality, capacity: { concurrentCalls: () => 0, callsPerSec: () => 0, isNow: () => true }, balances: { spentNanos: () => 0n } });
    const carriers = [carrier(0, 'FEW'), carrier(1, 'MANY')];
    const index = indexOf(carriers, [{ carrier: 'FEW', prefix: '34', rate: 0.02 }, { carrier: 'MANY', prefix: '34', rate: 0.02 }]);
    const live = route({ e164: e164('34650123456'), atUs: instantUs(noonUs), plan: RoutingPlan.ofTariffBy({ ...LEAST_COST, order: { by: 'quality' } }) }, index, facts);
    const measuredAs = (attempts: number, answered: number) => {
      const { asr, acdSec } = qualityOf({ attempts, answered, effective: answered, talkUs: answered * 60_000_000, pddUs: 0, pddCalls: 0 });
      return { quality: { asr, acdSec, attempts, attemptsMin: 20 } };
    };
    const document = await oneRoute({ routing: { order: 'quality' } }, [carrierOf('FEW', '34 0.02', measuredAs(3, 3)), carrierOf('MANY', '34 0.02', measuredAs(100, 50))]);
    const liveOrder = live.routed ? live.carriers.map((each) => each.carrier.carrierCode).join(' ') : live.refusal.code;
    expect([liveOrder, told(document)]).toEqual(['MANY FEW', 'MANY FEW']);
  });
});

describe('an empty list of a document', () => {
  it('is no limit, as it is when the live service is told it', async () => {
    const taken = limitFields(create(ProviderLimitsSchema, { accountsOnly: [] }));
    expect(taken.ok && callsTaken(taken.value)).toEqual({});
    expect(told(await oneRoute({}, [carrierOf('A', '34 0.02', { accountsOnly: [] })]))).toBe('A');
  });

  it('of causes means the usual ones, as it does when the live service is told it', async () => {
    const stated = { q850: [], sipGoesOn: [], sipStops: [] };
    const live = policyFields(create(RoutingPolicySchema, { failover: stated }));
    const congested = { q850: 34 };
    const goesOnLive = live.ok && goesOn(congested, failoverBy(live.value.failover ?? { sipGoesOn: [], sipStops: [] }));
    const document = await oneRoute({ routing: { failover: stated } }, [carrierOf('A', '34 0.02'), carrierOf('B', '34 0.03')], { attempts: [{ carrier: 'A', ...congested }] });
    expect([goesOnLive, document.next]).toEqual([true, 'B']);
  });
});
