/**
 * One Jest for the whole repository. The suffix of a file tells its cost:
 * `.spec` needs nothing running, `.int.spec` needs PostgreSQL and NATS, `.e2e.spec` runs whole services.
 */
const suites = {
  unit: { testMatch: ['**/*.spec.ts'], testPathIgnorePatterns: ['\\.(int|e2e)\\.spec\\.ts$', '/node_modules/', '/dist/'] },
  int: { testMatch: ['**/*.int.spec.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] },
  e2e: { testMatch: ['**/*.e2e.spec.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] },
};

const common = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['tollwire-source', 'node', 'node-addons'] },
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
