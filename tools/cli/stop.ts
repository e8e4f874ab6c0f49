/** Ends the command with one sentence and exit code 1; no stack, because the program itself is not at fault. */
export class Stop extends Error {
  readonly exitCode: number;

  constructor(sentence: string, exitCode = 1) {
    super(sentence);
    this.name = 'Stop';
    this.exitCode = exitCode;
  }
}

/** The command line does not say what it must, or says what nobody can read. Its exit code 2 is not that of something found. */
export class Misuse extends Stop {
  constructor(sentence: string) {
    super(sentence, 2);
    this.name = 'Misuse';
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
