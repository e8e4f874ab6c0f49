import type { CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';

/** Which gateways the calls of an account may use; both empty: all. */
export interface GatewaysOfAccount {
  readonly gatewayIds: number[];
  readonly gatewayGroupIds: number[];
}

/** Whoever can ask card. */
interface AsksCard {
  readonly control: Pick<EdgeAskers['control'], 'showDialing'>;
}

const ALL: GatewaysOfAccount = { gatewayIds: [], gatewayGroupIds: [] };

/** Asks card for them, as it would tell them with a call of the account. */
export async function gatewaysOf({ control }: AsksCard, accountCode: string): Promise<Result<GatewaysOfAccount, CodedRefusal>> {
  const shown = await control.showDialing({ party: { party: { case: 'accountCode', value: accountCode } } });
  if (!shown.ok) return shown;
  const { gatewayIds = [], gatewayGroupIds = [] } = shown.value.rules ?? {};
  return ok({ gatewayIds, gatewayGroupIds });
}

/** The same of many accounts, each asked for once; one that card does not know has no such rules. */
export class AccountGateways {
  readonly #ask: AsksCard;
  readonly #known = new Map<string, GatewaysOfAccount>([['', ALL]]);

  constructor(ask: AsksCard) {
    this.#ask = ask;
  }

  /** By account code; under the empty one, of cards. */
  async of(accountCodes: readonly string[]): Promise<Result<ReadonlyMap<string, GatewaysOfAccount>, CodedRefusal>> {
    const unknown = [...new Set(accountCodes)].filter((code) => !this.#known.has(code));
    const asked = await Promise.all(unknown.map(async (code) => ({ code, gateways: await gatewaysOf(this.#ask, code) })));
    for (const { code, gateways } of asked) {
      if (!gateways.ok && gateways.refusal.code !== 'unknown_account') return gateways;
      this.#known.set(code, gateways.ok ? gateways.value : ALL);
    }
    return ok(this.#known);
  }
}
