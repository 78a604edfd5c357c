// The guard and the uplink, one answer at a time: what may convict a vendor, and what must not.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld, START } from './bench-world.ts';

const CONTROL_ONE = 'control/cloudflare/edge/one.cf.test:443/';
const CONTROL_TWO = 'control/cloudflare/edge/two.cf.test:443/';

/** A world seen healthy for a minute. */
function healthy(): BenchWorld {
  const world = benchWorld();
  for (let rounds = 0; rounds < 4; rounds += 1) {
    world.round();
    world.wait(15);
  }
  return world;
}

/** The edge breaks for everybody, and all is measured `rounds` times, 3 s apart. */
function edgeBreaks(world: BenchWorld, rounds = 4, controls = [CONTROL_ONE, CONTROL_TWO]): BenchWorld {
  for (const id of ['service/blog', ...controls]) world.broken.set(id, 'own_500');
  for (let round = 0; round < rounds; round += 1) {
    world.round();
    world.wait(3);
  }
  return world;
}

describe('a vendor', () => {
  it('is named when everything proves it', () => {
    expect(edgeBreaks(healthy()).verdict()).toMatchObject({
      party: 'vendor',
      vendor: 'cloudflare',
      component: 'edge',
      row: 'edge_failing',
    });
  });

  it('is named with the evidence, in the order of the row', () => {
    const { evidence, headline } = edgeBreaks(healthy()).verdict();
    expect(headline).toBe("blog is down, and it is Cloudflare's edge, not you.");
    expect(evidence.slice(0, 6).map(({ signal, state }) => `${signal} ${state}`)).toEqual([
      'service bad',
      'edge_connect ok',
      'edge_answer bad',
      'edge_guard_uplink ok',
      'edge_guard_others ok',
      'edge_guard_witness ok',
    ]);
    expect(evidence[2]?.text).toBe(
      'HTTP 500 from 127.0.0.1 in 5 ms, written by the edge itself (4 of the last 8 failed)',
    );
  });

  it('is not named after two failures only', () => {
    expect(edgeBreaks(healthy(), 2).verdict().party).toBe('unknown');
  });

  it('is not named without a second witness', () => {
    const world = edgeBreaks(healthy(), 4, []);
    expect(world.verdict().party).toBe('unknown');
    world.wait(25);
    world.round();
    expect(world.verdict()).toMatchObject({ party: 'unknown', row: 'edge_suspected', vendor: 'cloudflare' });
  });

  it('is not named on the word of a control that was never seen working', () => {
    const world = benchWorld();
    world.broken.set(CONTROL_ONE, 'own_500');
    world.broken.set(CONTROL_TWO, 'own_500');
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(15);
    }
    expect(edgeBreaks(world).verdict().party).toBe('unknown');
  });

  it('is named on the word of a control that was seen working before the restart', () => {
    const memory = healthy().engine.memory();
    const world = edgeBreaks(benchWorld(memory, START + 300_000));
    expect(world.verdict()).toMatchObject({ party: 'vendor', vendor: 'cloudflare' });
  });

  it('is not named on the word of a control that rotted away with a 404', () => {
    const world = healthy();
    world.broken.set(CONTROL_ONE, 'not_found');
    world.broken.set(CONTROL_TWO, 'not_found');
    expect(edgeBreaks(world, 4, []).verdict().party).toBe('unknown');
  });

  it('is not named on the word of a control that broke two days before', () => {
    const world = healthy();
    world.broken.set(CONTROL_ONE, 'own_500');
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(15);
    }
    world.wait(48 * 3600);
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(15);
    }
    expect(edgeBreaks(world, 4, []).verdict().party).toBe('unknown');
  });

  it('is not named while no other vendor answers', () => {
    const world = healthy();
    world.broken.set('control/fastly', 'silent');
    expect(edgeBreaks(world).verdict().party).toBe('unknown');
  });

  it('is not named for an error it reports about the origin', () => {
    const world = healthy();
    for (const id of ['service/blog', CONTROL_ONE]) world.broken.set(id, 'origin_502');
    world.broken.set('origin/blog', 'refused');
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.verdict()).toMatchObject({ party: 'own', row: 'origin_refused', vendor: null });
  });

  it('is not named on the word of one control that broke while yours still worked', () => {
    const world = healthy();
    world.broken.set(CONTROL_ONE, 'own_500');
    for (let round = 0; round < 3; round += 1) {
      world.round();
      world.wait(3);
    }
    expect(edgeBreaks(world, 4, [CONTROL_ONE]).verdict().party).toBe('unknown');
  });

  it('is named on the word of one control of two that broke together with yours', () => {
    expect(edgeBreaks(healthy(), 4, [CONTROL_ONE]).verdict()).toMatchObject({ party: 'vendor', vendor: 'cloudflare' });
  });

  it('is not named while the others that answer are only just well again', () => {
    const world = healthy();
    world.broken.set('control/fastly', 'own_500');
    edgeBreaks(world);
    world.broken.delete('control/fastly');
    world.round(['control/fastly']);
    expect(world.verdict().party).toBe('unknown');
    world.wait(45);
    world.round();
    world.wait(3);
    world.round();
    expect(world.verdict()).toMatchObject({ party: 'vendor', vendor: 'cloudflare' });
  });

  it('is not named on the silence of witnesses during which no anchor answered', () => {
    const world = healthy();
    for (const id of ['service/blog', CONTROL_ONE, CONTROL_TWO]) world.broken.set(id, 'silent');
    for (let round = 0; round < 4; round += 1) {
      world.round(['service', 'control', 'edge']);
      world.wait(3);
    }
    for (let round = 0; round < 2; round += 1) {
      world.round(['anchor']);
      world.wait(1);
    }
    expect(world.state('edge_guard_witness')).toBe(-1);
    world.round(['control']);
    expect(world.state('edge_guard_witness')).toBe(1);
  });

  it('is named first, and the dead origin beside it', () => {
    const world = healthy();
    world.broken.set('origin/blog', 'refused');
    expect(edgeBreaks(world).verdict()).toMatchObject({
      row: 'edge_failing',
      concurrent: [{ row: 'origin_refused', party: 'own' }],
    });
  });
});

describe('the uplink', () => {
  it('is proven by anchors asked after the symptom began, not before', () => {
    const world = healthy();
    for (const id of ['service/blog', CONTROL_ONE, CONTROL_TWO]) world.broken.set(id, 'own_500');
    for (let round = 0; round < 4; round += 1) {
      world.round(['service', 'edge', 'control', 'gateway']);
      world.wait(3);
    }
    expect(world.state('edge_guard_uplink')).toBe(-1);
    expect(world.verdict().party).toBe('unknown');
    world.round(['anchor']);
    expect(world.state('edge_guard_uplink')).toBe(1);
    expect(world.verdict().party).toBe('vendor');
  });

  it('is not vouched for by anchors of the accused', () => {
    const world = healthy();
    world.broken.set('anchor/google', 'silent');
    world.broken.set('anchor/quad9', 'silent');
    edgeBreaks(world);
    expect(world.state('edge_guard_uplink')).not.toBe(1);
  });

  it('is the ISP when all anchors are silent and the gateway answers', () => {
    const world = healthy();
    for (const prefix of ['anchor', 'control', 'service', 'edge', 'public_resolver', 'resolver'])
      world.broken.set(prefix, 'silent');
    for (let round = 0; round < 3; round += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.verdict()).toMatchObject({
      party: 'isp',
      row: 'uplink_down',
      masked: ['edge', 'certificate'],
    });
    expect(world.verdict('uplink')).toMatchObject({
      party: 'isp',
      headline: 'Your uplink is down, and it is your ISP: uplink down.',
    });
  });

  it('is your own when the gateway is silent too', () => {
    const world = healthy();
    for (const prefix of ['anchor', 'control', 'service', 'edge', 'gateway']) world.broken.set(prefix, 'silent');
    for (let round = 0; round < 3; round += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.verdict()).toMatchObject({ party: 'own', row: 'lan_down' });
  });

  it('names no vendor for a while after noise', () => {
    const world = healthy();
    for (const prefix of ['anchor/google', 'anchor/quad9']) world.broken.set(prefix, 'silent');
    world.round(['anchor']);
    world.broken.clear();
    world.wait(1);
    edgeBreaks(world);
    expect(world.verdict().party).not.toBe('vendor');
    for (let round = 0; round < 4; round += 1) {
      world.wait(15);
      world.round();
    }
    expect(world.verdict().party).toBe('vendor');
  });

  it('is not clean while unrelated places come and go', () => {
    const world = healthy();
    for (const passing of ['anchor/opendns', 'control/fastly', 'anchor/university', 'public_resolver']) {
      world.broken.set(passing, 'silent');
      world.round([passing]);
      world.broken.clear();
      world.wait(8);
      world.round([passing]);
    }
    edgeBreaks(world);
    expect(world.state('edge_guard_uplink')).toBe(-1);
    expect(world.verdict().party).not.toBe('vendor');
  });

  it('is not blamed for a silence the router shared', () => {
    const world = healthy();
    for (const prefix of ['anchor', 'control', 'service', 'edge', 'gateway']) world.broken.set(prefix, 'silent');
    for (let round = 0; round < 3; round += 1) {
      world.round();
      world.wait(3);
    }
    world.broken.clear();
    for (let round = 0; round < 2; round += 1) {
      world.round(['gateway']);
      world.wait(1);
    }
    expect(world.state('gateway')).toBe(1);
    expect(world.verdict('uplink').party).not.toBe('isp');
  });

  it('does not mind an anchor that never worked', () => {
    const world = benchWorld();
    world.broken.set('anchor/isp', 'silent');
    world.broken.set('anchor/opendns', 'silent');
    for (let round = 0; round < 2; round += 1) {
      world.round();
      world.wait(15);
    }
    expect(edgeBreaks(world).verdict().party).toBe('vendor');
  });

  it('that lost one operator with the symptom names a vendor later, not never', () => {
    const world = healthy();
    world.broken.set('anchor/quad9', 'silent');
    expect(edgeBreaks(world).verdict().party).toBe('unknown');
    for (let round = 0; round < 8; round += 1) {
      world.wait(15);
      world.round();
    }
    expect(world.verdict().party).toBe('vendor');
  });
});

describe('time', () => {
  it('makes everything unknown when nothing is measured any more', () => {
    const world = healthy();
    expect(world.state('service')).toBe(1);
    world.wait(60);
    expect(world.state('service')).toBe(-1);
    expect(world.verdict()).toMatchObject({ row: 'data_missing', party: 'unknown' });
  });

  it('says nothing before the first result, and does not call that missing', () => {
    expect(benchWorld().verdict()).toMatchObject({ row: 'no_result' });
  });

  it('asks every witness at once when a service first fails', () => {
    const world = healthy();
    world.broken.set('service/blog', 'own_500');
    const wishes = world.round(['service/blog']);
    expect(wishes).toContainEqual({ ids: ['service/blog'], delayMs: 3_000 });
    const sweep = wishes.find(({ delayMs }) => delayMs === 0);
    expect(sweep?.ids).toEqual(
      expect.arrayContaining([
        'origin/blog',
        'edge/blog',
        CONTROL_ONE,
        'control/fastly/edge/one.fastly.test:443/',
        ...world.plan.anchors.map(({ target }) => target),
      ]),
    );
  });

  it("asks the services of a vendor, and the line, when the vendor's control first fails", () => {
    const world = healthy();
    world.broken.set(CONTROL_ONE, 'own_500');
    const asked = world.round([CONTROL_ONE]).flatMap(({ ids }) => ids);
    expect(asked).toEqual(
      expect.arrayContaining(['service/blog', 'edge/blog', ...world.plan.anchors.map(({ target }) => target)]),
    );
    expect(asked).not.toContain('control/fastly/edge/one.fastly.test:443/');
  });

  it('does not sweep more often than every five seconds', () => {
    const world = healthy();
    world.broken.set('service/blog', 'own_500');
    world.broken.set('edge/blog', 'own_500');
    const first = world.round(['service/blog']).find(({ delayMs }) => delayMs === 0);
    expect(first).toBeDefined();
    const second = world.round(['edge/blog']).filter(({ ids }) => ids.length > 1);
    expect(second.map(({ delayMs }) => delayMs)).toEqual([5_000]);
  });

  it('drops silence, and only silence, while the prober is starved', () => {
    const world = healthy();
    world.engine.starved(true);
    world.broken.set('service/blog', 'silent');
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.state('service')).toBe(1);
    world.broken.set('service/blog', 'own_500');
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.state('service')).toBe(0);
  });

  it('recovers after two good answers, and says so in between', () => {
    const world = edgeBreaks(healthy());
    world.broken.clear();
    world.round(['control']);
    world.wait(3);
    world.round(['control']);
    world.round(['service']);
    expect(world.verdict()).toMatchObject({ row: 'recovering' });
    world.wait(3);
    world.round(['service']);
    expect(world.verdict()).toMatchObject({ row: 'fine', party: 'none' });
  });
});
