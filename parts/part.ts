// What a part of the stack is: one or a few files for a program somebody already runs, made from what demarc generates anyway.
import type { DemarcMap } from '../map/load.ts';

/** The map, as checked and as written. */
export interface MapSource {
  map: DemarcMap;
  /** The text of the file, and of the files it names, by their path relative to it. */
  files: ReadonlyMap<string, string>;
}

export interface Setting {
  /** null when none was named. */
  source: MapSource | null;
  /** `host:port` at which others reach the exporter; null: where the map says it listens. */
  target: string | null;
  /** Of Kubernetes objects. */
  namespace: string;
  /** Added to every Kubernetes object, for the selectors of operators. */
  labels: Readonly<Record<string, string>>;
  /** The exporter's image, wherever the reader pushed it. */
  image: string;
  /** Whether the pod shares the network of its node. */
  hostNetwork: boolean;
}

export interface Part {
  /** What it is, in one line, for the list. */
  about: string;
  /** Text of its files, by name. Throws `UserError` when the setting lacks something. */
  files(setting: Setting): ReadonlyMap<string, string>;
}
