import { AccountCode, DialerSetting, UserProfile } from './account.entity.ts';
import { Card, CardType, Cid, Order, Reseller, Sale } from './card.entity.ts';

/** The documented tables, for ordinary queries. Money has none here: it is touched by set-based SQL only. */
export const entities = [CardType, Card, Cid, Reseller, Order, Sale, UserProfile, AccountCode, DialerSetting];
