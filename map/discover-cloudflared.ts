// Proposals from the ingress rules of cloudflared: of its configuration file, or as its metrics port tells them under /config.
import { z } from 'zod';
import { nameFrom, type Proposal, plain, type Refusal, type Sighted } from './discover.ts';
import { readYaml } from './yaml.ts';

const Rule = z.looseObject({
  hostname: z.string().optional(),
  path: z.string().nullish(),
  service: z.string(),
});

export const Ingress = z.looseObject({ ingress: z.array(Rule).max(1_000).default([]) });

/** `GET /config` of the daemon. */
export const DaemonConfig = z.looseObject({ config: Ingress });

/** The rules of a configuration file; null when it is none. */
export function readIngress(file: string, text: string): z.output<typeof Ingress> | null {
  const { value, problems } = readYaml(file, text);
  const parsed = Ingress.safeParse(value);
  return problems.length === 0 && parsed.success ? parsed.data : null;
}

interface Daemon {
  /** Where it was read: a file or a URL. */
  from: string;
  /** Base URL of its metrics. */
  metrics: string;
}

function read(
  { hostname, path, service }: z.output<typeof Rule>,
  { from, metrics }: Daemon,
): Proposal | Refusal | null {
  // The last rule catches all, and has no name to ask for.
  if (hostname === undefined || hostname === '') return null;
  const what = `the ingress rule for ${plain(hostname)} in ${plain(from)}`;
  if (hostname.includes('*')) return { what, why: 'it is for many names; name those that matter yourself' };
  if (!/^https?:\/\//.test(service)) return { what, why: `it leads to ${plain(service)}, which is no web server` };
  const reasons = [what];
  // A path is a regular expression there, so none can be asked for.
  if (path) reasons.push(`only for paths like ${plain(path)}: add one to url`);
  if (/^https?:\/\/(localhost|127\.)/.test(service)) reasons.push('origin is on the machine of the daemon itself');
  return {
    name: nameFrom(hostname),
    service: {
      url: `https://${hostname}/`,
      edge: { vendor: 'cloudflare' },
      tunnel: { kind: 'cloudflared', metrics },
      origin: { url: service, host: hostname },
    },
    reasons,
  };
}

export function proposedByCloudflared({ ingress }: z.output<typeof Ingress>, daemon: Daemon): Sighted {
  const seen = ingress.map((rule) => read(rule, daemon)).filter((one) => one !== null);
  return {
    proposals: seen.filter((one) => 'service' in one),
    refusals: seen.filter((one) => 'why' in one),
  };
}
