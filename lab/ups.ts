// The UPS of the house and its NUT server: it tells, by the protocol of RFC 9271, where the power comes from.
import type { Socket } from 'node:net';
import { addPort, type Site } from './site.ts';

/** Its name at its server. */
export const UPS = 'ups';

/** Faults during which the line gives no power. */
const WITHOUT_LINE = ['power_cut', 'ups_on_battery'] as const;

const LONGEST_QUESTION = 1_024;

/** Opens the server, where the world has one. */
export async function buildUps(site: Site): Promise<void> {
  const { ups } = site.world;
  if (ups === undefined) return;
  const status = (): string => (WITHOUT_LINE.some((kind) => site.damage.active(kind)) ? 'OB DISCHRG' : 'OL');
  await addPort(site, { role: 'ups', owner: '', side: 'lan' }, ups, (socket) => answerLines(socket, status));
}

function answerLines(socket: Socket, status: () => string): void {
  let unread = '';
  socket.on('data', (chunk) => {
    const [last = '', ...lines] = (unread + chunk.toString('latin1')).split('\n').reverse();
    unread = last;
    if (unread.length > LONGEST_QUESTION) socket.destroy();
    for (const line of lines.reverse()) socket.write(replyTo(line.trim(), status()));
  });
  socket.on('end', () => socket.end());
}

function replyTo(question: string, status: string): string {
  const onLine = status === 'OL';
  const variables: Record<string, string> = {
    'battery.charge': onLine ? '100' : '64',
    'battery.runtime': onLine ? '2400' : '1500',
    'input.voltage': onLine ? '230.4' : '0.0',
    'ups.load': '23',
    'ups.status': status,
  };
  const line = (name: string): string => `VAR ${UPS} ${name} "${variables[name]}"\n`;
  const [verb, what, ups, name = ''] = question.split(' ');
  if (verb === 'LOGOUT') return 'OK Goodbye\n';
  if ((verb !== 'LIST' && verb !== 'GET') || what !== 'VAR') return 'ERR UNKNOWN-COMMAND\n';
  if (ups !== UPS) return 'ERR UNKNOWN-UPS\n';
  if (verb === 'GET') return Object.hasOwn(variables, name) ? line(name) : 'ERR VAR-NOT-SUPPORTED\n';
  return `BEGIN LIST VAR ${UPS}\n${Object.keys(variables).map(line).join('')}END LIST VAR ${UPS}\n`;
}
