import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A NATS server of its own for one suite, which may be killed, and whose store may be put back to an older copy. */
export class OwnServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tollwire-nats-'));
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.port = port;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts the binary that TOLLWIRE_TEST_NATS_BINARY names, or `nats-server` of the PATH. */
  async start(): Promise<void> {
    const binary = process.env['TOLLWIRE_TEST_NATS_BINARY'] ?? 'nats-server';
    const args = ['-js', '-sd', this.#store, '-a', '127.0.0.1', '-p', String(this.port)];
    const started = spawn(binary, args, { stdio: 'ignore' });
    this.#process = started;
    await once(started, 'spawn').catch((error: unknown) => {
      throw new Error(`${binary} does not start: run this through ./tollwire test, or set TOLLWIRE_TEST_NATS_BINARY.`, { cause: error });
    });
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  }

  /** Copies the store of a stopped server; what is put back later is a power cut that lost what came after. */
  keepStore(): void {
    cpSync(this.#store, this.#kept, { recursive: true });
  }

  putStoreBack(): void {
    rmSync(this.#store, { recursive: true, force: true });
    cpSync(this.#kept, this.#store, { recursive: true });
  }

  wipeStore(): void {
    rmSync(this.#store, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #store(): string {
    return join(this.#folder, 'store');
  }

  get #kept(): string {
    return join(this.#folder, 'kept');
  }
}

/** A server on a port that nobody uses. */
export async function ownServer(): Promise<OwnServer> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('A listening socket has a port');
  const server = new OwnServer(address.port);
  await server.start();
  return server;
}
