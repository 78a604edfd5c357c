// demarc in a process of its own, for the replays that break the machine it runs on: takes its orders from whoever started it, and
// tells what it says. It ends when nobody is left to tell.
import { hoardFiles, keepStill } from '../lab/machine-faults.ts';
import { fileMemory } from '../signals/memory.ts';
import type { Order, Report } from './apart.ts';
import { chartOf, type Prober, startProber } from './prober.ts';

/** Evidence grows older between two changes of a verdict, and the first look at everything ends without one. */
const TELL_EVERY_MS = 500;

let prober: Prober | null = null;
let befallen: Extract<Order, { befallen: unknown }>['befallen'] = [];

const tell = (report: Report): void => void (process.connected && process.send?.(report));

const crashed = (text: string): void => tell({ crashed: text });

async function start({ map, site, speed, version, folder, port }: Extract<Order, { map: string }>): Promise<void> {
  const chart = await chartOf(map, site);
  const memory = fileMemory(folder, Date.now, crashed);
  const started = await startProber({ chart, speed, version, memory, port, onCrash: crashed });
  prober = started;
  const { monitor, server } = started;
  const say = (): void => tell({ ready: monitor.ready(), verdicts: monitor.verdicts(), vendors: monitor.vendors() });
  monitor.onChange(say);
  setInterval(say, TELL_EVERY_MS);
  keepStill(() => befallen);
  hoardFiles(() => befallen.some(({ kind }) => kind === 'machine_out_of_files'));
  tell({ port: server.port });
  say();
}

async function obey(order: Order): Promise<void> {
  if ('befallen' in order) befallen = order.befallen;
  else if ('map' in order) await start(order);
  else {
    await prober?.stop();
    process.exit();
  }
}

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) => {
    crashed(String(error));
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit());
