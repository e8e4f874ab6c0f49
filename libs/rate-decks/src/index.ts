export { type Activation, type DeckInForce, inForce } from './activation.ts';
export { rateDeckMigrations } from './migrations.ts';
export { DeckReplica, type ReplicaOptions, type ReplicaState } from './replica.ts';
