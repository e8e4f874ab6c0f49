import { z } from 'zod';
import { benchSwap } from '../../services/routing/bench/swap.ts';
import { answerParent } from './child.ts';

answerParent(z.number(), (rates) => benchSwap(rates));
