// docs/probes.md: what is measured, and every setting of it.
import { fenced, page, table } from './markdown.ts';

/** A kind of probe, as `demarc probe` tells it. */
export interface ProbeText {
  kind: string;
  meaning: string;
  settings: readonly { key: string; type: string; preset: string | null; required: boolean; meaning: string }[];
}

/** Of each kind, one that needs nobody outside and can be tried at once. */
const TRIALS: Readonly<Record<string, string>> = {
  tcp: 'host=127.0.0.1 port=9815',
  http: 'url=http://127.0.0.1:9815/-/healthy',
};

export function probesPage(probes: readonly ProbeText[]): string {
  return page(
    `# Probes

A probe measures one thing once and blames nobody. The map decides what is probed and why; \`demarc probe\` runs any of them by
hand, by the very code the exporter runs, and tells what was seen. Each measurement has one deadline for everything, a fresh
connection, follows no redirect unless told to, and ends with a reason out of a closed list: see [metrics](metrics.md).`,
    fenced('sh', 'node dist/cli/main.js probe\nnode dist/cli/main.js probe http'),
    ...probes.flatMap(({ kind, meaning, settings }) => {
      const rows = settings.map(({ key, type, preset, required, meaning: what }) => [
        `\`${key}\``,
        type,
        preset === null ? (required ? '*required*' : '') : `\`${preset}\``,
        what,
      ]);
      const trial = TRIALS[kind];
      return [
        `## ${kind}\n\nIt ${meaning}.`,
        table(['setting', 'type', 'default', 'meaning'], rows),
        ...(trial === undefined ? [] : [fenced('sh', `node dist/cli/main.js probe ${kind} ${trial}`)]),
      ];
    }),
  );
}
