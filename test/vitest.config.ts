// One configuration for every test. Slow tests have their own projects, so that a quick look stays quick.
import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

/** End to end, and mostly waiting: they take free ports and measure nothing, so they may run side by side. */
const TOGETHER = ['test/{alerts,cli,dashboards,exporters,sites,stack}/**/*.e2e.ts', 'test/status/*.e2e.ts'];

/** Two processes that keep themselves from being late, with the machine to themselves. */
const REPLAYS = ['test/replay/*.e2e.ts'];

const project = (name: string, include: string[], testTimeout: number, exclude: string[] = []) => ({
  root,
  test: { name, include, exclude, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', ['test/**/*.test.ts'], 60_000),
      project('together', TOGETHER, 600_000),
      project('replays', REPLAYS, 600_000),
      project('e2e', ['test/**/*.e2e.ts'], 600_000, [...TOGETHER, ...REPLAYS]),
    ],
  },
});
