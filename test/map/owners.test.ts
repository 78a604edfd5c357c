// Whose a name is: your zone is yours, and the domains of the catalogue are their vendors'.
import { expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { planOf } from '../../map/plan.ts';

it('every name server is asked with what is known of zones and their owners', () => {
  const map = parseMap(
    `version: 1
services:
  blog: { url: 'https://blog.example.org', dns: { zone: example.org, servers: [192.0.2.1] } }
`,
    'demarc.yaml',
    '.',
  );
  const { targets } = planOf(map, { gateway: null, resolvers: [], nameservers: new Map() });
  const asked = targets.filter(({ labels }) => labels.role === 'nameserver');
  expect(asked.map(({ id }) => id)).toEqual(['nameserver/blog@192.0.2.1']);
  expect(asked[0]?.settings.owners).toEqual(
    expect.arrayContaining([
      { zone: 'example.org', owner: 'self' },
      { zone: 'cloudfront.net', owner: 'aws' },
      { zone: 'azurefd.net', owner: 'azure' },
      { zone: 'cfargotunnel.com', owner: 'cloudflare' },
    ]),
  );
});
