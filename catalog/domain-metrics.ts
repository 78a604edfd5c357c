// The metrics of registered domains, part of the list in metrics.ts.
import { type MetricFact, perTarget } from './metric-fact.ts';

export const DOMAIN_METRICS = {
  demarc_domain_expiry_timestamp_seconds: perTarget(
    'When the registration ends, as the registry says. Absent when it publishes no date.',
    [],
  ),
  demarc_domain_declared_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When the registration ends, as your map says (`expiresOn`). Only while the registry tells no day.',
    labels: ['domain'],
  },
  demarc_domain_expiry_published: perTarget('1 if the registry publishes an end of the registration, 0 if not.', []),
  demarc_domain_status: perTarget('1 for every EPP status the domain has.', ['status']),
  demarc_domain_transfer_locked: perTarget(
    '1 if the domain has a lock against transfers to another registrar, 0 if not. Absent when its registry publishes no states.',
    [],
  ),
  demarc_domain_agrees: perTarget(
    "1 if the registry's record says what the zone above has, 0 if not: about name_servers, or about signing (DNSSEC); " +
      'about expiry: whether it ends on the day your map says. Told, and judging nobody: records lag behind zones.',
    ['about'],
  ),
  demarc_domain_last_success_timestamp_seconds: perTarget(
    'When the registry last told of the domain. What it told is kept for a week when it tells nothing more.',
    [],
  ),
} as const satisfies Record<string, MetricFact>;
