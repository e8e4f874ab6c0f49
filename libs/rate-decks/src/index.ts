export { type Activation, type DeckInForce, inForce } from './activation.ts';
export { fetchContent } from './fetch-content.ts';
export { planHistoryMigrations, rateDeckMigrations } from './migrations.ts';
export { bumpRevision, countChunks, type PlanFacts, readActivations, readChunks, readPlans, readRevision } from './store.ts';
export { DeckReplica, deckReplicaEvents, type ReplicaOptions, type ReplicaState } from './replica.ts';
