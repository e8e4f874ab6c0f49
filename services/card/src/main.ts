import { startService } from '@tollwire/platform';
import { cardFlow } from './card.flow.ts';

await startService(cardFlow);
