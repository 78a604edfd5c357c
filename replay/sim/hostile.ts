// Episodes made to mislead: lossy and flapping lines, witnesses lost with the symptom, liars on the way, a prober without time.
import { pick, type Random, shuffled } from './chance.ts';
import type { Bout } from './episode.ts';
import type { Cast } from './primitives.ts';
import { breakage, type SimFault } from './sim-faults.ts';

export interface Recipe {
  name: string;
  /** It is played on a vendor in front of a service, and so only where there is one. */
  front?: true;
  /** `onset`: when the trouble begins, milliseconds from the start of the run. */
  make(onset: number, random: Random, cast: Cast): { bouts: Bout[]; noise?: number };
}

const LASTS_MS = 80_000;
/** Before the first measurement, and after the last. */
const ALWAYS = { fromMs: 0, toMs: 400_000 } as const;
/** After the witnesses were seen to work, before the trouble. */
const EARLIER_MS = 20_000;

const steady = (fault: SimFault, onset: number, lasts = LASTS_MS): Bout => ({
  fault,
  fromMs: onset,
  toMs: onset + lasts,
});

/** On and off in turns; every phase is drawn between half and one and a half times the usual. */
function flapping(fault: SimFault, onset: number, usualMs: number, random: Random): Bout[] {
  const bouts: Bout[] = [];
  const phase = (): number => usualMs * (0.5 + random());
  for (let from = onset; from < onset + LASTS_MS; ) {
    const to = from + phase();
    bouts.push({ fault, fromMs: from, toMs: to });
    from = to + phase();
  }
  return bouts;
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

const lossy = (random: Random): SimFault => breakage('uplink_loss', null, between(random, 0.1, 0.5));

const anyFault = (random: Random, { primitives }: Cast): SimFault => pick(random, primitives);

const harmless = (random: Random, cast: Cast): SimFault => pick(random, cast.harmless);

/** Faults that look like the vendor's and are not provably so. */
function lookalike(random: Random, { fronts, world }: Cast): SimFault {
  const { vendor, service } = pick(random, fronts);
  const { name } = pick(random, world.services);
  const fault = pick(random, [
    breakage('edge_5xx_own', service),
    breakage('edge_route_lost', vendor),
    breakage('edge_certificate_expired', service),
    breakage('resolver_stale', service),
    breakage('dns_zone_refused', name),
    breakage('tunnel_credentials'),
  ]);
  const possible = fault.kind !== 'tunnel_credentials' || world.tunnel.regions.length > 0;
  return possible ? fault : breakage('middlebox_503', service);
}

/** A control that was lost before the trouble: long before, or a little. */
function lostControl(
  kind: 'control_rotten' | 'control_5xx' | 'control_down',
  onset: number,
  random: Random,
  { fronts }: Cast,
): Bout[] {
  const { vendor, service } = pick(random, fronts);
  const fault = pick(random, [breakage('edge_5xx_own', service), breakage('edge_route_lost', vendor)]);
  const before = random() < 0.5 ? ALWAYS : { fromMs: onset - EARLIER_MS, toMs: ALWAYS.toMs };
  return [{ fault: breakage(kind, vendor), ...before }, steady(fault, onset)];
}

const RECIPES: readonly Recipe[] = [
  { name: 'loss 10-50 %', make: (onset, random) => ({ bouts: [steady(lossy(random), onset)] }) },
  {
    name: 'loss 10-50 %, then a fault of yours',
    make: (onset, random, cast) => ({
      bouts: [steady(lossy(random), onset - EARLIER_MS, LASTS_MS + EARLIER_MS), steady(harmless(random, cast), onset)],
    }),
  },
  {
    name: 'any fault, then loss 10-50 %',
    make: (onset, random, cast) => ({
      bouts: [steady(anyFault(random, cast), onset - EARLIER_MS, LASTS_MS + EARLIER_MS), steady(lossy(random), onset)],
    }),
  },
  {
    name: 'flapping uplink',
    make: (onset, random) => ({
      bouts: flapping(breakage('uplink_cut'), onset, between(random, 3_000, 25_000), random),
    }),
  },
  {
    name: 'flapping LAN',
    make: (onset, random) => ({
      bouts: flapping(breakage('gateway_down'), onset, between(random, 3_000, 25_000), random),
    }),
  },
  {
    name: 'uplink blips',
    make: (onset, random) => ({
      bouts: [steady(breakage(pick(random, ['uplink_cut', 'gateway_down'])), onset, between(random, 1_000, 12_000))],
    }),
  },
  {
    name: 'uplink blip within a fault of yours',
    make: (onset, random, cast) => ({
      bouts: [
        steady(harmless(random, cast), onset - EARLIER_MS, LASTS_MS + EARLIER_MS),
        steady(breakage('uplink_cut'), onset, between(random, 1_000, 12_000)),
      ],
    }),
  },
  {
    name: 'flapping fault of yours',
    make: (onset, random, cast) => ({
      bouts: flapping(harmless(random, cast), onset, between(random, 5_000, 25_000), random),
    }),
  },
  {
    name: 'one operator lost with the symptom',
    make: (onset, random, cast) => ({
      bouts: [
        steady(breakage('operator_down', pick(random, cast.operators)), onset),
        steady(harmless(random, cast), onset),
      ],
    }),
  },
  {
    name: 'two operators lost with the symptom',
    make: (onset, random, cast) => ({
      bouts: [
        ...shuffled(random, cast.operators)
          .slice(0, 2)
          .map((operator) => steady(breakage('operator_down', operator), onset)),
        steady(harmless(random, cast), onset),
      ],
    }),
  },
  {
    name: 'one operator dead for good, any fault',
    make: (onset, random, cast) => ({
      bouts: [
        { fault: breakage('operator_down', pick(random, cast.operators)), ...ALWAYS },
        steady(anyFault(random, cast), onset),
      ],
    }),
  },
  {
    name: 'status page accuses the wrong vendor',
    make: (onset, random, cast) => ({
      bouts: [
        { fault: breakage('vendor_status_incident', pick(random, cast.vendors)), ...ALWAYS },
        steady(
          pick(
            random,
            cast.primitives.filter(({ kind }) => kind !== 'vendor_status_incident'),
          ),
          onset,
        ),
      ],
    }),
  },
  {
    name: 'middlebox answers for one host',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady(breakage('middlebox_503', pick(random, cast.fronts).service), onset)],
    }),
  },
  {
    name: 'middlebox answers for everybody',
    make: (onset) => ({ bouts: [steady(breakage('middlebox_for_all'), onset)] }),
  },
  { name: 'TLS intercepted', make: (onset) => ({ bouts: [steady(breakage('intercepted'), onset)] }) },
  {
    name: 'stale resolver cache',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady(breakage('resolver_stale', pick(random, cast.fronts).service), onset)],
    }),
  },
  {
    name: 'prober starved',
    make: (onset, random) => ({ bouts: [steady(breakage('machine_starved', null, between(random, 0.2, 0.9)), onset)] }),
  },
  {
    name: 'prober starved within a fault of yours',
    make: (onset, random, cast) => ({
      bouts: [
        steady(harmless(random, cast), onset - EARLIER_MS, LASTS_MS + EARLIER_MS),
        steady(breakage('machine_starved', null, between(random, 0.2, 0.9)), onset),
      ],
    }),
  },
  {
    name: '2 % noise, any fault',
    make: (onset, random, cast) => ({ bouts: [steady(anyFault(random, cast), onset)], noise: 0.02 }),
  },
  {
    name: 'edge fails 28 % of requests',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady(breakage('edge_5xx', pick(random, cast.fronts).vendor, 0.28), onset)],
    }),
  },
  {
    name: 'half the addresses of an edge silent',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady(breakage('edge_partial', pick(random, cast.fronts).vendor, 0.5), onset)],
    }),
  },
  {
    name: 'edge fails for some sites',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady(breakage('edge_5xx_sites', pick(random, cast.fronts).vendor, between(random, 0.1, 0.9)), onset)],
    }),
  },
  {
    name: 'edge fails more and more',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady({ ...breakage('edge_5xx', pick(random, cast.fronts).vendor), rampMs: 40_000 }, onset)],
    }),
  },
  {
    name: 'rotten control, own host broken at the edge',
    front: true,
    make: (onset, random, cast) => ({ bouts: lostControl('control_rotten', onset, random, cast) }),
  },
  {
    name: 'control plane down, own host broken at the edge',
    front: true,
    make: (onset, random, cast) => ({ bouts: lostControl('control_5xx', onset, random, cast) }),
  },
  {
    name: 'silent control, own host broken at the edge',
    front: true,
    make: (onset, random, cast) => ({ bouts: lostControl('control_down', onset, random, cast) }),
  },
  {
    name: 'looks like the vendor, 2 % noise',
    front: true,
    make: (onset, random, cast) => ({ bouts: [steady(lookalike(random, cast), onset)], noise: 0.02 }),
  },
  {
    name: 'looks like the vendor, on a lossy line',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [steady(lookalike(random, cast), onset), steady(lossy(random), onset + between(random, -20_000, 20_000))],
    }),
  },
  {
    name: 'looks like the vendor, on a flapping line',
    front: true,
    make: (onset, random, cast) => ({
      bouts: [
        steady(lookalike(random, cast), onset),
        ...flapping(breakage('uplink_cut'), onset, between(random, 5_000, 25_000), random),
      ],
    }),
  },
  {
    name: 'three faults at once',
    make: (onset, random, cast) => ({
      bouts: [0, 1, 2].map((index) =>
        steady(anyFault(random, cast), onset - index * between(random, 0, EARLIER_MS / 2)),
      ),
    }),
  },
];

/** Those that can be played by this cast. */
export const hostileFor = ({ fronts }: Cast): readonly Recipe[] =>
  RECIPES.filter(({ front }) => front !== true || fronts.length > 0);
