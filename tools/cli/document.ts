import { readFileSync } from 'node:fs';
import { messageOf, Misuse } from './stop.ts';

/** The text of a document, `-` for the standard input; stops with 2 where it cannot be read. */
export function documentText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file', ENOTDIR: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'this user may not read it', EPERM: 'this user may not read it',
};

/** That a file cannot be read, and why, in plain words where they are known. */
export function unreadable(file: string, error: unknown): Misuse {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new Misuse(`${file} cannot be read: ${reasons[code] ?? messageOf(error)}.`);
}
