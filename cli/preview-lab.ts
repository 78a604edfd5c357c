// The lab the previews can show: a homelab at four times its speed, in which one thing after the other fails.
import type { Fault } from '../lab/lab.ts';
import { HOMELAB_IN_FULL } from '../lab/worlds/homelab-in-full.ts';
import { prometheusTools } from '../replay/tools.ts';
import { type WatchedLabs, watchLabs } from '../replay/watched-labs.ts';
import { tell } from './terminal.ts';
import { version } from './version.ts';

const SPEED = 4;

/** Long enough for a verdict of the rules, an alert, and a few points of every graph. */
const BROKEN_MS = 25_000;
const HEALED_MS = 20_000;

/** As far back as the annotation of a change looks. */
const LAST_MS = 70_000;

const STORY: readonly Fault[] = [
  { kind: 'edge_5xx', target: 'cloudflare' },
  { kind: 'origin_5xx', target: 'orders' },
  { kind: 'uplink_cut' },
  { kind: 'endpoint_empty', target: 'dynamodb' },
  { kind: 'endpoint_5xx', target: 'dynamodb' },
  { kind: 'tunnel_daemon_dead' },
  { kind: 'dns_vendor_down', target: 'cloudflare' },
];

/** What the pictures are taken under. */
const AT_LAST: readonly Fault[] = [
  { kind: 'edge_5xx', target: 'cloudflare' },
  { kind: 'vendor_status_incident', target: 'cloudflare' },
];

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Resolves with the last failure still going on. */
export async function playForPreview(): Promise<WatchedLabs> {
  const { prometheus } = await prometheusTools(tell);
  tell('starting a lab and a Prometheus');
  const onCrash = (text: string): void => tell(`a probe crashed: ${text}`);
  const labs = await watchLabs({
    worlds: { home: HOMELAB_IN_FULL },
    speed: SPEED,
    prometheus,
    version: version(),
    onCrash,
  });
  try {
    const [stage] = labs.stages;
    if (stage === undefined) throw new Error('the lab has no site');
    for (const fault of STORY) {
      tell(`${fault.kind} ${fault.target ?? ''}`);
      await stage.lab.inject(fault);
      await pause(BROKEN_MS);
      await stage.lab.heal();
      await pause(HEALED_MS);
    }
    for (const fault of AT_LAST) await stage.lab.inject(fault);
    await pause(LAST_MS);
    return labs;
  } catch (error) {
    await labs.stop();
    throw error;
  }
}
