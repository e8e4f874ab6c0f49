import { Misuse } from './stop.ts';

/**
 * What is done with a setting that is set as a whole: whoever says nothing of it only looks at it, so that nobody wipes
 * it by asking. It is emptied by `--none` alone.
 */
export function changeOf(what: string, isStated: boolean, none: boolean | undefined): 'show' | 'set' {
  if (isStated && none === true) throw new Misuse(`--none takes all ${what} away, so it stands alone.`);
  return isStated || none === true ? 'set' : 'show';
}

/** The same of what only another command shows: it must be said, or emptied in so many words. */
export function needStated(what: string, isStated: boolean, none: boolean | undefined, shownBy: string): void {
  if (changeOf(what, isStated, none) === 'show') throw new Misuse(`Say which ${what}, or --none for none; ${shownBy} shows those that hold.`);
}
