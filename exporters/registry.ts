// Every probe kind, once. A new kind is a folder, this line, and its metrics in the catalogue.
import { acme } from './acme/probe.ts';
import { api } from './api/probe.ts';
import { certificate } from './certificate/probe.ts';
import { clock } from './clock/probe.ts';
import { cloudflared } from './cloudflared/probe.ts';
import { custom } from './custom/probe.ts';
import { dns } from './dns/probe.ts';
import { frp } from './frp/probe.ts';
import { http } from './http/probe.ts';
import { identity } from './identity/probe.ts';
import { ngrok } from './ngrok/probe.ts';
import type { ProbeKind } from './observation.ts';
import { outside } from './outside/probe.ts';
import { ping } from './ping/probe.ts';
import { portal } from './portal/probe.ts';
import { power } from './power/probe.ts';
import type { Probe } from './probe.ts';
import { quic } from './quic/probe.ts';
import { registration } from './registration/probe.ts';
import { routing } from './routing/probe.ts';
import { status } from './status/probe.ts';
import { tailscale } from './tailscale/probe.ts';
import { tcp } from './tcp/probe.ts';
import { train } from './train/probe.ts';
import { wireguard } from './wireguard/probe.ts';

export const PROBES: { readonly [K in ProbeKind]: Probe<K> } = {
  tcp,
  dns,
  http,
  certificate,
  cloudflared,
  registration,
  status,
  clock,
  power,
  custom,
  identity,
  acme,
  api,
  tailscale,
  wireguard,
  ngrok,
  frp,
  portal,
  ping,
  train,
  quic,
  outside,
  routing,
};
