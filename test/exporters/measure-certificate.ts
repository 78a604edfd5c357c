// One certificate authority with a chain below it, and the certificate probe pointed at a local server.
import { expect } from 'vitest';
import { certificate } from '../../exporters/certificate/probe.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import type { ProbeContext } from '../../exporters/probe.ts';
import { contextOf } from './contract.ts';
import { type Issued, LEAF_NAME, rootAuthority } from './test-ca.ts';

const DEADLINE_MS = 600;

export const root = await rootAuthority();
export const middle = await root.below('Middle');
export const good = await middle.issue();

export const withChain = (leaf: Issued, ...above: readonly string[]): Issued => ({
  ...leaf,
  cert: leaf.cert + above.join(''),
});

/** Fails when the probe comes back too late. Trusts `root`. */
export async function measureCertificate(
  port: number,
  settings: Record<string, unknown> = { serverName: LEAF_NAME },
  overrides: Partial<ProbeContext> = {},
): Promise<ObservationOf<'certificate'>> {
  const start = performance.now();
  const prepared = certificate.prepare('t', { host: '127.0.0.1', port, ...settings });
  const context = contextOf(AbortSignal.timeout(DEADLINE_MS), { trust: [root.cert], ...overrides });
  const observed = await prepared(context);
  expect(performance.now() - start).toBeLessThan(DEADLINE_MS + 500);
  return observed;
}
