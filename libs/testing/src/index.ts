export * from './counted.ts';
export * from './given.ts';
export * from './servers.ts';
export * from './table.ts';
export * from './test-bus.ts';
export * from './test-clock.ts';
export * from './test-database.ts';
export * from './until.ts';
