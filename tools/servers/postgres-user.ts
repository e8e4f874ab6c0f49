import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Stop } from '../cli/stop.ts';

/** How a program is started as the user that PostgreSQL may run as. */
export interface RunAs {
  /** Ids to run under; absent when we are an ordinary user, who is good enough. */
  readonly uid?: number;
  readonly gid?: number;
  /** A program and its first arguments to put in front, where the ids alone do not do. */
  readonly wrapper: readonly string[];
}

const user = 'postgres';

/**
 * PostgreSQL refuses to run as root. As root we use the system user `postgres`, made only when missing. When that user
 * cannot walk into `folder` (a clone under /root, say), the program keeps one right of root's: to look up paths.
 */
export function postgresUser(folder: string): RunAs {
  if (process.getuid?.() !== 0) return { wrapper: [] };
  const ids = idsOf(user) ?? makeUser();
  if (mayEnter(folder, ids)) return { ...ids, wrapper: [] };
  const wrapper = keepingPathRight(ids);
  if (wrapper === undefined) {
    throw new Stop(`The user "${user}", which PostgreSQL must run as, may not enter ${folder}: clone to a folder that all users may enter.`);
  }
  return { ...ids, wrapper };
}

/** The program in front that changes the user but keeps the right to look up any path; nothing where that cannot be done. */
function keepingPathRight({ uid, gid }: Ids): string[] | undefined {
  const right = pathRight();
  const rights = [`--inh-caps=-all,+${right}`, `--ambient-caps=-all,+${right}`];
  // Without this bit access(2), which PostgreSQL finds its own files with, would ignore the right (capabilities(7)).
  const wrapper = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--securebits=+no_setuid_fixup', ...rights, '--'];
  const works = right !== undefined && spawnSync('setpriv', [...wrapper.slice(1), 'true']).status === 0;
  return works ? wrapper : undefined;
}

/** Options for `spawn`: with a wrapper it is the wrapper that changes the ids. */
export function spawnIds({ uid, gid, wrapper }: RunAs): { uid?: number; gid?: number } {
  return wrapper.length > 0 || uid === undefined || gid === undefined ? {} : { uid, gid };
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

function idsOf(name: string): Ids | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
  if (uid?.status !== 0 || gid?.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function makeUser(): Ids {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', user]],
    ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', user]],
  ];
  for (const [program, args] of ways) {
    if (spawnSync(program, args).status === 0) break;
  }
  const ids = idsOf(user);
  if (ids === undefined) {
    throw new Stop(`PostgreSQL cannot run as root, and the system user "${user}" could not be made: make it, or run as an ordinary user.`);
  }
  return ids;
}

function mayEnter(folder: string, { uid, gid }: Ids): boolean {
  for (let at = folder; ; at = dirname(at)) {
    const stat = statSync(at);
    const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
    if ((stat.mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/** The least capability that this root has for looking up any path (capabilities(7)); none in a container without both. */
function pathRight(): 'dac_read_search' | 'dac_override' | undefined {
  if (!existsSync('/proc/self/status')) return undefined;
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const bits = BigInt(`0x${effective}`);
  if ((bits & 4n) !== 0n) return 'dac_read_search';
  return (bits & 2n) !== 0n ? 'dac_override' : undefined;
}
