import { startService } from '@tollwire/platform';
import { routingFlow } from './routing.flow.ts';

await startService(routingFlow);
