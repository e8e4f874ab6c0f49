import { readFileSync } from 'node:fs';
import { Stop } from './stop.ts';

/** The text of a document, `-` for the standard input; stops with 2 where it cannot be read. */
export function documentText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Stop(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, 2);
  }
}
