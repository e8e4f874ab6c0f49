import { z } from 'zod';
import { benchPrices } from '../../libs/telecom/bench/prices.ts';
import { benchRoutes } from '../../services/routing/bench/routes.ts';
import { answerParent } from './child.ts';

answerParent(z.enum(['prices', 'routes']), async (which) => (which === 'prices' ? benchPrices() : benchRoutes()));
