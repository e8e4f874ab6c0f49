/** The thread of a ticker: sleeps until each millisecond from its start on, and says so. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';

const beatNs = 1_000_000n;
const { startsNs } = z.object({ startsNs: z.bigint() }).parse(workerData);
const nobody = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

for (let dueNs = startsNs; ; ) {
  const nowNs = process.hrtime.bigint();
  if (nowNs < dueNs) {
    Atomics.wait(nobody, 0, 0, Number(dueNs - nowNs) / 1e6);
  } else {
    parentPort?.postMessage(null);
    dueNs += ((nowNs - dueNs) / beatNs + 1n) * beatNs;
  }
}
