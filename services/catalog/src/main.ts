import { startService } from '@tollwire/platform';
import { catalogFlow } from './catalog.flow.ts';

await startService(catalogFlow);
