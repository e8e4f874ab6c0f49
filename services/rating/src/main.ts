import { startService } from '@tollwire/platform';
import { ratingFlow } from './rating.flow.ts';

await startService(ratingFlow);
