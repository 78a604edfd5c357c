// Whether the registry's record and the zone above say the same of a domain, asked of a real RDAP server and real name servers.
import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import type { Observation } from '../../exporters/observation.ts';
import { registration } from '../../exporters/registration/probe.ts';
import type { DomainBinding } from '../../map/plan-types.ts';
import { agreementsOf } from '../../signals/domain-agreement.ts';
import { contextOf } from '../exporters/contract.ts';
import { nameServer, reply } from '../exporters/fake-name-server.ts';
import { serveDocument } from '../exporters/serve-document.ts';

const DOMAIN = 'example.com';

const BINDING: DomainBinding = {
  name: DOMAIN,
  registry: 'registry-com',
  registration: 'record',
  expiresOn: null,
  parents: ['first', 'second'],
  servers: [],
  declared: false,
  keys: [{ operator: 'one', checked: 'keys', unchecked: 'keys' }],
};

const named = (...servers: string[]): Answer[] =>
  servers.map((data): Answer => ({ type: 'NS', name: DOMAIN, ttl: 60, data }));

/** At the zone above: a referral to these. */
async function delegation(...servers: string[]): Promise<Observation> {
  const { at } = await nameServer((asked) => reply(asked, { authorities: named(...servers) }));
  const settings = { server: at, name: DOMAIN, type: 'NS', expect: { shapes: ['referral'] } };
  return dns.prepare('t', settings)(contextOf(AbortSignal.timeout(2_000)));
}

async function keys(signed: boolean): Promise<Observation> {
  const { at } = await nameServer((asked) => {
    const digest = Buffer.alloc(32, 7);
    const answers: Answer[] = [
      { type: 'DS', name: DOMAIN, ttl: 60, data: { keyTag: 370, algorithm: 13, digestType: 2, digest } },
    ];
    return reply(asked, signed ? { answers } : {});
  });
  const settings = { server: at, name: DOMAIN, type: 'DS', expect: { shapes: ['answer', 'nodata'] } };
  return dns.prepare('t', settings)(contextOf(AbortSignal.timeout(2_000)));
}

async function record(nameservers: readonly string[], delegationSigned?: boolean): Promise<Observation> {
  const body = JSON.stringify({
    objectClassName: 'domain',
    ldhName: DOMAIN,
    nameservers: nameservers.map((ldhName) => ({ ldhName })),
    ...(delegationSigned !== undefined && { secureDNS: { delegationSigned } }),
  });
  const { base } = await serveDocument({ body });
  return registration.prepare('t', { domain: DOMAIN, server: base })(contextOf(AbortSignal.timeout(2_000)));
}

function told(seen: Record<string, Observation>, binding = BINDING): unknown {
  const of = (target: string): Observation | undefined => seen[target];
  return Object.fromEntries(agreementsOf(binding, { newest: of, lastGood: of }));
}

describe('the record of a domain and the zone above it', () => {
  it('agree in whatever order and spelling they name the servers', async () => {
    const seen = {
      record: await record(['B.NS.TEST.', 'a.ns.test'], true),
      first: await delegation('a.ns.test', 'b.ns.test'),
      second: await delegation('b.ns.test', 'A.ns.test'),
      keys: await keys(true),
    };
    expect(told(seen)).toEqual({ name_servers: true, signing: true });
  });

  it('differ as soon as one server of the zone above names others', async () => {
    const seen = {
      record: await record(['a.ns.test', 'b.ns.test'], true),
      first: await delegation('a.ns.test', 'b.ns.test'),
      second: await delegation('a.ns.test', 'stranger.test'),
      keys: await keys(false),
    };
    expect(told(seen)).toEqual({ name_servers: false, signing: false });
    expect(told({ ...seen, keys: await keys(true), record: await record(['a.ns.test'], false) })).toEqual({
      name_servers: false,
      signing: false,
    });
  });

  it('cannot be compared about what one of them does not tell', async () => {
    const first = await delegation('a.ns.test');
    expect(told({ first, keys: await keys(true) })).toEqual({});
    expect(told({ record: await record([]), first, keys: await keys(true) })).toEqual({});
    expect(told({ record: await record(['a.ns.test'], true) })).toEqual({});
    expect(told({ record: await record(['a.ns.test'], true), first: await delegation() })).toEqual({});
    expect(told({ record: await record(['a.ns.test']), first }, { ...BINDING, registration: null })).toEqual({});
  });

  it('are of one day, or are not compared', async () => {
    const first = await delegation('a.ns.test');
    const { startedAt, ...old } = await record(['b.ns.test']);
    const aged = (ms: number): Record<string, Observation> => ({
      first,
      record: { ...old, startedAt: startedAt - ms } as Observation,
    });
    expect(told(aged(3_600_000))).toEqual({ name_servers: false });
    expect(told(aged(2 * 86_400_000))).toEqual({});
  });
});
