// One of the threads an evaluation is shared among: a job in, its result out, until nobody has another.
import { parentPort } from 'node:worker_threads';
import { createPlayer, type Job } from './accuracy-jobs.ts';

const play = createPlayer();

parentPort?.on('message', (job: Job) => {
  // A failure ends the thread, and with it the evaluation.
  void play(job).then((result) => parentPort?.postMessage(result));
});
