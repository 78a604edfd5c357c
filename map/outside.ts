// Views from elsewhere: who else watches a service, and where they tell how they see it.
import { z } from 'zod';
import { UPTIME_SERVICES, type UptimeService, type UptimeServiceId } from '../catalog/uptime-services.ts';
import { Auth } from '../exporters/http/credentials.ts';
import { JsonPointer } from '../exporters/json-pointer.ts';
import { Words } from '../exporters/outside/probe.ts';
import { SecretReference } from '../exporters/secret.ts';
import { isNear } from './alert-path.ts';
import { duration } from './duration.ts';
import type { ServiceBinding } from './plan-types.ts';
import { Name, Url } from './schema-words.ts';
import type { Targets } from './targets.ts';
import { hostOf } from './url-parts.ts';

const SERVICES = Object.keys(UPTIME_SERVICES) as [UptimeServiceId, ...UptimeServiceId[]];

/** Uptime services look every minute or less often, and count the looks at what they have seen. */
const GENTLY_MS = 60_000;
/** The usual pace of a free plan. */
const LAG_MS = 300_000;

const OutsideView = z
  .strictObject({
    service: z.enum(SERVICES).optional().describe('An uptime service that demarc knows how to ask.'),
    monitor: z
      .union([z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the number or name of a monitor'), z.int().positive()])
      .optional()
      .describe('The number or name of the monitor there.'),
    key: SecretReference.optional().describe('The API key; one that may only read is enough.'),
    url: Url.optional().describe('Instead of a known service: a JSON document that tells how the service is.'),
    pointer: JsonPointer.optional().describe(
      'Where the state is in the document, such as `/monitors/0/state` (RFC 6901).',
    ),
    up: Words.optional().describe('States that mean it works. Case counts.'),
    down: Words.optional().describe('States that mean it does not. Every other one means that nobody knows.'),
    checked: JsonPointer.optional().describe('Where the time of their newest look is: ISO 8601, or Unix seconds.'),
    auth: Auth.optional().describe('Credentials for the server of that document.'),
    every: duration('5s', '1d').default(GENTLY_MS).describe('How often they are asked.'),
    lag: duration('0s', '1d')
      .default(LAG_MS)
      .describe('How old their word may be where they do not tell when they looked: how often they look.'),
  })
  .superRefine(({ service, monitor, key, url, pointer, up, down, checked, auth }, context) => {
    const refuse = (name: string, message: string): void => context.addIssue({ code: 'custom', path: [name], message });
    const known = { monitor, key };
    const document = { url, pointer, up, down };
    const [wanted, unwanted] = service === undefined ? [document, known] : [known, { ...document, checked, auth }];
    for (const [name, value] of Object.entries(wanted)) {
      if (value === undefined)
        refuse(name, `is needed ${service === undefined ? 'without service' : `for ${service}`}`);
    }
    for (const [name, value] of Object.entries(unwanted)) {
      if (value !== undefined) refuse(name, service === undefined ? 'needs a service' : `is known of ${service}`);
    }
    if (service === 'uptimerobot-v2' && monitor !== undefined && !/^[1-9]\d*$/.test(String(monitor)))
      refuse('monitor', 'must be a number');
    if (up?.some((word) => down?.includes(word))) refuse('down', 'must not name a word of up');
    if (url !== undefined && isNear(hostOf(url)) && !isRehearsal(hostOf(url)))
      refuse('url', 'is in your house: whoever looks from there sees what you see');
  });

/** Nobody takes loopback for elsewhere, but for a rehearsal of it. */
const isRehearsal = (host: string): boolean => /^127\.|^::1$/.test(host);

export const OutsideViews = z.record(Name, OutsideView).refine((views) => Object.keys(views).length <= 4, 'at most 4');

type OutsideViews = z.output<typeof OutsideViews>;

function settingsOf({ service, monitor, key, ...view }: OutsideViews[string]): Record<string, unknown> {
  const { url, pointer, up, down, checked, auth, lag: lagMs } = view;
  if (service === undefined) return { url, pointer, up, down, checked, auth, lagMs };
  const { base, form, ...known }: UptimeService = UPTIME_SERVICES[service];
  const asked =
    form === undefined
      ? { url: `${base}${monitor}`, auth: { kind: 'bearer', token: key } }
      : { url: base, form: { ...form.more, [form.key]: key, [form.monitor]: String(monitor) } };
  return { ...asked, pointer: known.pointer, up: known.up, down: known.down, checked: known.checked, lagMs };
}

export function bindOutside(
  service: string,
  views: OutsideViews | undefined,
  targets: Targets,
): Pick<ServiceBinding, 'outside'> {
  const outside = Object.entries(views ?? {}).map(([name, view]) =>
    targets.add('outside', `${service}/${name}`, 'outside', settingsOf(view), { service }, pace(view)),
  );
  return { outside };
}

/** Not sooner because something failed, either. */
const pace = ({ every }: OutsideViews[string]) => ({ intervalMs: every, gapMs: every / 2 });
