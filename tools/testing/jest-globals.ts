import type * as Jest from '@jest/globals';

/** What `@jest/globals` offers to unit specs. Not `jest`: time is a test clock, and nothing of ours is mocked. */
export type Globals = Pick<typeof Jest, 'describe' | 'expect' | 'it' | 'test' | 'beforeAll' | 'beforeEach' | 'afterAll' | 'afterEach'>;

// Every spec file has functions of its own. Exports are live, so a module that outlives a file sees the next one's.
export let describe: Globals['describe'];
export let expect: Globals['expect'];
export let it: Globals['it'];
export let test: Globals['test'];
export let beforeAll: Globals['beforeAll'];
export let beforeEach: Globals['beforeEach'];
export let afterAll: Globals['afterAll'];
export let afterEach: Globals['afterEach'];

/** Sets what everybody sees who imports `@jest/globals`, before as well as after. */
export function setGlobals(globals: Globals): void {
  ({ describe, expect, it, test, beforeAll, beforeEach, afterAll, afterEach } = globals);
}
