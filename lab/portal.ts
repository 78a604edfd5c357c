// Pages everybody gets the same way, asked to see whether a portal answers in their place; and the portal that does.
import { page, type Respond } from './answer.ts';
import type { Damage } from './damage.ts';
import { addHttp, type Site } from './site.ts';

const LOGIN = 'http://login.portal.test/';

export async function buildPortalTests(site: Site): Promise<void> {
  for (const { operator, at } of site.world.portalTests ?? []) {
    const place = { role: 'portal_test', owner: operator, side: 'internet', at: [at] } as const;
    await addHttp(site, place, emptyPage(site.damage), null);
  }
}

function emptyPage(damage: Damage): Respond {
  return () =>
    damage.active('captive_portal')
      ? { status: 302, headers: { location: LOGIN, 'content-type': 'text/html' }, body: page('Log in', 'Welcome.') }
      : { status: 204, headers: {}, body: '' };
}
