// Checks a fault that comes from outside, from a scenario or over HTTP, against the world it is to break.
import { z } from 'zod';
import { nearest } from '../map/issues.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import { Duration } from './duration.ts';
import { BLOCKED_PORTS } from './fault-effects.ts';
import { FAULT_KINDS, FAULTS, type FaultFact, type FaultKind, type KnownFault, shareOf } from './faults.ts';
import { groupsOf } from './fleet.ts';
import type { Fault } from './lab.ts';
import { NEEDS_UPS } from './power-faults.ts';
import { NEEDS_PROXY } from './proxy-faults.ts';
import { registeredAs } from './registration.ts';
import { NEEDS_LIST } from './revocation-faults.ts';
import { EVERYONE, scopesOf, UNLIMITED } from './scope.ts';
import { NEEDS_REGISTRY, signedServices, signingVendors } from './signature-faults.ts';
import { hasTunnel, partId, type World } from './world.ts';

export const FaultShape = z.strictObject({
  kind: z.enum(FAULT_KINDS as [FaultKind, ...FaultKind[]]).describe('What happens: see docs/scenarios.md.'),
  target: z.string().optional().describe('Whom it hits, for kinds that take one.'),
  rate: z.number().positive().max(1).optional().describe('The share that is hit; 1 when left out.'),
  ramp: Duration.optional().describe('How long the share takes to grow to that.'),
  delay: Duration.optional().describe('How long people are made to wait, for kinds that do.'),
  scope: z
    .string()
    .optional()
    .describe(
      'Whom it is limited to: ip4, ip6, pop (the location that serves you), a region or a host; everyone when left out.',
    ),
});

export type FaultShape = z.output<typeof FaultShape>;

/** What the target of a fault may be in this world; null when it takes none. */
export function targetsOf(kind: FaultKind, world: World): string[] | null {
  const edges = world.edges.map(({ vendor }) => vendor);
  const proxied = world.services.filter(({ edge }) => edge !== null).map(({ name }) => name);
  switch (FAULTS[kind].target) {
    case null:
      return null;
    case 'edge vendor':
      return edges;
    case 'edge vendor or service behind one':
      return [...edges, ...proxied];
    case 'service behind an edge':
      return proxied;
    case 'dns vendor':
      return [...new Set(world.dnsControls.map(({ vendor }) => vendor))];
    case 'vendor':
      return world.statusPages.map(({ vendor }) => vendor);
    case 'service':
      return world.services.map(({ name }) => name);
    case 'service that tells of its parts':
      return world.services.flatMap(({ name, tells, parts = [] }) => [
        ...(tells ? [name] : []),
        ...parts.map((part) => partId(name, part)),
      ]);
    case 'service with needs':
      return world.services.filter(({ needs }) => needs !== null).map(({ name }) => name);
    case 'tls service':
      return world.services.filter(({ origin }) => origin.tls).map(({ name }) => name);
    case 'registered service':
      return world.services.filter(({ host }) => registeredAs(world, host) !== null).map(({ name }) => name);
    case 'signed service':
      return signedServices(world);
    case 'signed service or dns vendor that signs':
      return [...signedServices(world), ...signingVendors(world)];
    case 'component, or vendor of some':
      return [...new Set(world.endpoints.flatMap(({ component, vendor }) => [component, vendor]))];
    case 'kind of host, switch or ring of updates':
      return [...new Set((world.fleet ?? []).flatMap(groupsOf))].sort();
    case 'kind of port':
      return Object.keys(BLOCKED_PORTS).filter((port) =>
        port === 'ntp' ? world.timeServers.length > 0 : world.egress !== undefined,
      );
    case 'anchor operator':
      return [...new Set(world.anchors.map(({ operator }) => operator))];
  }
}

/** Whether a world has what this kind breaks. */
export function canBreak(kind: FaultKind, world: World): boolean {
  return lacking(kind, world) === null;
}

/** What a world lacks for this kind; null when nothing. */
function lacking(kind: FaultKind, world: World): string | null {
  if (kind.startsWith('tunnel_') && !hasTunnel(world)) return 'a tunnel';
  if (kind === 'hosts_lost' && world.fleet === undefined) return 'hosts of its own';
  if (kind === 'egress_blocked' && targetsOf(kind, world)?.length === 0) return 'ports that are asked';
  if (kind === 'captive_portal' && world.portalTests === undefined) return 'pages whose answer is known';
  if (NEEDS_PROXY.has(kind) && world.proxy === undefined) return 'a forward proxy';
  if (NEEDS_LIST.has(kind) && world.revocations === undefined) return 'a list of revoked certificates';
  if (NEEDS_REGISTRY.has(kind) && world.registries.length === 0) return 'a zone above';
  return NEEDS_UPS.has(kind) && world.ups === undefined ? 'a UPS' : null;
}

/** Checks a fault from outside. Throws {@link UserError} with every problem; `place` is put before each. */
export function parseFault(input: unknown, world: World, place = 'fault'): KnownFault {
  const parsed = FaultShape.safeParse(input);
  if (!parsed.success) throw new UserError(parsed.error.issues.map((issue) => shapeProblem(issue, input, place)));
  const { kind, target, rate, ramp, delay, scope = EVERYONE } = parsed.data;
  const problems = [
    ...targetProblems(kind, target, world, place),
    ...measureProblems(parsed.data, place),
    ...scopeProblems(parsed.data, world, place),
  ];
  if (problems.length > 0) throw new UserError(problems);
  const { delayMs }: FaultFact = FAULTS[kind];
  const waits = delayMs === undefined ? 0 : (delay ?? delayMs);
  const limited = scope === EVERYONE ? null : scope;
  return { kind, target: target ?? null, rate: rate ?? 1, rampMs: ramp ?? 0, delayMs: waits, scope: limited };
}

function shapeProblem(issue: z.core.$ZodIssue, input: unknown, place: string): Problem {
  const at = [place, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return {
      place: at,
      what: `unknown key ${issue.keys.join(', ')}`,
      hint: 'known are kind, target, rate, ramp, delay and scope',
    };
  }
  if (issue.path[0] === 'kind') {
    const { kind } = input as { kind?: unknown };
    const guess = typeof kind === 'string' ? nearest(kind, FAULT_KINDS) : undefined;
    const hint = guess === undefined ? `use one of ${FAULT_KINDS.join(', ')}` : `did you mean ${guess}?`;
    return { place: at, what: 'is not a kind of fault', hint };
  }
  if (issue.path[0] === 'rate') return { place: at, what: 'is not a share', hint: 'give a number above 0 and up to 1' };
  if (issue.path[0] === 'ramp' || issue.path[0] === 'delay') {
    return { place: at, what: 'is not a duration', hint: 'give one such as 20s or 500ms' };
  }
  return {
    place: at,
    what: issue.message,
    hint: 'give an object with kind, and target or rate where the kind takes them',
  };
}

function targetProblems(kind: FaultKind, target: string | undefined, world: World, place: string): Problem[] {
  const allowed = targetsOf(kind, world);
  const at = `${place}.target`;
  const lack = lacking(kind, world);
  if (lack !== null) {
    return [{ place: `${place}.kind`, what: `${kind} needs ${lack}`, hint: `${world.name} has none` }];
  }
  if (allowed === null) {
    return target === undefined ? [] : [{ place: at, what: `${kind} takes no target`, hint: 'leave it out' }];
  }
  const hint = `use ${allowed.join(' or ')}`;
  if (target === undefined) return [{ place: at, what: `${kind} needs a target`, hint }];
  return allowed.includes(target) ? [] : [{ place: at, what: `${target} is not something ${kind} can hit`, hint }];
}

function measureProblems({ kind, rate, ramp, delay }: FaultShape, place: string): Problem[] {
  const { whole, delayMs }: FaultFact = FAULTS[kind];
  const wholly = whole === undefined ? null : `leave it out: ${whole}`;
  const waits = delayMs === undefined ? 'leave it out: nobody is made to wait' : null;
  const refused = { rate: wholly, ramp: wholly, delay: waits };
  const given = { rate, ramp, delay };
  return (['rate', 'ramp', 'delay'] as const).flatMap((key) => {
    const hint = given[key] === undefined ? null : refused[key];
    return hint === null ? [] : [{ place: `${place}.${key}`, what: `${kind} takes no ${key}`, hint }];
  });
}

function scopeProblems({ kind, target, scope }: FaultShape, world: World, place: string): Problem[] {
  if (scope === undefined || scope === EVERYONE) return [];
  const at = `${place}.scope`;
  const known = scopesOf(kind, target, world);
  if (known === null) return [{ place: at, what: `${kind} takes no scope`, hint: `leave it out: ${UNLIMITED}` }];
  if (known.includes(scope)) return [];
  const whose = target === undefined ? kind : `${kind} of ${target}`;
  const what = `${whose} cannot be limited to ${scope} in ${world.name}`;
  return [{ place: at, what, hint: `use ${[EVERYONE, ...known].join(' or ')}` }];
}

/** Faults as the wire and the public type carry them. */
export function publicFault({ kind, target, rate, rampMs, delayMs, scope }: KnownFault): Fault {
  return {
    kind,
    ...(target === null ? {} : { target }),
    ...(shareOf(kind) === undefined ? {} : { rate }),
    ...(rampMs === 0 ? {} : { ramp: `${rampMs}ms` }),
    ...(delayMs === 0 ? {} : { delay: `${delayMs}ms` }),
    ...(scope === null ? {} : { scope }),
  };
}
