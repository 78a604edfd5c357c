// The power probe: what a UPS says read rightly; no belief in lists that are foreign or endless.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { Refusal } from '../../exporters/http/refusal.ts';
import { Malformed } from '../../exporters/malformed.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { accepted, readPower, readVariable } from '../../exporters/power/nut.ts';
import { power } from '../../exporters/power/probe.ts';
import { contextOf, probeContract } from './contract.ts';
import { rawServer } from './local-server.ts';
import { type Answers, nutServer } from './nut-server.ts';
import { rootAuthority } from './test-ca.ts';

const DEADLINE_MS = 600;

const FINE = { 'ups.status': 'OL CHRG', 'battery.charge': '97.5', 'battery.runtime': '1800', 'input.voltage': '231.2' };

const measure = (settings: Record<string, unknown>, trust: readonly string[] = []): Promise<ObservationOf<'power'>> =>
  power.prepare('t', { host: '127.0.0.1', ups: 'rack', ...settings })(
    contextOf(AbortSignal.timeout(DEADLINE_MS), { trust }),
  );

async function ask(answers: Answers, settings: Record<string, unknown> = {}): Promise<ObservationOf<'power'>> {
  const { port } = await nutServer(answers);
  return measure({ port, ...settings });
}

const saying = (status: string): Answers => ({ variables: { ...FINE, 'ups.status': status } });

describe('a UPS', () => {
  it('on the line is told of with all it measures', async () => {
    const observed = await ask({ variables: { ...FINE, 'ups.load': '23' } });
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null });
    expect(observed.facts).toEqual({
      address: '127.0.0.1',
      source: 'line',
      low: false,
      replace: false,
      calibrating: false,
      charge: 0.975,
      runtimeMs: 1_800_000,
      inputVolts: 231.2,
      load: 0.23,
    });
    expect(power.samples(observed)).toEqual([
      { metric: 'demarc_power_on_line', value: 1 },
      { metric: 'demarc_power_battery_low', value: 0 },
      { metric: 'demarc_power_battery_replace', value: 0 },
      { metric: 'demarc_power_battery_charge_ratio', value: 0.975 },
      { metric: 'demarc_power_battery_runtime_seconds', value: 1_800 },
      { metric: 'demarc_power_input_volts', value: 231.2 },
      { metric: 'demarc_power_load_ratio', value: 0.23 },
    ]);
  });

  it.each<[string, Reason, Record<string, unknown>]>([
    ['OL', 'ok', { source: 'line', low: false }],
    ['OL RB', 'ok', { source: 'line', replace: true }],
    ['OL LB CHRG', 'ok', { source: 'line', low: true }],
    ['OB DISCHRG', 'power_on_battery', { source: 'battery', low: false }],
    ['OB LB', 'power_low_battery', { source: 'battery', low: true }],
    ['FSD OB', 'power_low_battery', { source: 'battery', low: true }],
    ['OB CAL', 'power_on_battery', { source: 'battery', calibrating: true }],
    ['OL OFF', 'power_off', { source: 'off' }],
    ['WAIT', 'nut_stale', { source: null, low: false }],
    ['', 'nut_stale', { source: null }],
    ['OLD', 'nut_stale', { source: null }],
  ])('that says %j', async (status, reason, facts) => {
    expect(await ask(saying(status))).toMatchObject({ reason, facts, phase: reason === 'ok' ? null : 'check' });
  });

  it('with a name of several words for what it measures is read whole', async () => {
    const odd = { ...FINE, 'ups.model': 'Smart "UPS" \\ 700', 'ups.load': '1e9', 'input.voltage': '-230' };
    expect((await ask({ variables: odd })).facts).toMatchObject({ source: 'line', load: null, inputVolts: null });
  });
});

describe('a server', () => {
  it.each<[string, Answers, Reason, Phase]>([
    ['that does not know the UPS', { refusal: 'ERR UNKNOWN-UPS' }, 'nut_unknown_ups', 'request'],
    ['without its driver', { refusal: 'ERR DRIVER-NOT-CONNECTED' }, 'nut_stale', 'request'],
    ['with old data', { refusal: 'ERR DATA-STALE' }, 'nut_stale', 'request'],
    ['that keeps us out', { refusal: 'ERR ACCESS-DENIED' }, 'nut_denied', 'request'],
    ['that knows another error', { refusal: 'ERR \x1b[2J' }, 'nut_error', 'request'],
    ['that speaks of another UPS', { refusal: 'BEGIN LIST VAR other' }, 'answer_malformed', 'request'],
    ['that breaks off', { variables: FINE, cut: true }, 'connect_reset', 'request'],
    ['that never ends', { variables: FINE, endless: true }, 'answer_malformed', 'request'],
  ])('%s', async (_, answers, reason, phase) => {
    const observed = await ask(answers);
    expect(observed).toMatchObject({ ok: false, reason, phase, facts: { source: null } });
    expect(power.samples(observed)).toEqual([]);
  });

  it('is told user and password where the map has them, and the password nowhere else', async () => {
    process.env.DEMARC_TEST_UPS = 'ca"na\\ry';
    const server = await nutServer({ variables: FINE, user: 'watch', password: 'ca"na\\ry' });
    const observed = await measure({ port: server.port, user: 'watch', password: { env: 'DEMARC_TEST_UPS' } });
    delete process.env.DEMARC_TEST_UPS;
    expect(observed.ok).toBe(true);
    expect(server.heard).toEqual(['USERNAME watch', 'PASSWORD "ca\\"na\\\\ry"', 'LIST VAR rack']);
    expect(JSON.stringify(observed)).not.toContain('canary');
    const gone = await measure({ port: server.port, user: 'watch', password: { env: 'DEMARC_TEST_NOT_THERE' } });
    expect(gone).toMatchObject({ ok: false, reason: 'local' });
  });

  it('is asked over TLS when wanted, and believed only with a good certificate', async () => {
    const ca = await rootAuthority();
    const good = await ca.issue({ names: [{ type: 'ip', value: '127.0.0.1' }] });
    const { port } = await nutServer({ variables: FINE, tls: good });
    expect(await measure({ port, tls: true }, [ca.cert])).toMatchObject({ ok: true, facts: { source: 'line' } });
    expect(await measure({ port, tls: true })).toMatchObject({ reason: 'tls_incomplete_chain', phase: 'tls' });
    expect(await ask({ variables: FINE }, { tls: true })).toMatchObject({ reason: 'nut_no_tls', phase: 'tls' });
  });
});

it('a server that may only be a client is told as one nobody trusts', async () => {
  const ca = await rootAuthority();
  const ofClients = { names: [{ type: 'ip', value: '127.0.0.1' }], purposes: ['1.3.6.1.5.5.7.3.2'] } as const;
  const { port } = await nutServer({ variables: FINE, tls: await ca.issue(ofClients) });
  expect(await measure({ port, tls: true }, [ca.cert])).toMatchObject({ reason: 'tls_untrusted', phase: 'tls' });
});

it('what is said between the go-ahead and the handshake is not believed', async () => {
  const { port } = await rawServer('OK STARTTLS\nOK and more\n');
  expect(await measure({ port, tls: true })).toMatchObject({ reason: 'answer_malformed', phase: 'tls' });
});

describe('any line', () => {
  it('is a variable of this UPS, or no answer', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        try {
          const [name, value] = readVariable(line, 'rack');
          expect(line).toContain(name);
          expect(value.length).toBeLessThanOrEqual(line.length);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const line = `VAR rack ups.model "${value.replace(/["\\]/g, '\\$&')}"`;
        if (!value.includes('\n')) expect(readVariable(line, 'rack')).toEqual(['ups.model', value]);
      }),
    );
  });

  it('that refuses gives a reason of the list', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        expect(() => accepted(`ERR ${word}`)).toThrow(Refusal);
      }),
    );
  });

  it('of variables gives finite numbers or none', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(FINE), 'ups.load'), fc.string()), (told) => {
        const { charge, runtimeMs, inputVolts, load } = readPower(new Map(Object.entries(told)));
        for (const value of [charge, runtimeMs, inputVolts, load]) {
          expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
        }
      }),
    );
  });
});

describe('settings', () => {
  it.each([
    [{ ups: 'a b' }],
    [{ ups: 'a\nLOGIN' }],
    [{ port: 0 }],
    [{ user: 'a' }],
    [{ password: { env: 'A' } }],
    [{ user: 'a', password: 'plain' }],
    [{ user: 'a b', password: { env: 'A' } }],
  ])('refuses %j', (settings) => {
    expect(() => power.prepare('t', { host: '127.0.0.1', ups: 'rack', ...settings })).toThrow();
  });
});

probeContract('power', {
  probe: power,
  transport: 'tcp',
  settingsFor: (port, host) => ({ host, port, ups: 'rack' }),
  opening: 'BEGIN LIST VAR rack\n',
  expected: {
    mute: ['timeout'],
    refused: ['connect_refused'],
    reset: ['connect_reset'],
    'hang-up': ['connect_reset'],
    garbage: ['answer_malformed', 'connect_reset'],
    drip: ['timeout'],
    huge: ['answer_malformed'],
  },
});
