import type { WatchService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { liveCalls } from './live-calls.ts';
import { recountReports } from './recount-reports.ts';
import { restartSwitch } from './restart-switch.ts';
import { trafficReport } from './traffic-report.ts';

/** The answers of WatchService. */
export function watchAnswers(deps: CdrDeps): ServiceImplementation<typeof WatchService> {
  return {
    trafficReport: (request) => trafficReport(deps.database, request),
    liveCalls: (request) => liveCalls(deps.database, request),
    recountReports: (request) => recountReports(deps, request),
    restartSwitch: (request) => restartSwitch(deps, request),
  };
}
