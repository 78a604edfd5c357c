// The lab's signed zones, as validators of others see them: delv walks the chain of signatures itself, dig and kdig ask a resolver to.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { asking, type Place, placeOf, placesOf, runClient } from './clients.ts';

let lab: Lab;
let folder: string;
let places: readonly Place[];

beforeAll(async () => {
  lab = await startLab();
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-dnssec-'));
  places = await placesOf(lab);
  const key = await runClient('dig', [...at('registry', 'test'), '+short', 'test', 'DNSKEY']);
  const [, flags, base64] = /^(257) 3 13 (.+)$/m.exec(key) ?? [];
  const text = `trust-anchors { "test." static-key ${flags} 3 13 "${base64?.replaceAll(' ', '')}"; };`;
  await writeFile(path.join(folder, 'anchor'), text);
});

afterAll(async () => {
  await lab.stop();
  await rm(folder, { recursive: true });
});

const at = (role: string, owner?: string): string[] => asking(placeOf(places, role, owner));

const ask = (program: 'dig' | 'kdig', place: string[], ...question: string[]): Promise<string> =>
  runClient(program, [
    ...place,
    ...(program === 'dig' ? ['+time=5', '+tries=1'] : ['+timeout=5', '+retry=0']),
    ...question,
  ]);

describe('delv, who trusts nothing but the key of the zone above, finds', () => {
  it.each([
    ['the address of a zone you sign', 'shop.market.test', 'A', /fully validated[\s\S]*IN\s+RRSIG\s+A 13 3/],
    ['the address of a zone the vendor signs', 'blog.home.test', 'A', /fully validated/],
    ['the keys of the zone', 'market.test', 'DNSKEY', /fully validated/],
    ['what the zone above says of them', 'market.test', 'DS', /fully validated/],
    ['that there is no such name', 'nobody.market.test', 'A', /negative response, fully validated/],
    ['that there is nothing of that type', 'market.test', 'TXT', /negative response, fully validated/],
    ['that nobody signs another zone', 'forum.cloudflare-edge.test', 'A', /unsigned answer/],
  ])('%s', async (_, name, type, said) => {
    const how = ['-a', path.join(folder, 'anchor'), '+root=test'];
    expect(await runClient('delv', [...how, ...at('resolver'), name, type])).toMatch(said);
  });
});

describe('the resolver of the LAN', () => {
  it.each(['dig', 'kdig'] as const)('vouches for what is signed, as %s sees it', async (program) => {
    const said = await ask(program, at('resolver'), '+dnssec', 'shop.market.test', 'A');
    expect(said).toMatch(/status: NOERROR/);
    expect(said.toLowerCase()).toMatch(/flags:[^;]* ad[ ;]/);
    expect(said).toMatch(/RRSIG\s+A 13 3/);
  });

  it('vouches for nothing that is not signed, nor for what it was told not to check', async () => {
    const unsigned = await ask('dig', at('resolver'), '+dnssec', 'forum.cloudflare-edge.test', 'A');
    const unchecked = await ask('dig', at('resolver'), '+dnssec', '+cd', 'shop.market.test', 'A');
    for (const said of [unsigned, unchecked]) {
      expect(said).toMatch(/status: NOERROR/);
      expect(said).not.toMatch(/flags:[^;]* ad[ ;]/);
    }
  });

  it('says that a name does not exist in the old words, and keeps signatures from who did not ask', async () => {
    const said = await ask('dig', at('resolver'), 'nobody.market.test', 'A');
    expect(said).toMatch(/status: NXDOMAIN/);
    expect(said).not.toMatch(/NSEC|RRSIG/);
  });
});

it('signs at the name servers until in two weeks, and the registry says so of the domain', async () => {
  const said = await ask('kdig', at('nameserver', 'aws'), '+dnssec', 'market.test', 'SOA');
  const [, end = ''] = /RRSIG\s+SOA 13 2 5 (\d{8})/.exec(said) ?? [];
  const days = (Date.parse(end.replace(/(....)(..)(..)/, '$1-$2-$3')) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(12);
  expect(days).toBeLessThan(15);
  const rdap = placeOf(places, 'rdap', 'test');
  const record = await fetch(`http://${rdap.address}:${rdap.port}/domain/market.test`);
  expect(await record.json()).toMatchObject({ secureDNS: { delegationSigned: true } });
});
