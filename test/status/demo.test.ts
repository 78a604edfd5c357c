// The demo breaks and heals for its own page only.
import type http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import type { Demo } from '../../status/demo.ts';
import { fakeDemo, SCENES } from './fake-monitor.ts';
import { ask, statusServers } from './status-harness.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const start = statusServers();

describe('the demo', () => {
  const fault = JSON.stringify({ kind: 'edge_5xx', target: 'cloudflare', rate: 0.5 });

  it('breaks and heals', async () => {
    const demo = fakeDemo();
    const { server, log } = await start(SCENES.healthy, { demo });
    const made = await ask(server, '/demo/faults', { method: 'POST', headers: JSON_TYPE, body: fault });
    expect(made.status).toBe(201);
    expect(demo.injected).toEqual([{ kind: 'edge_5xx', target: 'cloudflare', rate: 0.5 }]);
    const { faults, offers, world } = JSON.parse((await ask(server, '/demo/faults')).body);
    expect(faults).toEqual([JSON.parse(made.body)]);
    expect({ offers, world }).toEqual({ offers: demo.offers, world: 'homelab' });
    expect((await ask(server, '/')).body).toContain('data-heal="f1"');

    const heal = (path: string) => ask(server, path, { method: 'DELETE', headers: JSON_TYPE });
    expect((await heal('/demo/faults/f9')).status).toBe(404);
    expect((await heal('/demo/faults/f1')).status).toBe(204);
    expect((await heal('/demo/faults')).status).toBe(204);
    expect(demo.faults()).toEqual([]);
    expect(log.map((line) => line.event)).toEqual(['fault_injected', 'fault_healed', 'fault_healed']);
  });

  it('is not there without a world', async () => {
    const { server } = await start();
    expect((await ask(server, '/demo/faults')).status).toBe(404);
    expect((await ask(server, '/demo/faults', { method: 'POST', headers: JSON_TYPE, body: fault })).status).toBe(405);
  });

  it.each<[string, http.OutgoingHttpHeaders, number]>([
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', { 'content-type': 'text/plain' }, 415],
    ['no type', {}, 415],
    ['another site', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
    ['a sibling site', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['a foreign origin', { ...JSON_TYPE, origin: 'http://evil.example' }, 403],
    ['a sandboxed frame', { ...JSON_TYPE, origin: 'null' }, 403],
    ['a rebound name', { ...JSON_TYPE, host: 'evil.example:9815' }, 421],
  ])('refuses %s', async (_, headers, status) => {
    const demo = fakeDemo();
    const { server } = await start(SCENES.healthy, { demo });
    for (const [method, path] of [
      ['POST', '/demo/faults'],
      ['DELETE', '/demo/faults'],
      ['DELETE', '/demo/faults/f1'],
    ]) {
      expect((await ask(server, path ?? '', { method: method ?? '', headers, body: fault })).status).toBe(status);
    }
    expect(demo.injected).toEqual([]);
  });

  it.each(['[]', '{"kind": ""}', '{"kind": "x", "rate": 2}', '{"kind": "x", "more": 1}', '{"kind": "refused_kind"}'])(
    'refuses the fault %s',
    async (body) => {
      const { server } = await start(SCENES.healthy, { demo: fakeDemo() });
      const answer = await ask(server, '/demo/faults', { method: 'POST', headers: JSON_TYPE, body });
      expect(answer.status).toBe(400);
    },
  );

  it("has the shape of the lab's controls", () => {
    const asDemo = (lab: Lab): Demo => lab;
    expect(asDemo).toBeTypeOf('function');
  });
});
