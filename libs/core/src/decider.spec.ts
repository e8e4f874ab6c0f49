import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accept, type Decider, fold, reject } from './decider.ts';
import { ok, refuse, type Result } from './result.ts';

type Posted = { readonly type: 'Posted'; readonly nanos: bigint };
type Closed = { readonly type: 'Closed' };
type Command = { readonly type: 'Post'; readonly nanos: bigint };
type Refused = { readonly code: 'closed' } | { readonly code: 'short'; readonly missingNanos: bigint };
interface Account {
  readonly nanos: bigint;
  readonly open: boolean;
}

const account: Decider<Account, Command, Posted | Closed, Refused> = {
  name: 'account',
  initial: { nanos: 0n, open: true },
  decide({ nanos }, state) {
    if (!state.open) return reject({ code: 'closed' });
    if (state.nanos + nanos < 0n) return reject({ code: 'short', missingNanos: -(state.nanos + nanos) });
    return nanos === 0n ? accept() : accept({ type: 'Posted', nanos });
  },
  evolve: (state, event) => (event.type === 'Closed' ? { ...state, open: false } : { ...state, nanos: state.nanos + event.nanos }),
};

const posted = (nanos: bigint): Posted => ({ type: 'Posted', nanos });

describe('a decision', () => {
  it.each<[what: string, decision: unknown, expected: unknown]>([
    ['the facts that follow', account.decide({ type: 'Post', nanos: 5n }, account.initial), { accepted: true, events: [posted(5n)] }],
    ['no fact where it had been carried out', account.decide({ type: 'Post', nanos: 0n }, account.initial), { accepted: true, events: [] }],
    ['the refusal with its facts', account.decide({ type: 'Post', nanos: -7n }, { nanos: 5n, open: true }), { accepted: false, refusal: { code: 'short', missingNanos: 2n } }],
    ['the refusal by state', account.decide({ type: 'Post', nanos: 1n }, { nanos: 5n, open: false }), { accepted: false, refusal: { code: 'closed' } }],
  ])('is %s', (_what, decision, expected) => {
    expect(decision).toEqual(expected);
  });

  it('keeps the order of several events', () => {
    expect(accept<Posted | Closed>(posted(1n), posted(2n), { type: 'Closed' }).events.map(({ type }) => type)).toEqual(['Posted', 'Posted', 'Closed']);
  });
});

describe('fold', () => {
  it('is the beginning where nothing has happened', () => {
    expect(fold(account, [])).toBe(account.initial);
  });

  it('records one event after the other, and changes neither the beginning nor the events', () => {
    const events = Object.freeze([posted(5n), posted(-2n), { type: 'Closed' } as const]);
    expect(fold(account, events)).toEqual({ nanos: 3n, open: false });
    expect(account.initial).toEqual({ nanos: 0n, open: true });
  });

  it('takes what can be read only once', () => {
    const read = function* () {
      yield posted(1n);
      yield posted(2n);
    };
    expect(fold(account, read())).toEqual({ nanos: 3n, open: true });
  });

  it('gives the same in one go and from any state on the way: a snapshot may stand for what led to it', () => {
    const events = fc.array(fc.oneof(fc.bigInt().map(posted), fc.constant<Closed>({ type: 'Closed' })));
    fc.assert(
      fc.property(events, events, (before, after) => {
        expect(fold(account, after, fold(account, before))).toEqual(fold(account, [...before, ...after]));
      }),
    );
  });
});

describe('a result', () => {
  const half = (n: number): Result<number, { readonly code: 'odd'; readonly n: number }> => (n % 2 === 0 ? ok(n / 2) : refuse({ code: 'odd', n }));

  it('carries its value or its refusal, told apart by one field', () => {
    expect([half(4), half(3)]).toEqual([{ ok: true, value: 2 }, { ok: false, refusal: { code: 'odd', n: 3 } }]);
  });

  it('carries an empty value as well as any other', () => {
    expect([ok(undefined), ok(0), ok('')].map(({ ok: isOk }) => isOk)).toEqual([true, true, true]);
  });
});
