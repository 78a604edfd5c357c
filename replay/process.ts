// A program of others run for a while: started, watched until it answers, ended for sure.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

export interface Program {
  url: string;
  /** Ends it and waits; a second call does nothing. */
  stop(): Promise<void>;
  /** What it wrote last, for error messages. */
  tail(): string;
}

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const TAIL = 4_000;

/** A port nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Waits until `holds` does; throws with `what` when it does not within `limitMs`. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limitMs: number,
  everyMs = 200,
): Promise<void> {
  const limit = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`waited ${limitMs / 1000} s in vain: ${what}`);
    await pause(everyMs);
  }
}

/** Whether a GET is answered with 200; a refused connection is a no. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')) return false;
    throw error;
  }
}

/** Starts a program that serves HTTP at `url`, and waits until the path that tells so answers. */
export async function run(file: string, argv: readonly string[], url: string, readyAt = '/-/ready'): Promise<Program> {
  const child: ChildProcess = spawn(file, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-TAIL);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = once(child, 'exit');
  const program: Program = {
    url,
    tail: () => text,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(late);
    },
  };
  try {
    await until(
      `${file} to be ready`,
      () => {
        if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${text}`);
        return answers(`${url}${readyAt}`);
      },
      READY_LIMIT_MS,
    );
  } catch (error) {
    await program.stop();
    throw error;
  }
  return program;
}
