// Names that lead outside keep to addresses that are public, whoever forges others; the last good one outlives a forgery.
import { describe, expect, it } from 'vitest';
import { type Clock, realClock } from '../../exporters/clock.ts';
import { createResolver } from '../../exporters/resolver.ts';
import { expectReason, shiftedClock, soon } from './ask-resolver.ts';
import { nameServer, pointing, reply } from './fake-name-server.ts';

const DEADLINE_MS = 2_000;

describe('a name that leads outside', () => {
  const PUBLIC = '9.9.9.9';
  const outsideBy = (servers: string[], clock: Clock = realClock) =>
    createResolver({ servers, clock, deadlineMs: DEADLINE_MS, leadsOutside: (name) => name === 'edge.example.com' });
  const telling = (...addresses: string[]) =>
    nameServer((asked) => reply(asked, { answers: addresses.flatMap((address) => pointing(asked, address)) }));

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.2',
    '169.254.1.1',
    '172.16.0.1',
    '192.168.1.1',
    '::1',
    'fd00::1',
  ])('is not at %s', async (address) => {
    const resolver = outsideBy([(await telling(address)).at]);
    await expectReason(resolver.resolve('edge.example.com', 'fresh', soon()), 'dns_intercepted');
    await expectReason(resolver.resolve('Edge.Example.com.', 'last_good', soon()), 'dns_intercepted');
    expect(await resolver.resolve('house.example.com', 'fresh', soon())).toEqual([address]);
  });

  it('keeps those of its addresses that are public', async () => {
    const resolver = outsideBy([(await telling('192.168.1.1', PUBLIC, 'fd00::1')).at]);
    expect(await resolver.resolve('edge.example.com', 'fresh', soon())).toEqual([PUBLIC]);
  });

  it('is asked of the next server when the first one forges it', async () => {
    const [forger, honest] = [await telling('192.168.1.1'), await telling(PUBLIC)];
    const resolver = outsideBy([forger.at, honest.at]);
    expect(await resolver.resolve('edge.example.com', 'fresh', soon())).toEqual([PUBLIC]);
  });

  it('stays where it was last seen while its answers are forged', async () => {
    const { clock, advance } = shiftedClock();
    let address = PUBLIC;
    const server = await nameServer((asked) => reply(asked, { answers: pointing(asked, address) }));
    const resolver = outsideBy([server.at], clock);
    expect(await resolver.resolve('edge.example.com', 'last_good', soon())).toEqual([PUBLIC]);
    address = '127.0.0.1';
    advance(400_000);
    expect(await resolver.resolve('edge.example.com', 'last_good', soon())).toEqual([PUBLIC]);
    await expectReason(resolver.resolve('edge.example.com', 'fresh', soon()), 'dns_intercepted');
  });
});
