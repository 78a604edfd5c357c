// Which kinds the contract of every probe is held against: all that talk over a socket of the network.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PROBES } from '../../exporters/registry.ts';

/** Who asks in their place; each has tests of its own for a daemon, or a program, that is mute, endless or talks nonsense. */
const BY_OTHERS = {
  ping: "the system's ping",
  tailscale: 'its daemon, at a socket of this machine, or its program',
  wireguard: 'wg',
};

it('is held against every kind that opens a socket', () => {
  const held = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/^probeContract\('[^']+', \{\n(?: .*\n)*? {2}probe: (\w+),$/gm)])
    .map(([, kind]) => kind);
  expect([...new Set([...held, ...Object.keys(BY_OTHERS)])].sort()).toEqual(Object.keys(PROBES).sort());
});
