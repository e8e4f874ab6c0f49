export type * from './rpc/types.ts';
