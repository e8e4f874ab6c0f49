import { unreachable } from '@tollwire/core';
import { isoOf } from './compare.ts';
import type { Counts, Finding } from './join.ts';
import type { TheirFile } from './theirs.ts';

/** A finding as a row of the table: the call, what was found, and by how much. */
export function findingRow(finding: Finding): string[] {
  switch (finding.found) {
    case 'missing_here':
      return [finding.found, finding.call, `line ${finding.line}, started ${isoOf(finding.startedAtUs)}, ${finding.talkSec} s of conversation`];
    case 'missing_there':
      return [finding.found, finding.call, `started ${isoOf(finding.startedAtUs)}, ${finding.talkSec} s of conversation`];
    case 'told_twice':
      return [finding.found, finding.call, `line ${finding.line} says otherwise than line ${finding.firstLine}`];
    case 'different': {
      const by = finding.differences.map(({ field, here, there, bySec }) => {
        return bySec === undefined ? `${field} ${here} here, ${there} there` : `${field} ${bySec > 0 ? '+' : ''}${bySec} s`;
      });
      return [finding.found, finding.call, `line ${finding.line}: ${by.join('; ')}`];
    }
    default:
      return unreachable(finding);
  }
}

/** A finding as a line of JSON. */
export function findingJson(finding: Finding): string {
  return JSON.stringify('startedAtUs' in finding ? { ...finding, startedAtUs: undefined, startedAt: isoOf(finding.startedAtUs) } : finding);
}

/** What it came to, for people. */
export function summaryLines(counts: Counts, file: TheirFile, openHere: number): string[] {
  const rounded = (sec: number) => Math.round(sec * 10) / 10;
  return [
    `matched ${counts.matched}, missing here ${counts.missingHere}, missing there ${counts.missingThere}, different ${counts.different}` +
      `${counts.toldTwice === 0 ? '' : `, told twice ${counts.toldTwice}`}${file.unreadableCount === 0 ? '' : `, unreadable ${file.unreadableCount}`}`,
    `conversation ${rounded(counts.talkSecHere)} s here, ${rounded(counts.talkSecThere)} s there, ${rounded(counts.talkSecHere - counts.talkSecThere)} s more here`,
    ...(openHere === 0 ? [] : [`${openHere} calls of ours still go on and were not held against the file`]),
  ];
}
