// What daemons of tunnels, registries, status pages, time servers and power supplies were held against.
import { z } from 'zod';
import type { Check } from '../exporters/check.ts';
import type { ObservationOf } from '../exporters/observation.ts';
import type { EppStatus } from '../exporters/registration/epp-status.ts';
import { isLocked } from '../exporters/registration/probe.ts';
import type { TunnelAilment } from '../exporters/tunnel-facts.ts';
import { WRONG_MS } from '../signals/clock.ts';
import { answered } from './probe-answered.ts';

const DAY_MS = 86_400_000;
const USUAL_CONNECTIONS = 4;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** Cloudflare supports a version for a year after its release, which is in its name. */
const SUPPORTED_MS = 365 * DAY_MS;

function isSupported(version: string | null, now: number): boolean | null {
  const [, year, month] = /^(\d{4})\.(\d{1,2})\./.exec(version ?? '') ?? [];
  return year === undefined ? null : now - Date.UTC(Number(year), Number(month), 1) < SUPPORTED_MS;
}

export function ofCloudflared({ facts, startedAt }: ObservationOf<'cloudflared'>): Check[] {
  const { state, readyConnections: ready, registerFailures: refused, version } = facts;
  return [
    {
      check: '/ready',
      expected: '200, or 503 in words of cloudflared',
      actual: state === null ? 'something else' : state === 'ready' ? '200' : '503',
      passed: state !== null,
    },
    {
      check: 'connections',
      expected: 'at least 1 to the edge',
      actual: ready === null ? 'none told' : String(ready),
      passed: ready === null ? null : ready > 0,
    },
    {
      check: 'all of them',
      expected: `${USUAL_CONNECTIONS}, to two regions`,
      actual: ready === null ? 'none told' : String(ready),
      passed: ready === null ? null : ready >= USUAL_CONNECTIONS,
      advice: true,
    },
    {
      check: '/metrics',
      expected: 'no registration refused since its start',
      actual: refused === null ? (version === null ? 'not told' : 'none counted') : `${refused} refused`,
      passed: version === null && refused === null ? null : (refused ?? 0) === 0,
      advice: true,
    },
    ...told('version', 'of the last twelve months', `${version}`, isSupported(version, startedAt)),
  ];
}

type Tunnel = ObservationOf<'tailscale' | 'wireguard' | 'ngrok' | 'frp'>;

const Wish = z.object({
  peer: z.string().optional(),
  interface: z.string().optional(),
  tunnel: z.string().optional(),
  proxy: z.string().optional(),
});

/** Each hangs on those before it: behind the first that is missing nothing was looked at. */
interface Step {
  check: string;
  expected: string;
  /** What is wrong with it, by what the daemon says. */
  ailing: Partial<Record<TunnelAilment, string>>;
}

function stepsOf({ kind }: Tunnel, { peer, interface: name, tunnel, proxy }: z.output<typeof Wish>): Step[] {
  switch (kind) {
    case 'tailscale':
      return [
        {
          check: 'daemon',
          expected: 'running',
          ailing: {
            starting: 'starting',
            logged_out: 'logged out',
            machine_unapproved: 'waiting to be approved',
            stopped: 'stopped',
          },
        },
        { check: 'key', expected: 'in time', ailing: { key_expired: 'expired' } },
        ...(peer === undefined
          ? []
          : [
              {
                check: 'peer',
                expected: `${peer} online`,
                ailing: { peer_absent: 'not in the tailnet', peer_offline: 'offline' },
              },
            ]),
      ];
    case 'wireguard':
      return [
        { check: 'interface', expected: `${name} up`, ailing: { interface_absent: 'not there' } },
        { check: 'peer', expected: peer ?? 'any', ailing: { peer_absent: 'not configured' } },
      ];
    case 'ngrok':
      return [
        { check: 'agent', expected: 'online', ailing: { offline: 'not online' } },
        { check: 'tunnel', expected: tunnel ?? 'any', ailing: { tunnel_absent: 'not there' } },
      ];
    case 'frp':
      return [
        { check: 'proxy', expected: `${proxy} listed`, ailing: { tunnel_absent: 'not listed' } },
        {
          check: 'state',
          expected: 'running',
          ailing: {
            starting: 'starting',
            start_error: 'not started, for an error',
            check_failed: 'its own check of your service failed',
            closed: 'closed',
            offline: 'offline',
          },
        },
      ];
  }
}

export function ofTunnel(observation: Tunnel, settings: unknown): Check[] {
  const { kind, facts } = observation;
  const { state, ailment } = facts;
  const steps = stepsOf(observation, Wish.parse(settings));
  const broken = steps.findIndex(
    ({ ailing }) => state !== 'ready' && ailment !== null && ailing[ailment] !== undefined,
  );
  const checks = steps.map(({ check, expected, ailing }, index): Check => {
    const reached = state !== null && (broken === -1 || index <= broken);
    const fault = index === broken && ailment !== null ? ailing[ailment] : undefined;
    const actual = reached ? (fault ?? 'as expected') : 'not looked at';
    return { check, expected, actual, passed: reached ? fault === undefined : null };
  });
  if (kind === 'wireguard') checks.push(handshake(observation, broken === -1));
  if (kind === 'tailscale') {
    const { keyExpiry, warnings } = facts;
    checks.push(
      ...told('control plane', 'reached', ailment === 'offline' ? 'not reached' : 'reached', onlineOf(observation)),
      ...told('warnings', 'none', `${warnings}`, warnings === null ? null : warnings === 0),
      ...told('key lasts', 'a day and more', `until ${dayOf(keyExpiry ?? 0)}`, lastsADay(keyExpiry, observation)),
    );
  }
  return checks;
}

/** What is wrong before it hides it. */
const onlineOf = ({ facts: { state, ailment } }: Tunnel): boolean | null =>
  state === 'ready' ? ailment !== 'offline' : null;

const lastsADay = (end: number | null, { startedAt }: Tunnel): boolean | null =>
  end === null ? null : end - startedAt > DAY_MS;

/** Left out where nothing is known of it. */
function told(check: string, expected: string, actual: string, passed: boolean | null): Check[] {
  return passed === null ? [] : [{ check, expected, actual, passed, advice: true }];
}

function handshake({ facts: { state, lastHandshake }, startedAt }: Tunnel, there: boolean): Check {
  const age = lastHandshake === null ? 'never' : `${Math.round((startedAt - lastHandshake) / 1000)} s ago`;
  const idle = state === 'idle' ? ', and without keepalive that proves nothing' : '';
  return {
    check: 'handshake',
    expected: 'within 180 s and one keepalive',
    actual: state === null || !there ? 'not looked at' : age + idle,
    passed: state === null || !there || state === 'idle' ? null : state === 'ready',
  };
}

const TAKEN_OUT: readonly EppStatus[] = ['clientHold', 'serverHold', 'redemptionPeriod', 'pendingDelete', 'inactive'];

export function ofRegistration({ ok, startedAt, facts }: ObservationOf<'registration'>): Check[] {
  if (!ok) return [];
  const { statuses, expiry } = facts;
  const out = statuses.filter((status) => TAKEN_OUT.includes(status));
  const locked = isLocked(facts);
  return [
    {
      check: 'delegated',
      expected: 'no state that takes it out of the zone',
      actual: out.join(', ') || 'none',
      passed: out.length === 0,
      advice: true,
    },
    {
      check: 'current',
      expected: 'an end in the future',
      actual: expiry === null ? 'not published' : dayOf(expiry),
      passed: expiry === null ? null : expiry > startedAt,
      advice: true,
    },
    {
      check: 'locked',
      expected: 'a lock against transfers',
      actual: locked === null ? 'not published' : locked ? 'a lock' : 'no lock',
      passed: locked,
      advice: true,
    },
  ];
}

export function ofStatus({ ok, facts: { components, unknownWords } }: ObservationOf<'status'>): Check[] {
  if (!ok) return [];
  const known = components.map(({ name, state }): Check => {
    const actual = state ?? 'not in the feed, or in a word nobody knows';
    return { check: name, expected: 'in the feed', actual, passed: state !== null, advice: true };
  });
  const words = `${unknownWords} unknown`;
  return [...known, { check: 'words', expected: 'all known', actual: words, passed: unknownWords === 0, advice: true }];
}

export function ofClock({ reason, facts }: ObservationOf<'clock'>): Check[] {
  const { stratum, offsetMs, delayMs, refusal } = facts;
  const refused = refusal === null ? reason : `refused: ${refusal}`;
  return [
    {
      check: 'answer',
      expected: 'the time, by a clock that is set',
      actual: reason === 'ok' ? 'the time' : refused,
      passed: reason === 'ok' ? true : reason.startsWith('ntp_') || reason === 'answer_malformed' ? false : null,
    },
    answered('stratum', stratum, stratum === null ? ['1 to 15'] : [stratum]),
    {
      check: 'our clock',
      expected: `within ${WRONG_MS / 1000} s`,
      actual:
        offsetMs === null
          ? 'not known'
          : `${Math.abs(offsetMs).toFixed(1)} ms ${offsetMs > 0 ? 'behind' : 'ahead'}, give or take ${((delayMs ?? 0) / 2).toFixed(1)} ms`,
      passed: offsetMs === null ? null : Math.abs(offsetMs) <= WRONG_MS,
      advice: true,
    },
  ];
}

export function ofPower({ facts }: ObservationOf<'power'>): Check[] {
  const { source, low, replace, calibrating } = facts;
  return [
    answered('source', source, ['line']),
    ...told('battery', 'not low', low === true ? 'low' : 'not low', low === null ? null : !low),
    ...told('battery lasts', 'good', replace === true ? 'to be replaced' : 'good', replace === null ? null : !replace),
    ...told(
      'test',
      'none',
      calibrating === true ? 'it tests itself' : 'none',
      calibrating === null ? null : !calibrating,
    ),
  ];
}
