// Says that work goes on, once it takes longer than a person would wait in silence.
import { tell } from './terminal.ts';

/** Nobody minds silence that is shorter. */
const QUIET_MS = 2_000;
/** For whoever collects logs, seldom is enough. */
const SELDOM_MS = 10_000;

/**
 * Waits for the work, and meanwhile tells on stderr what is being waited for: on a terminal one line that counts seconds and
 * is wiped away at the end, elsewhere a line now and then.
 */
export async function withProgress<T>(
  what: string,
  work: Promise<T>,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): Promise<T> {
  const start = performance.now();
  const live = stream.isTTY === true && process.env.TERM !== 'dumb';
  let shown = false;
  const say = (): void => {
    const seconds = Math.round((performance.now() - start) / 1000);
    if (live) stream.write(`\r\x1b[K${what}: ${seconds} s`);
    else tell(`${what}: ${seconds} s`);
    shown = true;
  };
  let timer = setTimeout(function again() {
    say();
    timer = setTimeout(again, live ? 1_000 : SELDOM_MS);
  }, QUIET_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (live && shown) stream.write('\r\x1b[K');
  }
}
