import { describe, expect, it } from '@jest/globals';
import { publicEvents } from '@tollwire/contracts';
import { type FlowOutline, isCalled, sectionOf } from './flow.ts';

const little: FlowOutline = { name: 'cdr', stores: [], keeps: [], answers: [], reactions: [], publishes: [publicEvents.CdrClosed] };

describe('the section of a service', () => {
  it('lists only what the service has', () => {
    expect(sectionOf(little)).toBe('## cdr\n\n- publishes: `CdrClosed`\n');
  });

  it('shows what is decided and where that is kept, and what is kept besides', () => {
    const decides = [{ name: 'rateCall', keptIn: ['rated_call'] }, { name: 'quote', keptIn: [] }];
    expect(sectionOf({ ...little, keeps: ['deck', 'rated_call'], decides })).toContain(
      '- decides:\n  - `rateCall`, kept in `rated_call`\n  - `quote`, only answered\n- keeps besides: `deck`\n',
    );
  });

  it('shows where numbers are taken out that are erased', () => {
    const forget = () => Promise.resolve({ count: 0 });
    expect(sectionOf({ ...little, forgets: { places: [{ name: 'cid', forget }, { name: 'event', forget }] } })).toContain('- takes numbers that are erased out of: `cid`, `event`\n');
  });

  it('shows sweeps with their pace, and routes by what they are about', () => {
    const sweeps = [{ name: 'expire-cards', everyMs: 500, run: () => Promise.resolve() }];
    const routes = { 'POST /v1/cards/sell': [], 'GET /v1/calls': [], 'POST /v1/cards/pay': [] };
    const text = sectionOf({ ...little, sweeps, http: { controllers: [], providers: () => [], routes } });
    expect(text).toContain('- sweeps:\n  - `expire-cards` every 0.5 s\n');
    expect(text).toContain('- opens to HTTP:\n  - cards: `POST /v1/cards/sell`, `POST /v1/cards/pay`\n  - calls: `GET /v1/calls`\n');
  });
});

describe('a decision is called', () => {
  it.each<[is: boolean, text: string]>([
    [true, "import { quote, rateCall } from '../domain/rate-call.ts';"],
    [true, "import {\n  type Quote, rateCall as decide,\n} from './domain/rate-call.ts';"],
    [false, "import type { rateCall } from '../domain/rate-call.ts';"],
    [false, "import { type rateCall } from '../domain/rate-call.ts';"],
    [false, "import { rateCalls } from '../domain/rate-call.ts';"],
    [false, "import { rateCall } from './rate-call.ts';"],
  ])('%s: %s', (is, text) => {
    expect(isCalled('rateCall', text)).toBe(is);
  });
});
