import type { Note } from '../cli/progress.ts';
import { Stop } from '../cli/stop.ts';
import { dockerAnswers, images, pullImage } from './docker.ts';
import { natsBinary } from './nats-binary.ts';
import { postgresBinaries } from './postgres.ts';

/** Where a server comes from. */
export type ServerChoice =
  | { readonly kind: 'named'; readonly url: string }
  | { readonly kind: 'docker' }
  | { readonly kind: 'own'; readonly binary: string };

/** What the environment says about the servers. */
export interface ServerWishes {
  readonly postgresUrl?: string | undefined;
  readonly natsUrl?: string | undefined;
  /** `docker` or `own` insist on one; anything else means Docker where an engine answers and has the images. */
  readonly insist?: string | undefined;
}

/** Named servers first, then Docker, then those that this project brings along; what is missing is fetched. */
export async function chooseServers(wishes: ServerWishes, note: Note): Promise<{ postgres: ServerChoice; nats: ServerChoice }> {
  const named = { postgres: namedServer(wishes.postgresUrl, 'postgres:'), nats: namedServer(wishes.natsUrl, 'nats:') };
  const docker = named.postgres !== undefined && named.nats !== undefined ? false : mayUseDocker(wishes.insist, note);
  const inDocker: ServerChoice | undefined = docker ? { kind: 'docker' } : undefined;
  return {
    postgres: named.postgres ?? inDocker ?? { kind: 'own', binary: postgresBinaries() },
    nats: named.nats ?? inDocker ?? { kind: 'own', binary: await natsBinary(note) },
  };
}

function namedServer(url: string | undefined, protocol: string): ServerChoice | undefined {
  if (url === undefined || url === '') return undefined;
  if (!URL.canParse(url) || !new URL(url).protocol.startsWith(protocol.slice(0, -1))) {
    throw new Stop(`An address that begins with ${protocol}// was expected, not "${url}".`);
  }
  return { kind: 'named', url };
}

function mayUseDocker(insist: string | undefined, note: Note): boolean {
  if (insist === 'own') return false;
  const answers = dockerAnswers();
  if (answers) note('fetching images');
  const usable = answers && Object.values(images).every(pullImage);
  if (insist === 'docker' && !usable) {
    throw new Stop('TOLLWIRE_SERVERS=docker, but no Docker engine answers here with the images: start it, or leave the variable away.');
  }
  return usable;
}
