// One configuration for every test. Slow tests have their own projects, so that a quick look stays quick.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = new URL('..', import.meta.url).pathname;

/** End to end, and mostly waiting: they take free ports and measure nothing, so they may run side by side. */
const TOGETHER = ['test/{alerts,cli,dashboards,exporters,sites,stack}/**/*.e2e.ts', 'test/status/*.e2e.ts'];

/** Two processes that keep themselves from being late, with the machine to themselves. */
const REPLAYS = ['test/replay/*.e2e.ts'];

/**
 * These unit tests begin first, or one of them would be alone at the end: mostly waiting and mostly computing in turns, so that
 * both go on side by side. The others follow by their size.
 */
const LONGEST = [
  'lab/faults',
  'replay/sim-scenarios',
  'lab/foreign.clients',
  'alerts/equivalence.promtool',
  'cli/manners',
  'replay/sim-episodes',
  'replay/what-if',
  'cli/reload',
  'exporters/hostile-inputs.openssl',
  'alerts/alerts.promtool',
  'cli/why',
  'docs/blocks',
  'alerts/annotations.promtool',
  'status/quality.chromium',
].map((name) => `/test/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(name));
      return found === -1 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

const project = (name: string, include: string[], testTimeout: number, exclude: string[] = []) => ({
  root,
  test: { name, include, exclude, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', ['test/**/*.test.ts'], 60_000),
      project('together', TOGETHER, 600_000),
      project('replays', REPLAYS, 600_000),
      project('e2e', ['test/**/*.e2e.ts'], 600_000, [...TOGETHER, ...REPLAYS]),
    ],
  },
});
