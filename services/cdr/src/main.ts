import { startService } from '@tollwire/platform';
import { cdrFlow } from './cdr.flow.ts';

await startService(cdrFlow);
