import { accept, type Decider, type InstantUs, reject, unreachable } from '@tollwire/core';
import type { FraudRule } from './fraud-rule.ts';

/** What a case is about: the rule as it stood, and whose calls they were. */
export interface FraudAbout {
  readonly rule: Pick<FraudRule, 'id' | 'name' | 'by' | 'measure' | 'windowSec' | 'limit' | 'currency' | 'action'>;
  readonly subject: string;
}

export type FraudCaseCommand =
  | ({ readonly type: 'Judge'; readonly measured: bigint; readonly at: InstantUs } & FraudAbout)
  | { readonly type: 'Clear'; readonly by: string; readonly at: InstantUs };

export type FraudCaseEvent =
  | ({ readonly type: 'FraudSuspected'; readonly measured: bigint; readonly at: InstantUs } & FraudAbout)
  | ({ readonly type: 'FraudCleared'; readonly by: string; readonly at: InstantUs } & FraudAbout);

export interface FraudCaseRefusal {
  readonly code: 'unknown_fraud_case';
}

export type FraudCaseState = { readonly status: 'quiet' } | ({ readonly status: 'suspected' | 'cleared' } & FraudAbout);

/**
 * What a rule found of one payer, caller or destination: suspected once, however often it is measured, until somebody clears it. At the
 * limit nothing is suspicious, beyond it is.
 */
export const fraudCase: Decider<FraudCaseState, FraudCaseCommand, FraudCaseEvent, FraudCaseRefusal> = {
  name: 'fraud-case',
  initial: { status: 'quiet' },

  decide(command, state) {
    switch (command.type) {
      case 'Judge': {
        const { rule, subject, measured, at } = command;
        if (state.status === 'suspected' || measured <= rule.limit) return accept();
        return accept({ type: 'FraudSuspected', rule, subject, measured, at });
      }
      case 'Clear': {
        if (state.status === 'quiet') return reject({ code: 'unknown_fraud_case' });
        const { rule, subject } = state;
        return state.status === 'cleared' ? accept() : accept({ type: 'FraudCleared', rule, subject, by: command.by, at: command.at });
      }
      default:
        return unreachable(command);
    }
  },

  evolve(_state, { type, rule, subject }) {
    return { status: type === 'FraudSuspected' ? 'suspected' : 'cleared', rule, subject };
  },
};
