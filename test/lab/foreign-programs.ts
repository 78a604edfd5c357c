// The programs of others, as the lab's tests run them: what they are asked, and everything they say. None of them knows this project.
import { asking, type Place, runClient } from './clients.ts';

/** The program, and what it is asked. */
export type Question = [program: 'dig' | 'kdig' | 'curl' | 'openssl' | 'upsc' | 'sh', ...argv: string[]];

export const dig = (place: Place, name: string, type = 'A'): Question => [
  'dig',
  ...[...asking(place), '+time=1', '+tries=1', name, type],
];

export const kdig = (place: Place, name: string, type = 'SOA'): Question => [
  'kdig',
  ...[...asking(place), '+timeout=1', '+retry=0', name, type],
];

/** As URLs and most programs spell it. */
const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** The answer with its head, and how far and how fast it got. `trusted`: file of the authority. */
export function curl(scheme: string, host: string, { address, port }: Place, trusted: string, page = '/'): Question {
  const patience = ['--http1.1', '--max-time', '4', '--connect-timeout', '1'];
  const told = ['-sS', '-i', '-w', '\\nconnect=%{time_connect} took=%{time_total}\\n'];
  const where = ['--cacert', trusted, '--resolve', `${host}:${port}:${bracketed(address)}`];
  return ['curl', ...patience, ...told, ...where, `${scheme}://${host}:${port}${page}`];
}

/** What curl asks, by way of a forward proxy, which finds the address by itself. */
export const through = ({ address, port }: Place, asked: Question): Question => [
  ...asked,
  ...['--proxy', `http://${bracketed(address)}:${port}`],
];

/** Asked a moment later: whoever is started by a process that stands still from time to time is always started while it moves. */
export const afterAMoment = (asked: Question): Question => ['sh', '-c', 'sleep 0.3; exec "$@"', 'sh', ...asked];

/** Asked so often that one of the questions falls into a sleep, which comes after two seconds awake: all answers are told. */
export const againAndAgain = (asked: Question): Question => [
  'sh',
  ...['-c', 'for _ in 1 2 3 4 5 6 7 8; do sleep 0.3; "$@"; done', 'sh', ...asked],
];

/** A bare connection to what does not speak HTTP; long enough to see whether there is one. */
export function knock({ address, port }: Place): Question {
  const told = ['-sS', '-w', 'connect=%{time_connect} \\n', '--connect-timeout', '0.8', '--max-time', '1'];
  return ['curl', ...told, `http://${bracketed(address)}:${port}/`];
}

export const handshake = ({ address, port }: Place, name: string, trusted: string): Question => [
  'openssl',
  ...['s_client', '-connect', `${bracketed(address)}:${port}`, '-servername', name, '-CAfile', trusted],
];

export const CONNECTED = /connect=0\.0*[1-9]/;
export const NOT_CONNECTED = /connect=0\.0+ /;
export const NO_REPLY = /timed out|no servers could be reached|timeout/;
export const OK = /HTTP\/1\.1 200/;
export const ANSWERED = /status: NOERROR/;

const RUN_LIMIT_MS = 6_000;

/** Everything the program wrote. How it ended is part of that: curl and dig say so. */
export const seen = ([program, ...argv]: Question): Promise<string> => runClient(program, argv, RUN_LIMIT_MS);

/** For what takes a moment to be seen, on a machine with little time. */
export const WITHIN = { timeout: 20_000, interval: 100 };
