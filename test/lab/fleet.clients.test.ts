// The world with a fleet: how its hosts are asked, and which of them an update takes.
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { MapFile } from '../../map/schema.ts';
import { foreignLab } from './foreign-lab.ts';
import { CONNECTED, knock, NOT_CONNECTED, seen, WITHIN } from './foreign-programs.ts';

const { lab, at, curl } = foreignLab('fleet');

const hosts = () => Object.entries(MapFile.parse(parse(lab().map)).hosts);

it('asks Windows at the port of Remote Desktop, and Linux where it greets as SSH does', async () => {
  const desk = at('fleet', 'windows');
  expect(desk.port).toBe(3_389);
  const socket = net.connect({ host: desk.address, port: desk.port });
  socket.write(Buffer.from('030000130ee000000000000100080003000000', 'hex'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect([answer.length, answer[5]]).toEqual([19, 0xd0]);
  const [program, ...asked] = curl('http', 'node.test', at('fleet', 'linux'));
  expect(await seen([program, '--http0.9', ...asked])).toContain('SSH-2.0-OpenSSH');
});

it('loses those that take the same updates, whatever switch they hang on, and none that take others', async () => {
  const ring = hosts().map(([, { labels }]) => labels.updates);
  expect(new Set(ring)).toEqual(new Set(['pilot', 'broad', 'held']));
  await lab().inject({ kind: 'hosts_lost', target: 'broad' });
  for (const [index, [, { address, port = 0, labels }]] of hosts().entries()) {
    const expected = labels.updates === 'broad' ? NOT_CONNECTED : CONNECTED;
    const ask = () => seen(knock({ role: 'fleet', owner: '', address, port }));
    await expect.poll(ask, { ...WITHIN, message: `host ${index}` }).toMatch(expected);
  }
});
