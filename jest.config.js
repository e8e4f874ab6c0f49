const ignored = ['/node_modules/', '/dist/'];

/** Jest compiles and loads every module anew for every spec file, with a global object of its own. */
const apart = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['tollwire-source', 'node', 'node-addons'] },
};

/**
 * A worker loads every module once (docs/adr/0010-unit-specs-share-their-modules.md). Not where files change while
 * Jest runs, nor where it counts what was covered.
 */
const together = process.argv.some((arg) => /^--(watch|coverage|collectCoverage)/.test(arg))
  ? apart
  : {
      runtime: '<rootDir>/tools/testing/shared-runtime.ts',
      testEnvironment: '<rootDir>/tools/testing/shared-environment.ts',
      injectGlobals: false,
    };

/**
 * One Jest for the whole repository. The suffix of a file tells its cost:
 * `.spec` needs nothing running, `.int.spec` needs PostgreSQL and NATS, `.e2e.spec` runs whole services.
 */
const suites = {
  unit: { testMatch: ['**/*.spec.ts'], testPathIgnorePatterns: ['\\.(int|e2e)\\.spec\\.ts$', ...ignored], ...together },
  int: { testMatch: ['**/*.int.spec.ts'], testPathIgnorePatterns: ignored, ...apart },
  e2e: { testMatch: ['**/*.e2e.spec.ts'], testPathIgnorePatterns: ignored, ...apart },
};

const common = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { rewriteRelativeImportExtensions: false } }] },
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/tools'],
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  // A condition that is awaited comes soon, but not on a machine that does ten other things.
  testTimeout: 30_000,
  projects: Object.entries(suites).map(([displayName, suite]) => ({ displayName, ...common, ...suite })),
};
