import { createRequire, enableCompileCache, flushCompileCache, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { homeFolder } from '../cli/project.ts';
import { type Globals, setGlobals } from './jest-globals.ts';
import { putBack, type Surroundings, surroundings } from './surroundings.ts';

/** What this needs of Jest's transformer: compiled text, from its cache where it can, and where its source map lies. */
interface Transformer {
  transform(file: string, options: object): { readonly code: string; readonly sourceMapPath: string | null };
}

const require = createRequire(import.meta.url);
const globalsUrl = new URL('./jest-globals.ts', import.meta.url).href;
const circusHandlers = Symbol.for('EVENT_HANDLERS');

/** By URL, for all that this process has loaded: Jest maps the lines of stack traces by it. */
const sourceMaps = new Map<string, string>();
let compile: ((file: string) => ReturnType<Transformer['transform']>) | undefined;

enableCompileCache(homeFolder('cache', 'compiled-tests'));
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: globalsUrl, shortCircuit: true };
    return next(specifier, { ...context, conditions: [...context.conditions, 'tollwire-source'] });
  },
  load(url, context, next) {
    const path = url.startsWith('file:') && url.endsWith('.ts') ? fileURLToPath(url) : undefined;
    if (path === undefined || compile === undefined) return next(url, context);
    const { code, sourceMapPath } = compile(path);
    if (sourceMapPath !== null) sourceMaps.set(url, sourceMapPath);
    return { format: 'module', source: code, shortCircuit: true };
  },
});

/**
 * The runtime of the unit suite, in place of `jest-runtime`: Node itself loads the modules, and a worker loads each of
 * them once for all spec files, not once for every file. Everything else (finding, spreading, running and reporting tests) is Jest's.
 * What it does not do: `jest.mock` and its kin, fake timers, `--watch`, `--coverage`.
 */
export default class SharedRuntime {
  #before: Surroundings | undefined;

  constructor(_config: unknown, _environment: unknown, _resolver: unknown, transformer: Transformer, _files: unknown, coverage: object) {
    const options = {
      ...coverage,
      supportsDynamicImport: true,
      supportsExportNamespaceFrom: true,
      supportsStaticESM: true,
      supportsTopLevelAwait: true,
    };
    compile = (file) => transformer.transform(file, options);
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  async unstable_importModule(path: string): Promise<unknown> {
    // Not earlier, because Jest has globals of its own, which outlive a file.
    this.#before ??= surroundings();
    return await import(pathToFileURL(path).href);
  }

  requireModule(path: string): unknown {
    return require(path);
  }

  /** Jest's test framework, evaluated anew, because it keeps the tests and hooks of a file in its module. */
  requireInternalModule(path: string): unknown {
    Reflect.deleteProperty(require.cache, require.resolve(path));
    Reflect.deleteProperty(globalThis, circusHandlers);
    return require(path);
  }

  setGlobalsForRuntime(globals: Globals): void {
    setGlobals(globals);
  }

  getSourceMaps(): Map<string, string> {
    return sourceMaps;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  enterTestCode(): void {
    // Jest's own runtime refuses imports after a test's end; here they harm nobody.
  }

  leaveTestCode(): void {
    // See above.
  }

  teardown(): void {
    if (this.#before !== undefined) putBack(this.#before);
    // Jest ends its workers by a signal when they are slow to end, and Node writes its cache at an orderly exit only.
    flushCompileCache();
  }
}
