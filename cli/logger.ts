// What a running demarc tells, line by line.
import { pino } from 'pino';
import { paint, tell } from './terminal.ts';

export type Logger = (level: 'info' | 'warn' | 'error', message: string, details?: Record<string, unknown>) => void;

/** For a person at a terminal one line each; JSON lines for anything that collects logs. */
export function createLogger(): Logger {
  if (process.stderr.isTTY === true) {
    return (level, message, details = {}) => {
      const rest = Object.entries(details)
        .map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
        .join('');
      const mark = {
        info: paint('gray', 'info', process.stderr),
        warn: paint('yellow', 'warn', process.stderr),
        error: paint('red', 'error', process.stderr),
      };
      tell(`${mark[level]} ${message}${paint('gray', rest, process.stderr)}`);
    };
  }
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
  return (level, message, details = {}) => logger[level](details, message);
}
