export * from './jetstream-strategy.ts';
