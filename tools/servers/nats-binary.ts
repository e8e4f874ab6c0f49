import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Note } from '../cli/progress.ts';
import { homeFolder } from '../cli/project.ts';
import { messageOf, Stop } from '../cli/stop.ts';
import { fetchFromDebian } from './nats-debian.ts';
import { fetchRelease } from './nats-release.ts';

/** A way to get the server into a folder; it throws with the reason when it cannot. */
export interface Source {
  readonly name: string;
  fetch(folder: string, note: Note): Promise<string>;
}

const sources: readonly Source[] = [
  { name: 'the official release', fetch: fetchRelease },
  { name: "Debian's package", fetch: fetchFromDebian },
];

/**
 * A NATS server new enough for JetStream with `sync_interval` (2.10): the one that `TOLLWIRE_NATS_BINARY` names, the
 * one on the PATH, the one fetched before, or one fetched now into `.tollwire/nats`. Stops with every reason when
 * there is no way.
 */
export async function natsBinary(note: Note, from: readonly Source[] = sources, cache = homeFolder('nats')): Promise<string> {
  const named = process.env['TOLLWIRE_NATS_BINARY'];
  if (named !== undefined && named !== '') {
    if (isNewEnough(versionOf(named))) return named;
    throw new Stop(`TOLLWIRE_NATS_BINARY names ${named}, which is no NATS server of version 2.10 or newer.`);
  }
  const cached = join(cache, 'nats-server');
  for (const candidate of ['nats-server', cached]) {
    if (isNewEnough(versionOf(candidate))) return candidate;
  }
  const reasons: string[] = [];
  for (const source of from) {
    note(`NATS from ${source.name}`);
    try {
      const binary = await source.fetch(cache, note);
      if (existsSync(binary) && isNewEnough(versionOf(binary))) return binary;
      reasons.push(`${source.name}: does not run here`);
    } catch (error) {
      reasons.push(`${source.name}: ${messageOf(error)}`);
    }
  }
  throw new Stop(
    `There is no NATS server 2.10 or newer here (${reasons.join('; ')}): put nats-server on the PATH or name a server with TOLLWIRE_NATS_URL.`,
  );
}

/** The version that a binary says it is, nothing when it does not run. */
export function versionOf(binary: string): string | undefined {
  const said = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000, env: process.env });
  return said.status === 0 ? /v?(\d+\.\d+\.\d+)/.exec(said.stdout)?.[1] : undefined;
}

/** 2.10 brought `sync_interval: always`, without which an acknowledged message may be lost in a power cut. */
export function isNewEnough(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}
