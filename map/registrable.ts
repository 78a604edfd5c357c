// Which part of a name is registered with somebody: `example.org` of `www.example.org`, `example.co.uk` of `www.example.co.uk`.
// By the registries' own second levels alone; a host such as example.github.io is somebody's name, not a registration.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { z } from 'zod';
import { projectFile } from '../catalog/root.ts';

const SecondLevel = z.strictObject({ source: z.string(), labels: z.record(z.string(), z.array(z.string())) });

const SECOND_LEVEL = new Map(
  Object.entries(
    SecondLevel.parse(JSON.parse(readFileSync(projectFile('catalog/second-level.json'), 'utf8'))).labels,
  ).map(([top, labels]) => [top, new Set(labels)]),
);

/** Names that nobody registers: RFC 2606, RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what is used at home. */
const UNREGISTRABLE: ReadonlySet<string> = new Set(
  'test example invalid localhost local onion alt internal lan home corp arpa intranet private'.split(' '),
);

/** Registered, but with nobody behind them: RFC 2606. */
const RESERVED: ReadonlySet<string> = new Set(['example.com', 'example.net', 'example.org']);

/** Whether a name could be somebody's outside: neither an address, nor a single label, nor kept for use in the house. */
export function isRegistered(name: string): boolean {
  return net.isIP(name) === 0 && name.includes('.') && !UNREGISTRABLE.has(name.split('.').at(-1) ?? '');
}

/** null for addresses, for single labels, and for names that nobody registers. */
export function registrableOf(host: string): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  if (net.isIP(name) !== 0 || UNREGISTRABLE.has(top)) return null;
  const isSecondLevel = SECOND_LEVEL.get(top)?.has(labels.at(-2) ?? '') === true;
  const depth = isSecondLevel ? 3 : 2;
  const domain = labels.slice(-depth).join('.');
  return labels.length < depth || RESERVED.has(domain) ? null : domain;
}

/** The zone a domain is registered in. */
export function zoneAbove(domain: string): string {
  return domain.split('.').slice(1).join('.');
}
