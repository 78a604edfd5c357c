// The lab's HTTP API, as the demo and curl use it.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await startLab();
});

afterEach(() => lab.heal());
afterAll(() => lab.stop());

async function call(method: string, path: string, body?: string): Promise<{ status: number; json: unknown }> {
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const response = await fetch(`${lab.api}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return { status: response.status, json: await response.json() };
}

const post = (fault: unknown) => call('POST', '/faults', JSON.stringify(fault));

describe('the API', () => {
  it('injects, lists and heals', async () => {
    expect(await call('GET', '/faults')).toEqual({ status: 200, json: [] });
    const injected = await post({ kind: 'origin_refused', target: 'blog' });
    expect(injected).toMatchObject({ status: 201, json: { kind: 'origin_refused', target: 'blog' } });
    expect(await call('GET', '/faults')).toEqual({ status: 200, json: [injected.json] });
    const { id } = lab.faults()[0] ?? { id: '' };
    expect(await call('DELETE', `/faults/${id}`)).toEqual({ status: 200, json: [] });
    expect(await call('DELETE', `/faults/${id}`)).toEqual({
      status: 404,
      json: { error: `id: no active fault ${id}, GET /faults lists them` },
    });
  });

  it('heals everything at once', async () => {
    await post({ kind: 'edge_5xx', target: 'fastly', rate: 0.5 });
    await post({ kind: 'resolver_down' });
    expect(lab.faults()).toHaveLength(2);
    expect(await call('DELETE', '/faults')).toEqual({ status: 200, json: [] });
    expect(lab.faults()).toEqual([]);
  });

  it('shows the world with the state of every place', async () => {
    await lab.inject({ kind: 'gateway_down' });
    const { json } = await call('GET', '/world');
    expect(json).toMatchObject({ world: 'homelab', faults: [{ kind: 'gateway_down' }], offers: lab.offers });
    const { places } = json as { places: { role: string; side: string; state: string }[] };
    for (const { role, side, state } of places) {
      expect(state).toBe(side === 'internet' || role === 'gateway' ? 'silent' : 'open');
    }
  });

  it.each([
    ['an unknown fault', '{"kind":"gremlins"}', /^fault\.kind: is not a kind of fault, use one of /],
    [
      'an unknown key',
      '{"kind":"uplink_cut","how":"axe"}',
      /^fault: unknown key how, known are kind, target, rate, ramp, delay and scope$/,
    ],
    ['no object', '"uplink_cut"', /^fault: Invalid input: expected object, received string, give an object with kind/],
    ['no JSON', '{kind', /^body: .*, send a JSON object such as \{"kind":"uplink_cut"\}$/],
  ])('refuses %s with one clear error', async (_, body, error) => {
    expect(await call('POST', '/faults', body)).toEqual({ status: 400, json: { error: expect.stringMatching(error) } });
  });

  it('refuses what a page of another origin could send without being asked', async () => {
    const response = await fetch(`${lab.api}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"kind":"uplink_cut"}',
    });
    expect(response.status).toBe(400);
    expect(lab.faults()).toEqual([]);
  });

  it('knows no other paths', async () => {
    expect(await call('GET', '/frogs')).toEqual({
      status: 404,
      json: { error: 'GET /frogs: no such thing, try GET /world' },
    });
  });
});

describe('offers', () => {
  it('are each a fault this world takes, with words for people', async () => {
    expect(lab.offers.length).toBeGreaterThanOrEqual(12);
    for (const { fault, label, hint } of lab.offers) {
      expect(await lab.inject(fault)).toMatchObject(fault);
      expect(`${label} ${hint}`).not.toMatch(/[{}]/);
    }
  });
});
