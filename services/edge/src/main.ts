import { startService } from '@tollwire/platform';
import { edgeFlow } from './edge.flow.ts';

await startService(edgeFlow);
