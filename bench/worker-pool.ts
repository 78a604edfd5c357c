// Shares jobs among threads: whoever is done gets the next one, and results keep the order of the jobs.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Results of all jobs, each by some thread that runs `file`. `onDone` is told of every one. Rejects when a thread fails. */
export async function shareAmongWorkers<J, R>(
  file: URL,
  jobs: readonly J[],
  onDone: (result: R) => void,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const threads = Math.min(availableParallelism(), jobs.length);

  function work(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      let mine = -1;
      const ask = (): void => {
        mine = next;
        next += 1;
        if (mine >= jobs.length) resolve();
        else worker.postMessage(jobs[mine]);
      };
      worker.on('error', reject);
      worker.on('message', (result: R) => {
        results[mine] = result;
        onDone(result);
        ask();
      });
      ask();
    });
  }

  const workers = Array.from({ length: threads }, () => new Worker(file));
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}
