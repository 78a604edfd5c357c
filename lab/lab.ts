// The lab's door: a world of real sockets on loopback, faults to break it with, and a demarc.yaml that watches it.
// It knows nothing of probes, signals or verdicts: what happens in it must be seen from outside.

/** One thing that is broken, at world level. Which kinds there are, and what each needs, stands in lab/faults.ts. */
export interface Fault {
  /** e.g. `edge_5xx`, `uplink_cut`, `origin_refused`. */
  kind: string;
  /** Which vendor, service, name or host; meaning depends on the kind. */
  target?: string;
  /** Share of what is hit, above 0 and up to 1; 1 when left out. Of what, stands in lab/faults.ts. */
  rate?: number;
  /** How long the share takes to grow to `rate`, e.g. `20s`; at once when left out. */
  ramp?: string;
  /** Whom it is limited to: `ip4`, `ip6`, `pop` (the location that serves you), a region or a host; `everyone` when left out. */
  scope?: string;
  /** How long people are made to wait, for the kinds that do, e.g. `2500ms`. */
  delay?: string;
}

export interface ActiveFault extends Fault {
  id: string;
  /** Unix milliseconds. */
  since: number;
}

export interface Lab {
  /** Name of the world. */
  world: string;
  /** The text of a demarc.yaml that watches this world and nothing else. Every address in it is loopback. */
  map: string;
  /** PEM of the lab's own CA, made at start. Also written to a file that `map` names under `trust`. */
  ca: string;
  /** Base URL of the HTTP API: GET /faults, POST /faults, DELETE /faults, DELETE /faults/{id}, GET /world. */
  api: string;
  /** Faults this world understands, with a sentence for people: the demo's buttons. */
  offers: readonly { fault: Fault; label: string; hint: string }[];
  inject(fault: Fault): Promise<ActiveFault>;
  heal(id?: string): Promise<void>;
  faults(): readonly ActiveFault[];
  /** Has the zone of a host name these addresses for it, as its owner may; null takes that back. */
  repoint(host: string, addresses: readonly string[] | null): void;
  stop(): Promise<void>;
}
