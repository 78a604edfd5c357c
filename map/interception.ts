// Who answers at the addresses of public resolvers: each is asked who it is, in words that a box on the way does not know. It is told,
// and judges nobody: whose box it is cannot be seen from here.
import { Pattern } from '../exporters/http/linear-pattern.ts';
import { isInTheClear } from './bursts.ts';
import type { DemarcMap } from './load.ts';
import type { Targets } from './targets.ts';

export const ResolverIdentity = Pattern.describe(
  'Regular expression for the text by which it says who it is (`id.server` in the class CH). Whoever answers without it answers in its place.',
);

/** What stands between changes seldom. */
const PACE = { intervalMs: 120_000, gapMs: 30_000 };

/** Those asked in the clear: over TLS nobody else has the certificate. */
export function planInterception({ publicResolvers }: DemarcMap, targets: Targets): void {
  for (const { address: server, operator, identity } of publicResolvers) {
    if (identity === undefined || !isInTheClear(server)) continue;
    const asked = { server, name: 'id.server', type: 'TXT', class: 'CH', expect: { identity } };
    targets.add('interception', `${operator}/${server}`, 'dns', asked, {}, PACE);
  }
}
