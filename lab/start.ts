// Starts a lab: builds the world, keeps the list of what is broken, and brings every element into line with it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../map/user-error.ts';
import { atAge, isRestless, SLOT_MS } from './ageing.ts';
import { startApi } from './api.ts';
import { createAuthority } from './authority.ts';
import { startDaemons } from './daemons.ts';
import { type Damage, damageOf, randomFrom } from './damage.ts';
import { tunnelConnectable, wantedState } from './fault-effects.ts';
import type { KnownFault } from './faults.ts';
import type { ActiveFault, Lab } from './lab.ts';
import { CLEAR, type Line } from './line.ts';
import { demandIpv6, findLoopback } from './loopback.ts';
import { keepStill } from './machine-faults.ts';
import { mapText } from './map-text.ts';
import { buildNetwork, type Network } from './network.ts';
import { offersOf } from './offers.ts';
import { applyStates, closeOutlets, type Outlet } from './outlet.ts';
import { parseFault, publicFault } from './parse-fault.ts';
import { patienceAt } from './patience.ts';
import { hasIpv6, isMeant } from './scope.ts';
import { type Befall, isApartKind, watcherHitBy } from './watchers.ts';
import type { World } from './world.ts';
import { HOMELAB } from './worlds/homelab.ts';
import { worldNamed } from './worlds.ts';

export interface LabOptions {
  /** The world, or the name of one of ours; `homelab` when left out. */
  world?: string | World;
  /** For the faults that hit only a share of the requests. */
  seed?: number;
  /** Share of the conversations with the outside that get no answer, by chance; none when left out. */
  noise?: number;
  /** How much faster than usual it is probed; its servers wait for each other accordingly. */
  speed?: number;
  /** Carries out what befalls those who watch. Without it a lab stands still itself where that is meant, and refuses the rest. */
  befall?: Befall;
}

interface Breakage {
  id: string;
  /** Unix milliseconds. */
  since: number;
  fault: KnownFault;
}

export async function startLab({
  world: wanted = HOMELAB,
  seed = 1,
  noise = 0,
  speed = 1,
  befall,
}: LabOptions = {}): Promise<Lab> {
  const world = typeof wanted === 'string' ? worldNamed(wanted) : wanted;
  if (hasIpv6(world)) await demandIpv6(world.name);
  const authority = await createAuthority();
  const broken: Breakage[] = [];
  const faults = (): KnownFault[] => presentFaults(broken, speed);
  const damage = damageOf(faults, seed);
  const lots = randomFrom(seed);
  const repointed = new Map<string, readonly string[]>();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-lab-'));
  const daemons = await startDaemons(world, folder, damage);
  const network = await buildNetwork(world, await findLoopback(), authority, damage, patienceAt(speed), repointed);
  for (const outlet of network.outlets) outlet.line = () => lineTo(outlet, damage, () => lots() < noise);
  const trust = path.join(folder, 'ca.pem');
  await writeFile(trust, authority.pem);
  const befallen = (): KnownFault[] => watchersFaults(broken, speed);
  const breakages = keepBreakages(world, broken, befall === undefined, async () => {
    await enforce(network, faults(), lots);
    await befall?.(befallen());
  });
  const slots = setInterval(() => {
    if (broken.some(({ fault }) => isRestless(fault))) breakages.enforceAnew();
  }, SLOT_MS / speed);
  slots.unref();
  const wake = keepStill(() => (befall === undefined ? befallen() : []));
  breakages.enforceAnew();
  const offers = offersOf(world);
  const api = await startApi({ world: world.name, offers, outlets: network.outlets, ...breakages });
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    clearInterval(slots);
    wake();
    await api.stop();
    await breakages.settled();
    network.tunnel?.stop();
    await closeOutlets(network.outlets);
    await daemons.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    world: world.name,
    map: mapText(world, network.outlets, trust),
    ca: authority.pem,
    api: api.url,
    offers,
    inject: breakages.inject,
    heal: breakages.heal,
    faults: breakages.faults,
    repoint: (host, addresses) => void (addresses === null ? repointed.delete(host) : repointed.set(host, addresses)),
    stop: () => (stopping ??= stop()),
  };
}

interface Breakages extends Pick<Lab, 'heal' | 'faults'> {
  inject(input: unknown): Promise<ActiveFault>;
  /** Brings the places into line with faults that have changed by themselves. */
  enforceAnew(): void;
  /** Resolves when no change is under way. */
  settled(): Promise<void>;
}

/** The list of active faults. Changes take turns; `enforced` is done before the next one starts. `alone`: nobody watches apart. */
function keepBreakages(world: World, broken: Breakage[], alone: boolean, enforced: () => Promise<void>): Breakages {
  let last: Promise<void> = Promise.resolve();
  let count = 0;
  const inTurn = (change: () => void): Promise<void> => {
    const turn = last.then(async () => {
      change();
      await enforced();
    });
    // A failed turn is its caller's to hear of; the next one starts from the list as it is.
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    faults: () => broken.map(activeFault),
    settled: () => last,
    enforceAnew: () => void inTurn(() => undefined),
    async inject(input) {
      const fault = parseFault(input, world);
      if (alone) refuseWithoutWatchers(fault);
      let active: Breakage | undefined;
      await inTurn(() => {
        active = broken.find(({ fault: known }) => isSame(known, fault));
        if (active !== undefined) {
          active.fault = fault;
          return;
        }
        count += 1;
        active = { id: `f${count}`, since: Date.now(), fault };
        broken.push(active);
      });
      if (active === undefined) throw new Error('a turn was skipped');
      return activeFault(active);
    },
    heal: (id) =>
      inTurn(() => {
        const left = id === undefined ? [] : broken.filter((breakage) => breakage.id !== id);
        broken.splice(0, broken.length, ...left);
      }),
  };
}

/** Who runs in the process of the lab could not be brought back by it, and who scrapes is unknown to it. */
function refuseWithoutWatchers({ kind }: KnownFault): void {
  if (!isApartKind(kind)) return;
  const what =
    watcherHitBy(kind) === 'prober' ? 'demarc runs in the process of this lab' : 'nobody scrapes for this lab';
  throw new UserError([
    { place: 'fault.kind', what: `${kind}: ${what}`, hint: 'play it in a scenario, by demarc replay' },
  ]);
}

/** The same again changes its measures only. */
const isSame = (one: KnownFault, other: KnownFault): boolean =>
  one.kind === other.kind && one.target === other.target && one.scope === other.scope;

function activeFault({ id, since, fault }: Breakage): ActiveFault {
  return { ...publicFault(fault), id, since };
}

/** The faults as they are at this instant, for a world that runs `speed` times as fast as usual. */
function presentFaults(broken: readonly Breakage[], speed: number): KnownFault[] {
  return broken.flatMap(({ fault, since }) => {
    const present = atAge(fault, (Date.now() - since) * speed);
    return present === null ? [] : [{ ...present, delayMs: present.delayMs / speed }];
  });
}

/** What befalls those who watch, its pauses included: whoever sleeps keeps its own rhythm. */
const watchersFaults = (broken: readonly Breakage[], speed: number): KnownFault[] =>
  broken
    .filter(({ fault }) => watcherHitBy(fault.kind) !== null)
    .map(({ fault, since }) => {
      const present = atAge(fault, (Date.now() - since) * speed) ?? fault;
      return { ...present, delayMs: present.delayMs / speed };
    });

async function enforce(
  { outlets, tunnel, certificates }: Network,
  faults: readonly KnownFault[],
  lot: () => number,
): Promise<void> {
  const has = (kind: KnownFault['kind']): boolean => faults.some((fault) => fault.kind === kind);
  for (const { brokenBy, target, side, role, present } of certificates) {
    const expired = faults.some(
      (fault) =>
        fault.kind === 'clock_wrong' || (fault.kind === brokenBy && isMeant(fault, target, { role, address: '' })),
    );
    const forged = side === 'internet' && has('intercepted');
    present(forged ? 'forged' : expired ? 'expired' : 'current');
  }
  const refused = has('tunnel_service_down') || has('tunnel_credentials');
  tunnel?.update(!has('tunnel_daemon_dead'), tunnelConnectable(faults), refused);
  await applyStates(new Map(outlets.map((outlet) => [outlet, wantedState(outlet, faults, lot)])));
}

/** What stays at home needs no line. */
function lineTo(outlet: Outlet, damage: Damage, isLost: () => boolean): Line {
  if (outlet.side === 'lan') return CLEAR;
  const lateMs = damage.delayMs('uplink_delay', undefined, outlet);
  return { lateMs, isNarrow: damage.active('uplink_mtu', undefined, outlet), isLost: isLost() };
}
