/** A test environment without a global object of its own. It takes back what Jest put around a spec file. */
export default class SharedEnvironment {
  readonly global = globalThis;
  // Jest asks for all of these; there is nothing to fake or to mock.
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  readonly moduleMocker = null;
  readonly #console = globalThis.console;
  readonly #exit = Reflect.get(process, 'exit');

  async setup(): Promise<void> {
    // Nothing to make: the worker's own Node is the environment.
  }

  async teardown(): Promise<void> {
    globalThis.console = this.#console;
    process.exit = this.#exit;
  }

  /** Jest demands that this is here, and uses it for coverage only. */
  getVmContext(): null {
    return null;
  }
}
