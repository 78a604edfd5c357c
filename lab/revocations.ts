// The list of certificates that the authority of a lab has taken back (RFC 5280, section 5): made anew for whoever asks, and named
// in every certificate of the world.
import type { Answer } from './answer.ts';
import type { Authority } from './authority.ts';
import { addHttp, onlyOutlet, type Site } from './site.ts';

const PATH = '/ca.crl';

/** Opens the place of the list. The authority that comes back names it in what it issues; in a world without one, no list. */
export async function buildRevocations(site: Site): Promise<Authority> {
  const { world, authority, outlets } = site;
  if (world.revocations === undefined) return authority;
  const place = { role: 'revocations', owner: '', side: 'internet', at: [world.revocations] } as const;
  await addHttp(site, place, () => listOf(site), null);
  const { address, port } = onlyOutlet(outlets, 'revocations');
  return {
    ...authority,
    issue: (hosts, validity) => authority.issue(hosts, validity, `http://${address}:${port}${PATH}`),
  };
}

async function listOf({ world, authority, damage, serials }: Site): Promise<Answer> {
  const revoked = world.services
    .filter(({ name }) => damage.active('certificate_revoked', name))
    .flatMap(({ name }) => serials.get(name) ?? []);
  const bytes = await authority.list(revoked, damage.active('revocation_list_expired') ? 'expired' : 'current');
  return { status: 200, headers: { 'content-type': 'application/pkix-crl' }, body: '', bytes };
}
