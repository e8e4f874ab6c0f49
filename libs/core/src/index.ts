export * from './assert.ts';
export * from './brand.ts';
export * from './clock.ts';
export * from './csv.ts';
export * from './decider.ts';
export * from './result.ts';
