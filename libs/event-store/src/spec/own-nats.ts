import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '@tollwire/core';
import { until } from '@tollwire/testing';

/**
 * A NATS server of a suite's own, whose store can be put back to an older copy. That is how a power cut is modelled:
 * `kill -9` loses nothing that the kernel holds, so it proves nothing about durability.
 */
export class OwnNats {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.url = `nats://127.0.0.1:${port}`;
  }

  static async start(): Promise<OwnNats> {
    const server = new OwnNats(await mkdtemp(join(tmpdir(), 'tollwire-nats-')), await freePort());
    await server.up();
    return server;
  }

  async up(): Promise<void> {
    const config = join(this.#folder, 'nats.conf');
    await writeFile(config, `listen: "127.0.0.1:${this.#port}"\njetstream { store_dir: "${this.#store}", sync_interval: always }\n`);
    const binary = present(process.env['TOLLWIRE_TEST_NATS_BINARY'], 'TOLLWIRE_TEST_NATS_BINARY: run this through ./tollwire test');
    const server = spawn(binary, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = server;
    let log = '';
    server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    await until(() => log.includes('Server is ready'));
  }

  /** Ends the server without a word, as a crash does. */
  async kill(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  /** Remembers the store as it is now; the server is down for the moment of the copy. */
  async copyStore(): Promise<void> {
    await this.kill();
    await rm(this.#copy, { recursive: true, force: true });
    await cp(this.#store, this.#copy, { recursive: true });
    await this.up();
  }

  /** Loses power: what came after the copy is gone. Without a copy, everything is. The server is down afterwards. */
  async loseWhatCameAfterTheCopy(): Promise<void> {
    await this.kill();
    await rm(this.#store, { recursive: true, force: true });
    await cp(this.#copy, this.#store, { recursive: true });
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #store(): string {
    return join(this.#folder, 'store');
  }

  get #copy(): string {
    return join(this.#folder, 'copy');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port of the machine is free');
  return address.port;
}
