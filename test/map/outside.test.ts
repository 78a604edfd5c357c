// Views from elsewhere in the map: what is asked for them, where a service runs, and what is refused.
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { OutsideSettings } from '../../exporters/outside/probe.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

const mapWith = (lines: string): string => `
version: 1
services:
  shop:
    url: https://shop.test/
    ${lines}
`;
const load = (text: string) => parseMap(text, 'demarc.yaml', tmpdir());
const plan = (lines: string) => planOf(load(mapWith(lines)), NOTHING_KNOWN);

const READ = "url: 'https://watch.test/v', pointer: /a, up: [up], down: [down]";

describe('a view from elsewhere', () => {
  it('of a known service is asked as that service wants it, once a minute', () => {
    const key = 'key: { file: /run/secrets/robot }';
    const { services, targets } = plan(`outside: { robot: { service: uptimerobot, monitor: 7001, ${key} } }`);
    expect(services[0]).toMatchObject({ outside: ['outside/shop/robot'], behindUplink: true });
    const target = targets.find(({ kind }) => kind === 'outside');
    expect(target).toMatchObject({
      intervalMs: 60_000,
      gapMs: 30_000,
      labels: { role: 'outside', service: 'shop', vendor: '' },
      settings: {
        url: 'https://api.uptimerobot.com/v3/monitors/7001',
        pointer: '/status',
        up: ['UP'],
        down: ['DOWN'],
        auth: { kind: 'bearer', token: { file: '/run/secrets/robot' } },
        lagMs: 300_000,
      },
    });
    expect(OutsideSettings.safeParse(target?.settings).success).toBe(true);
  });

  it('of UptimeRobot by a key of its second version is asked by a form', () => {
    const key = 'key: { env: ROBOT }';
    const { targets } = plan(`outside: { robot: { service: uptimerobot-v2, monitor: 7001, ${key} } }`);
    const target = targets.find(({ kind }) => kind === 'outside');
    expect(target?.settings).toEqual({
      url: 'https://api.uptimerobot.com/v2/getMonitors',
      form: { api_key: { env: 'ROBOT' }, monitors: '7001', format: 'json' },
      pointer: '/monitors/0/status',
      up: [2],
      down: [9],
      lagMs: 300_000,
    });
    expect(OutsideSettings.safeParse(target?.settings).success).toBe(true);
  });

  it('may be any document, at its own pace', () => {
    const { targets } = plan(`outside: { vps: { ${READ}, checked: /at, every: 20s, lag: 0s } }`);
    expect(targets.find(({ kind }) => kind === 'outside')).toMatchObject({
      intervalMs: 20_000,
      settings: { url: 'https://watch.test/v', checked: '/at', lagMs: 0 },
    });
  });

  it.each<[string, string, string]>([
    ['neither a service nor a document', 'a: { every: 1m }', 'a.url: is not valid, is needed without service'],
    [
      'a service without its key',
      'a: { service: uptimerobot, monitor: 7 }',
      'a.key: is not valid, is needed for uptimerobot',
    ],
    [
      'a service and a document',
      `a: { service: uptimerobot, monitor: 7, key: { env: KEY }, ${READ} }`,
      'a.url: is not valid, is known of uptimerobot',
    ],
    ['a monitor and no service', `a: { monitor: 7, ${READ} }`, 'a.monitor: is not valid, needs a service'],
    ['a word for both', "a: { url: 'https://w.test/', pointer: /a, up: [1], down: [1] }", 'must not name a word of up'],
    [
      'a name where a number is due',
      'a: { service: uptimerobot-v2, monitor: shop, key: { env: KEY } }',
      'a.monitor: is not valid, must be a number',
    ],
    [
      'a secret instead of where it is',
      'a: { service: uptimerobot, monitor: 7, key: ur123 }',
      'must be {file: /absolute/path} or {env: NAME}',
    ],
    [
      'somebody in the house',
      "a: { url: 'http://192.168.1.9/', pointer: /a, up: [1], down: [0] }",
      'a.url: is not valid, is in your house',
    ],
    ['more than four', [1, 2, 3, 4, 5].map((n) => `v${n}: { ${READ} }`).join(', '), 'at most 4'],
  ])('is refused with %s', (_, views, message) => {
    expect(() => load(mapWith(`outside: { ${views} }`))).toThrow(message);
  });
});

describe('where a service runs', () => {
  it.each<[string, string, boolean]>([
    ['by nothing, and it may be here', '', true],
    ['by an origin in the house', "origin: { url: 'http://192.168.1.9/' }", true],
    ['by an origin on the internet', "origin: { url: 'http://203.0.113.9/' }", false],
    ['by the word of the map', 'hosted: elsewhere', false],
    ['by the word of the map, against the address', "hosted: here\n    origin: { url: 'http://203.0.113.9/' }", true],
  ])('is told %s', (_, lines, behindUplink) => {
    expect(plan(lines).services[0]).toMatchObject({ behindUplink });
  });

  it('decides whether its host is near', () => {
    const lines = "hosted: elsewhere\n    origin: { url: 'http://10.8.0.2/' }";
    expect(plan(lines).services[0]).toMatchObject({ hostNear: false, beyondUplink: true });
  });
});
