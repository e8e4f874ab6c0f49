/** Adds to the progress line what is being done right now. */
export type Note = (detail: string) => void;

const repeatMs = 10_000;

/**
 * Runs work that may take a while. Within a second nothing is shown; after that a line with the seconds, rewritten in
 * place on a terminal and repeated every ten seconds elsewhere. All on the error output, so that `--json` stays clean.
 */
export async function progress<T>(label: string, work: (note: Note) => Promise<T>): Promise<T> {
  const line = progressLine(label, process.stderr);
  try {
    const result = await work(line.note);
    line.end('done');
    return result;
  } catch (error) {
    line.end('failed');
    throw error;
  }
}

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The line itself, silent for the first `quietMs`. */
export function progressLine(label: string, output: Output, quietMs = 1_000): { note: Note; end(outcome: 'done' | 'failed'): void } {
  const startedMs = performance.now();
  let detail = '';
  let shownMs = -Infinity;
  const elapsedMs = (): number => performance.now() - startedMs;
  const text = (): string => `${label}${detail === '' ? '' : ` · ${detail}`} … ${Math.floor(elapsedMs() / 1_000)} s`;
  const draw = (): void => {
    if (output.isTTY === true) output.write(`\r\u001b[K${text()}`);
    else if (elapsedMs() - shownMs >= repeatMs) output.write(`${text()}\n`);
    else return;
    if (output.isTTY !== true) shownMs = elapsedMs();
  };
  let timer = setTimeout(function tick() {
    draw();
    timer = setTimeout(tick, output.isTTY === true ? 200 : 500);
  }, quietMs);
  return {
    note: (next) => {
      detail = next;
    },
    end: (outcome) => {
      clearTimeout(timer);
      if (elapsedMs() < quietMs) return;
      const seconds = (elapsedMs() / 1_000).toFixed(1);
      output.write(`${output.isTTY === true ? '\r\u001b[K' : ''}${label}: ${outcome} in ${seconds} s\n`);
    },
  };
}
