import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, RestartSwitchReplySchema, RestartSwitchRequest } from '@tollwire/contracts';
import { instantUs, ok, refuse, type Result } from '@tollwire/core';
import { isPlausibleInstant } from '@tollwire/telecom';
import type { CdrDeps } from '../cdr.deps.ts';
import { abandonedByRestart } from '../domain/abandon.ts';
import { openOfSwitch } from '../projections/abandon-walk.ts';
import { abandon, openSinceUs } from '../sweeps/abandon-calls.ts';
import { timesOf } from '../wire/call-abandoned.ts';

/** Calls closed in one transaction. */
const BATCH_MAX = 2_000;

/**
 * Closes every open call of a switch that was set up before the instant of its restart: the switch has lost them and no
 * end will come. Told again it closes nothing more. Refuses a switch that nobody told calls of, and an instant that
 * cannot be believed.
 */
export async function restartSwitch(deps: CdrDeps, { switchId, atUs }: RestartSwitchRequest): Promise<Result<MessageInitShape<typeof RestartSwitchReplySchema>, CodedRefusal>> {
  const restartedAtUs = instantUs(Number(atUs));
  if (!isPlausibleInstant(restartedAtUs, deps.clock.nowUs())) return refuse({ code: 'field_out_of_range', field: 'atUs',
    detail: 'Name the instant of the restart, which lies after 2000 and not ahead of the clock here.' });
  const isKnown = switchId !== '' && !switchId.includes('\0') && (await deps.database.query('SELECT 1 FROM voip_switch WHERE name = $1', [switchId])).length > 0;
  if (!isKnown) return refuse({ code: 'unknown_switch', field: 'switchId', facts: { switchId } });
  let abandonedCount = 0;
  for (let fromUs = openSinceUs(restartedAtUs); ; ) {
    const rows = await openOfSwitch(deps.database, switchId, fromUs, restartedAtUs, BATCH_MAX);
    abandonedCount += await abandon(deps, rows, (row) => abandonedByRestart(timesOf(row), restartedAtUs));
    const last = rows.at(-1);
    if (last === undefined || rows.length < BATCH_MAX) return ok({ abandonedCount });
    fromUs = last.started_at_us;
  }
}
