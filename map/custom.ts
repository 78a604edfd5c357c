// Signals of the user's own: what an application or a Prometheus says of one part of a service, and whose part that is.
import { z } from 'zod';
import { ApiCall } from '../exporters/api/probe.ts';
import { Good } from '../exporters/custom/good.ts';
import { ClientCertificate } from '../exporters/http/client-certificate.ts';
import { ServerAuth } from '../exporters/http/oauth2.ts';
import { JsonPointer } from '../exporters/json-pointer.ts';
import type { ProbeKind } from '../exporters/observation.ts';
import { duration } from './duration.ts';
import { ProxyChoice } from './forward-proxy.ts';
import type { ServiceBinding } from './plan-types.ts';
import { Name, Url } from './schema-words.ts';
import type { Targets } from './targets.ts';
import type { Problem } from './user-error.ts';

const CustomSignal = z
  .strictObject({
    owner: z
      .union([z.literal('self'), Name])
      .default('self')
      .describe('Whose part it is about: yours, or the vendor that `needs` of this service names.'),
    url: Url.optional().describe(
      'A JSON document; with `query`, the base URL of a Prometheus, VictoriaMetrics, Thanos or Mimir.',
    ),
    pointer: JsonPointer.optional().describe(
      'Where the value is in the document, such as `/parts/database` (RFC 6901).',
    ),
    query: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe('PromQL instead of a pointer. Every sample it gives must be good; none at all is no answer.'),
    issuer: Url.optional().describe(
      'Instead of a value: an OpenID provider, whose discovery document and keys must be there.',
    ),
    keysHost: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$/, 'must be a host')
      .optional()
      .describe("Host of the provider's keys, where it is not the issuer's."),
    directory: Url.optional().describe('Instead of a value: the ACME directory of a certificate authority.'),
    call: ApiCall.extend({ proxy: ProxyChoice })
      .optional()
      .describe(
        'Instead of a value: an API that is called as you call it, with a second credential and in a second region where you have them.',
      ),
    good: Good.optional().describe('Which values are good.'),
    every: duration('5s', '1d').optional().describe('How often it is asked. Left out: at the interval of the map.'),
    auth: ServerAuth.optional().describe('Credentials for its server.'),
    clientCertificate: ClientCertificate.optional(),
  })
  .refine(
    ({ pointer, query, issuer, directory, call }) =>
      [pointer, query, issuer, directory, call].filter((one) => one !== undefined).length === 1,
    'needs either pointer or query, or issuer, or directory, or call',
  )
  .refine(
    ({ url, good, pointer, query }) =>
      (url !== undefined && good !== undefined) === (pointer !== undefined || query !== undefined) &&
      (url === undefined) === (good === undefined),
    'needs url and good for a pointer or a query, and neither for the others',
  )
  .refine(({ keysHost, issuer }) => keysHost === undefined || issuer !== undefined, 'keysHost needs an issuer');

export const CustomSignals = z.record(Name, CustomSignal);

type CustomSignals = z.output<typeof CustomSignals>;

interface Owning {
  signals?: CustomSignals | undefined;
  needs?: { vendor: string; component: string } | undefined;
}

/** How often a stranger's documents are read. */
const GENTLY_MS = 60_000;

type Source = Omit<CustomSignals[string], 'owner' | 'every'>;

/** What is asked, and by which probe. */
function sourceOf({ issuer, keysHost, directory, call, ...value }: Source): {
  kind: ProbeKind;
  settings: Record<string, unknown>;
} {
  if (call !== undefined) return { kind: 'api', settings: call };
  if (issuer !== undefined) return { kind: 'identity', settings: { issuer, keysHost } };
  return directory === undefined ? { kind: 'custom', settings: value } : { kind: 'acme', settings: { directory } };
}

export function bindCustom(
  service: string,
  { signals = {}, needs }: Owning,
  targets: Targets,
): Pick<ServiceBinding, 'customOwn' | 'customVendor' | 'credentials'> {
  const bound = Object.entries(signals).map(([name, { owner, every: wished, ...source }]) => {
    const own = owner === 'self';
    const whose = own || needs === undefined ? {} : { vendor: needs.vendor, component: needs.component };
    const { kind, settings } = sourceOf(source);
    const every = wished ?? (kind === 'custom' ? undefined : GENTLY_MS);
    // Not sooner because something failed, either, when a pace of its own was asked for.
    const pace = every === undefined ? undefined : { intervalMs: every, gapMs: every / 2 };
    const target = targets.add('custom', `${service}/${name}`, kind, settings, { service, ...whose }, pace);
    return { target, own, calls: kind === 'api' };
  });
  const of = (own: boolean): string[] => bound.filter((one) => one.own === own).map(({ target }) => target);
  const credentials = bound.filter(({ calls }) => calls).map(({ target }) => target);
  return { customOwn: of(true), customVendor: of(false), credentials };
}

/** A vendor can only be accused of what has controls of its own: the endpoint the service needs. */
export function customProblems(
  service: string,
  { signals = {}, needs }: Owning,
  place: (path: readonly PropertyKey[]) => string,
): Problem[] {
  return Object.entries(signals).flatMap(([name, { owner }]): Problem[] => {
    if (owner === 'self' || owner === needs?.vendor) return [];
    const hint =
      needs === undefined
        ? 'say `self`, or name the vendor and its component under `needs` of this service'
        : `use self or ${needs.vendor}`;
    const what = `${owner} is not who this service needs`;
    return [{ place: place(['services', service, 'signals', name, 'owner']), what, hint }];
  });
}
