// NUT servers of a test: one that says what it is told to, and the real upsd with its dummy driver. Gone when the test ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { freePort } from '../../replay/process.ts';
import type { Issued } from './test-ca.ts';

export interface Answers {
  variables?: Readonly<Record<string, string>>;
  /** Said to LIST instead of a list. */
  refusal?: string;
  /** Hangs up in the middle of the list. */
  cut?: boolean;
  /** Repeats the list without end. */
  endless?: boolean;
  user?: string;
  password?: string;
  /** Its certificate; without one it knows no STARTTLS. */
  tls?: Issued;
}

export interface NutServer {
  port: number;
  /** Lines it was told. */
  heard: string[];
}

export async function nutServer(answers: Answers): Promise<NutServer> {
  const heard: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    serve(socket, answers, heard);
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, heard };
}

function serve(socket: net.Socket, answers: Answers, heard: string[]): void {
  socket.on('error', () => socket.destroy());
  let unread = '';
  const onData = (chunk: Buffer): void => {
    unread += chunk.toString('latin1');
    for (let end = unread.indexOf('\n'); end !== -1; end = unread.indexOf('\n')) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 1);
      heard.push(line);
      if (line === 'STARTTLS' && answers.tls !== undefined) {
        socket.off('data', onData);
        socket.write('OK STARTTLS\n');
        serve(new tls.TLSSocket(socket, { isServer: true, ...answers.tls }), answers, heard);
        return;
      }
      reply(socket, line, answers);
    }
  };
  socket.on('data', onData);
}

function reply(socket: net.Socket, line: string, { variables = {}, refusal, cut, endless }: Answers): void {
  if (line === 'STARTTLS') return void socket.write('ERR FEATURE-NOT-CONFIGURED\n');
  if (/^(USERNAME|PASSWORD) /.test(line)) return void socket.write('OK\n');
  if (refusal !== undefined) return void socket.write(`${refusal}\n`);
  const ups = line.split(' ')[2] ?? '';
  const list = Object.entries(variables).map(([name, value]) => {
    return `VAR ${ups} ${name} "${value.replace(/["\\]/g, '\\$&')}"\n`;
  });
  socket.write(`BEGIN LIST VAR ${ups}\n${list.join('')}`);
  if (cut) return void socket.end();
  if (!endless) return void socket.write(`END LIST VAR ${ups}\n`);
  const pour = (): void => {
    while (socket.writable && socket.write(list.join('')));
  };
  socket.on('drain', pour);
  pour();
}

export interface RealNutServer {
  port: number;
  /** Lines for its dummy driver, such as `ups.status: OB`. */
  say(lines: string): Promise<void>;
  killDriver(): void;
}

const DEVICE = 'ups.status: OL\nbattery.charge: 100\nbattery.runtime: 2400\ninput.voltage: 230.0\n';

/** upsd and dummy-ups, with everything they write in a folder of the test. */
export async function realNutServer(): Promise<RealNutServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-nut-'));
  const port = await freePort();
  const device = path.join(folder, 'rack.dev');
  await writeFile(device, DEVICE);
  await writeFile(
    path.join(folder, 'ups.conf'),
    `[rack]\n  driver = dummy-ups\n  port = ${device}\n  mode = dummy-once\n`,
  );
  await writeFile(path.join(folder, 'upsd.conf'), `LISTEN 127.0.0.1 ${port}\nMAXAGE 2\nSTATEPATH ${folder}\n`);
  await writeFile(path.join(folder, 'upsd.users'), '');
  await chmod(folder, 0o700);
  const env = {
    ...process.env,
    NUT_CONFPATH: folder,
    NUT_STATEPATH: folder,
    NUT_ALTPIDPATH: folder,
    NUT_PIDPATH: folder,
  };
  // Started as root they would become somebody else, who may not read the folder.
  const as = ['-u', userInfo().username];
  const start = (program: string, args: readonly string[]) => spawn(program, args, { env, stdio: 'ignore' });
  const driver = start('/lib/nut/dummy-ups', ['-F', '-a', 'rack', '-i', '1', ...as]);
  const server = start('/lib/nut/upsd', ['-F', ...as]);
  onTestFinished(async () => {
    driver.kill('SIGKILL');
    server.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  await Promise.all([once(driver, 'spawn'), once(server, 'spawn')]);
  return {
    port,
    say: (lines) => writeFile(device, `${DEVICE}${lines}\n`),
    killDriver: () => void driver.kill('SIGKILL'),
  };
}
