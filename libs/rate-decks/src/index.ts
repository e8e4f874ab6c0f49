export { type Activation, type DeckInForce, inForce } from './activation.ts';
export { planHistoryMigrations, rateDeckMigrations } from './migrations.ts';
export { bumpRevision, countChunks, readActivations, readChunks, readPlans } from './store.ts';
export { DeckReplica, deckReplicaEvents, type ReplicaOptions, type ReplicaState } from './replica.ts';
