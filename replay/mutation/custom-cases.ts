// What the rows that read signals of the user's own must say; each case with its reason.
import { type Case, fails, guards } from './case.ts';

const OWN_PART = { custom_own: 0, needs_met: 1 } as const;
const FAILING_ORIGIN = { endpoint_record: 1, origin_connect: 1, origin_answer: 0, needs_met: 1 } as const;

export const CUSTOM_CASES: readonly Case[] = [
  fails('your own word about your own part', OWN_PART, 'custom_own_bad'),
  fails(
    'your own word is more exact than an error page',
    { ...OWN_PART, origin_connect: 1, origin_answer: 0 },
    'custom_own_bad',
  ),
  fails('a process that is gone says more than its database', { ...OWN_PART, origin_connect: 0 }, 'origin_refused'),
  fails('a part of yours may suffer from the line', { ...OWN_PART, uplink: -1 }, 'uplink_unproven'),
  fails('or from what it needs', { ...OWN_PART, needs_met: -1 }, 'unexplained'),
  fails(
    'an edge that cannot be reached is not your database',
    { ...OWN_PART, edge_connect: 0 },
    'edge_unreachable_suspected',
  ),
  fails('nor is an edge that fails by itself', { ...OWN_PART, edge_connect: 1, edge_answer: 0 }, 'edge_suspected'),
  fails(
    'your word about a vendor, and the word of others',
    { custom_vendor: 0, ...guards('endpoint') },
    'custom_vendor_bad',
  ),
  fails(
    'your breaker is asked before your errors',
    { ...FAILING_ORIGIN, custom_vendor: 0, ...guards('endpoint') },
    'custom_vendor_bad',
  ),
  fails(
    'a name without an address explains an open breaker',
    { endpoint_record: 0, custom_vendor: 0, ...guards('endpoint') },
    'endpoint_record_empty',
  ),
  fails('your word about a vendor alone convicts nobody', { custom_vendor: 0 }, 'custom_suspected'),
  fails('and not at all on a line in doubt', { custom_vendor: 0, uplink: -1 }, 'uplink_unproven'),
  fails(
    'your breaker is nearer to the fault than the edge',
    { custom_vendor: 0, edge_connect: 1, edge_answer: 0 },
    'custom_suspected',
  ),
  fails(
    'an empty name is suspected before an open breaker',
    { custom_vendor: 0, endpoint_record: 0 },
    'endpoint_suspected',
  ),
];
