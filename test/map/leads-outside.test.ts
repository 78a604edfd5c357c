// Which names may have no address of the house: those of vendors, and of services behind an edge; and what the map says against it.
import { expect, it } from 'vitest';
import { leadsOutside } from '../../map/leads-outside.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

const MAP = `
version: 1
vendors:
  acme-cdn:
    title: Acme
    operators: [acme]
    components:
      edge:
        title: edge
        layer: edge
        controls:
          - { kind: http, source: 'us', checked: never, url: 'https://Control.acme.com/' }
          - { kind: tcp, source: 'us', checked: never, host: port.acme.com, port: 443 }
          - { kind: dns, source: 'us', checked: never, servers: [ns.acme.com], name: acme.com, type: A }
          - { kind: http, source: 'us', checked: never, url: 'https://control.acme.test/' }
services:
  fronted: { url: 'https://blog.example.com', edge: { vendor: acme-cdn } }
  plain: { url: 'https://nas.example.com' }
  inside: { url: 'https://pad.house.lan', edge: { vendor: acme-cdn } }
  watched:
    url: 'https://watched.acme.org'
    outside: { robot: { url: 'https://api.robot.com/', pointer: /up, up: [1], down: [0] } }
routing: { url: 'https://routes.example.net/', prefixes: [{ prefix: 193.0.0.0/21, owner: self }] }
`;

function judge(more = ''): (name: string) => boolean {
  const map = parseMap(`${MAP}${more}`, 'demarc.yaml', '.');
  return leadsOutside(map, planOf(map, NOTHING_KNOWN).targets);
}

it.each([
  ['blog.example.com', 'of a service behind an edge', true],
  ['control.acme.com', "of a vendor's control", true],
  ['port.acme.com', 'asked at a port', true],
  ['ns.acme.com', 'of a name server', true],
  ['rdap.publicinterestregistry.org', 'of a registry', true],
  ['api.robot.com', 'of who watches from elsewhere', true],
  ['routes.example.net', 'of who collects routes', true],
  ['nas.example.com', 'of a service with nothing before it', false],
  ['pad.house.lan', 'that is used in houses only', false],
  ['control.acme.test', 'that nobody can register', false],
  ['other.example.org', 'the map does not know', false],
])('%s, a name %s: %s', (name, _, outside) => {
  expect(judge()(name)).toBe(outside);
});

it('a domain with addresses of its own in the house may have them, and no other', () => {
  const outside = judge('splitHorizon: [example.com]');
  expect(['blog.example.com', 'control.acme.com'].map(outside)).toEqual([false, true]);
});
