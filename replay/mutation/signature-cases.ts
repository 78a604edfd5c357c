// What the rows about DNSSEC must say; each case with its reason.
import { type Case, fails, guards } from './case.ts';

const REFUSED = { keys_above: 1, zone_signatures: 0 } as const;
const OWN = { ...REFUSED, zone_signer_own: 1 } as const;
const THEIRS = { ...REFUSED, zone_signer_own: 0 } as const;
const UNCHECKED = { resolver: 0, resolver_unchecked: 1, other_resolvers: 1 } as const;

export const SIGNATURE_CASES: readonly Case[] = [
  fails('who signs the zone let it lapse', OWN, 'dnssec_own'),
  fails('on a line that is proven', { ...OWN, uplink: -1 }, 'uplink_unproven'),
  fails('below keys in doubt no zone is judged', { ...OWN, keys_above: -1 }, 'unexplained'),
  fails('nor is its vendor', { ...THEIRS, keys_above: -1, ...guards('dns') }, 'unexplained'),
  fails('who signs must be known', { ...REFUSED, zone_signer_own: -1, ...guards('dns') }, 'unexplained'),
  fails('signatures that hold are not broken', { ...OWN, zone_signatures: 1 }, 'unexplained'),
  fails('nor those nobody checked', { ...OWN, zone_signatures: -1 }, 'unexplained'),
  fails('the vendor, if other zones of theirs are refused', { ...THEIRS, ...guards('dns') }, 'dnssec_vendor'),
  fails('the vendor alone is a suspicion', THEIRS, 'dnssec_suspected'),
  fails('a suspicion needs a line', { ...THEIRS, uplink: -1 }, 'uplink_unproven'),
  fails('the registry, if its own zone is refused', { keys_above: 0, ...guards('registry') }, 'dnssec_registry'),
  fails('the registry alone is a suspicion', { keys_above: 0 }, 'dnssec_registry_suspected'),
  fails('of the registry too', { keys_above: 0, uplink: -1 }, 'uplink_unproven'),
  fails('what is refused above explains what is below', { ...OWN, keys_above: 0 }, 'dnssec_registry_suspected'),
  fails(
    'servers that are silent have signed nothing wrong',
    { registry: 0, keys_above: 0, ...guards('registry') },
    'registry_down',
  ),
  fails(
    'what is above comes before servers',
    { keys_above: 0, nameservers: 0, ...guards('registry'), ...guards('dns') },
    'dnssec_registry',
  ),
  fails('signatures come before servers', { ...OWN, nameservers: 0, ...guards('dns') }, 'dnssec_own'),
  fails('of either signer', { ...THEIRS, nameservers: 0, ...guards('dns') }, 'dnssec_vendor'),
  fails('a suspicion of signatures says more than one of servers', { ...THEIRS, nameservers: 0 }, 'dnssec_suspected'),
  fails('and so does one of those above', { keys_above: 0, nameservers: 0 }, 'dnssec_registry_suspected'),
  fails('your resolver checks wrongly', { ...UNCHECKED, resolver_own: 1 }, 'resolver_validation_broken'),
  fails('theirs does', { ...UNCHECKED, resolver_own: 0 }, 'isp_resolver_validation_broken'),
  fails(
    'without the answer unchecked it is just dead',
    { ...UNCHECKED, resolver_unchecked: -1, resolver_own: 1 },
    'resolver_down',
  ),
  fails('as is theirs', { ...UNCHECKED, resolver_unchecked: 0, resolver_own: 0 }, 'isp_resolver_down'),
  fails('whose it is must be known', { ...UNCHECKED, resolver_own: -1 }, 'unexplained'),
  fails(
    'it checks wrongly only if others check and accept',
    { ...UNCHECKED, resolver_own: 1, other_resolvers: 0 },
    'unexplained',
  ),
  fails('so do theirs', { ...UNCHECKED, resolver_own: 0, other_resolvers: 0 }, 'unexplained'),
  fails('or if nobody knows', { ...UNCHECKED, resolver_own: 1, other_resolvers: -1 }, 'unexplained'),
  fails('of theirs', { ...UNCHECKED, resolver_own: 0, other_resolvers: -1 }, 'unexplained'),
  fails('a resolver that works checks rightly', { ...UNCHECKED, resolver: 1, resolver_own: 1 }, 'unexplained'),
  fails('as theirs does', { ...UNCHECKED, resolver: 1, resolver_own: 0 }, 'unexplained'),
  fails('a check needs a line', { ...UNCHECKED, resolver_own: 1, uplink: -1 }, 'uplink_unproven'),
  fails('so does theirs', { ...UNCHECKED, resolver_own: 0, uplink: -1 }, 'uplink_unproven'),
  fails(
    'what all is asked through comes before what is asked',
    { ...UNCHECKED, resolver_own: 1, keys_above: 0, ...guards('registry') },
    'resolver_validation_broken',
  ),
];
