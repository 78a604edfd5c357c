// One configuration for every test. Slow tests have their own projects, so that a quick look stays quick.
import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

const project = (name: string, include: string[], testTimeout: number) => ({
  root,
  test: { name, include, testTimeout, hookTimeout: testTimeout, pool: 'forks' as const },
});

// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    projects: [project('unit', ['test/**/*.test.ts'], 60_000), { ...project('e2e', ['test/**/*.e2e.ts'], 600_000) }],
  },
});
