// Measurements by name: `npm run bench -- NAME [options]`. Each is a module of its own, loaded when asked for.

interface Bench {
  /** Gives the exit code. */
  run(argv: readonly string[]): Promise<number>;
}

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  accuracy: () => import('./accuracy.ts'),
  budget: () => import('./budget.ts'),
  dashboards: () => import('./dashboards.ts'),
  episode: () => import('./episode.ts'),
  memory: () => import('./memory.ts'),
  metrics: () => import('./metrics.ts'),
  mutation: () => import('./mutation.ts'),
  probes: () => import('./probes.ts'),
  scale: () => import('./scale.ts'),
  schedule: () => import('./schedule.ts'),
  verdict: async () => ({ run: (await import('./verdict.ts')).benchVerdict }),
};

async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (load === undefined) {
    console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [options]`);
    return 2;
  }
  const { run } = await load();
  return run(argv);
}

process.exitCode = await main(process.argv.slice(2));
