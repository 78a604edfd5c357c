// A `ping` of one test, in place of the system's: what it prints, or which program it is.
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

export const IPUTILS = `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=10.0 ms
64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=14.0 ms

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 2 received, 33.3333% packet loss, time 404ms
rtt min/avg/max/mdev = 10.0/12.0/14.0/2.0 ms
`;

export const BUSYBOX = `PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.068 ms

--- 127.0.0.1 ping statistics ---
1 packets transmitted, 1 packets received, 0% packet loss
round-trip min/avg/max = 0.068/0.068/0.068 ms
`;

export const NONE =
  '\n--- 127.0.0.1 ping statistics ---\n3 packets transmitted, 0 received, 100% packet loss, time 2040ms\n';

/** Lets `ping` be this script, or the named program, for the rest of the test. */
export async function pingIs(program: { script: string } | { link: string }): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'demarc-ping-'));
  const file = path.join(folder, 'ping');
  if ('link' in program) await symlink(program.link, file);
  else await writeFile(file, `#!/bin/sh\n${program.script}\n`);
  if ('script' in program) await chmod(file, 0o755);
  const before = process.env.PATH;
  process.env.PATH = 'link' in program ? folder : `${folder}:${before}`;
  onTestFinished(async () => {
    process.env.PATH = before;
    await rm(folder, { recursive: true });
  });
}

/** Prints the text and ends with the code. */
export const says = (text: string, code = 0) => ({ script: `cat <<'END'\n${text}\nEND\nexit ${code}` });
