/**
 * Who may import whom. Each rule has a probe in tools/check/probes.ts that plants a violation and proves that it fires.
 * Packages are links into libs/ and services/, so a path tells the layer, however it was imported.
 */
const library = (name) => `^libs/${name}/`;
const test = '\\.spec\\.ts$';
/** Beds and fixtures that several tests share. */
const testSupport = '/spec[-/]|/fixture/|\\.fixture\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'core-imports-nothing',
      comment: 'libs/core is the bottom: pure, and without dependencies.',
      severity: 'error',
      from: { path: library('core'), pathNot: test },
      to: { pathNot: library('core') },
    },
    {
      name: 'telecom-imports-core-only',
      comment: 'libs/telecom is pure: nothing but libs/core under it.',
      severity: 'error',
      from: { path: library('telecom'), pathNot: [test, testSupport, '/bench/'] },
      to: { pathNot: [library('telecom'), library('core')] },
    },
    {
      name: 'domain-is-pure',
      comment: "A service's domain imports libs/core, libs/telecom and itself; time, ids and rows come in with the command.",
      severity: 'error',
      from: { path: '^services/([^/]+)/src/domain/', pathNot: test },
      to: { pathNot: ['^services/$1/src/domain/', library('core'), library('telecom')] },
    },
    {
      name: 'services-never-each-other',
      comment: 'Services share proto/ and subjects, nothing else.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'libraries-never-services',
      comment: 'A library that knows a service belongs into that service.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'store-and-bus-apart',
      comment: 'libs/event-store and libs/messaging meet in libs/platform only, so that each stands by itself.',
      severity: 'error',
      from: { path: '^libs/(event-store|messaging)/', pathNot: [test, testSupport] },
      to: { path: '^libs/(event-store|messaging)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'libs/contracts is what others may take as a package: generated code, subjects, and the pure libraries.',
      severity: 'error',
      from: { path: library('contracts'), pathNot: test },
      to: { path: '^libs/', pathNot: [library('contracts'), library('core'), library('telecom')] },
    },
    {
      name: 'tools-are-nobodys-dependency',
      comment: 'The front door starts the system; the system does not know it.',
      severity: 'error',
      from: { path: '^(libs|services)/' },
      to: { path: '^tools/' },
    },
    {
      name: 'tests-are-nobodys-dependency',
      comment: 'libs/testing is for tests.',
      severity: 'error',
      from: { path: '^(libs|services|tools)/', pathNot: [test, testSupport, library('testing'), '/bench/'] },
      to: { path: library('testing') },
    },
    {
      name: 'no-cycles',
      comment: 'Two modules that need each other are one, or need a third.',
      severity: 'error',
      from: { pathNot: '/gen/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that resolves to nothing would only fail when it is run.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^\\.tollwire/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['tollwire-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.node'],
    },
  },
};
