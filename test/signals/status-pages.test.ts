// What a vendor's status page says beside what is seen from here, and how long it took to say it.
import { describe, expect, it } from 'vitest';
import type { FeedState, StatusFacts } from '../../exporters/status/facts.ts';
import type { PageWord } from '../../signals/status-pages.ts';
import { type BenchWorld, benchWorld, START } from './bench-world.ts';

const EDGE = 'control/cloudflare/edge';

function rounds(world: BenchWorld, count: number): void {
  for (let round = 0; round < count; round += 1) {
    world.wait(5);
    world.round();
  }
}

/** The page is read now; it has a state of its own for the edge, unless that is left out. */
function read(world: BenchWorld, overall: FeedState | null, edge?: FeedState | null, ok = true): void {
  const facts: StatusFacts = {
    address: '127.0.0.1',
    httpStatus: 200,
    overall: ok ? overall : null,
    components: edge === undefined ? [] : [{ name: 'edge', state: ok ? edge : null }],
    incidents: [],
    openIncidents: 0,
    unknownWords: 0,
  };
  const outcome = ok
    ? ({ ok, reason: 'ok', phase: null } as const)
    : ({ ok, reason: 'http_status', phase: 'check' } as const);
  const when = { startedAt: START + world.now() * 1_000, durationMs: 5, phases: {} };
  world.engine.observe({ kind: 'status', target: 'status/cloudflare', ...outcome, ...when, facts });
  // Whoever judges asks every second.
  word(world);
}

function word(world: BenchWorld): PageWord | undefined {
  return world.engine.vendors().find((one) => one.vendor === 'cloudflare' && one.component === 'edge')?.page;
}

/** Everything has answered, and the page is green. */
function healthy(): BenchWorld {
  const world = benchWorld();
  rounds(world, 3);
  read(world, 'operational');
  return world;
}

/** Seconds from the first failure here to the page's word. */
function admittedAfter(world: BenchWorld): number | null {
  const { troubleSince = null, admittedAt = null } = word(world) ?? {};
  return troubleSince === null || admittedAt === null ? null : (admittedAt - troubleSince) / 1_000;
}

describe('the word of a status page', () => {
  it('is told with the time it was read at, and without trouble nothing more', () => {
    const world = healthy();
    expect(word(world)).toEqual({ says: 'operational', readAt: START + 15_000, troubleSince: null, admittedAt: null });
  });

  it('about a component counts for the component, and what it says of all only where it says nothing of parts', () => {
    const world = healthy();
    read(world, 'degraded', 'operational');
    expect(word(world)?.says).toBe('operational');
    read(world, 'degraded');
    expect(word(world)?.says).toBe('degraded');
  });

  it.each<[string, (world: BenchWorld) => void]>([
    ['was not read', (world) => read(world, 'operational', undefined, false)],
    ['has no state that is known', (world) => read(world, null)],
    ['has none for the component', (world) => read(world, 'operational', null)],
    ['is old', (world) => world.wait(3_600)],
  ])('is none where the page %s', (_, happens) => {
    const world = healthy();
    happens(world);
    expect(word(world)).toBeUndefined();
  });
});

describe('how late a status page is', () => {
  it('is counted from the first failure here to its first word of trouble', () => {
    const world = healthy();
    world.broken.set(EDGE, 'own_500');
    rounds(world, 5);
    read(world, 'operational');
    expect(word(world)).toMatchObject({ says: 'operational', troubleSince: START + 20_000, admittedAt: null });
    world.wait(600);
    read(world, 'degraded');
    world.wait(600);
    read(world, 'major');
    expect(admittedAfter(world)).toBe(620);
  });

  it('is below nothing where the page was first', () => {
    const world = healthy();
    read(world, 'partial');
    world.wait(60);
    world.broken.set(EDGE, 'own_500');
    rounds(world, 5);
    expect(admittedAfter(world)).toBe(-65);
  });

  it('is told of a trouble that is over when the page comes after it, and not of the one before', () => {
    const world = healthy();
    world.broken.set(EDGE, 'own_500');
    rounds(world, 5);
    word(world);
    world.broken.clear();
    rounds(world, 5);
    read(world, 'degraded');
    expect(admittedAfter(world)).toBe(45);
    read(world, 'operational');
    world.broken.set(EDGE, 'own_500');
    rounds(world, 5);
    expect(admittedAfter(world)).toBeNull();
  });

  it('is nothing where the page has told of the same trouble for days', () => {
    const world = healthy();
    read(world, 'degraded');
    world.wait(2 * 86_400);
    rounds(world, 3);
    world.broken.set(EDGE, 'own_500');
    rounds(world, 5);
    read(world, 'degraded');
    expect(word(world)).toMatchObject({ says: 'degraded', admittedAt: null });
  });

  it("is nobody's while it is not proven whose trouble it is", () => {
    const world = healthy();
    for (const silent of ['anchor', 'control']) world.broken.set(silent, 'silent');
    rounds(world, 5);
    read(world, 'major');
    expect(word(world)).toMatchObject({ says: 'major', troubleSince: null, admittedAt: null });
  });
});
