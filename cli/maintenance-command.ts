// The words of `demarc maintenance`: start, end, list.
import { type Command, Option } from 'commander';

type Run = (command: Promise<number> | number) => void;

export function addMaintenance(demarc: Command, run: Run, stateOption: () => Option): void {
  const maintenance = demarc
    .command('maintenance')
    .description('say that a service may fail for a while: it is still probed and judged, and nobody is paged');
  const mapOption = (): Option =>
    new Option('-m, --map <file>', 'the map (default: demarc.yaml here, if there is one)');
  maintenance
    .command('start')
    .description('open a window now; it ends by itself')
    .argument('<services...>', 'services of the map, or uplink')
    .option('--for <duration>', 'how long it may take, 1m to 30d; there is no window without an end')
    .option('--reason <text>', 'what is done; people read it on the page')
    .addOption(stateOption())
    .addOption(mapOption())
    .option('--json', 'print the result as JSON')
    .action(async (services, options) => run((await import('./maintenance.ts')).startMaintenance(services, options)));
  maintenance
    .command('end')
    .description('close windows that were opened by hand')
    .argument('<services...>', 'services with an open window')
    .addOption(stateOption())
    .option('--json', 'print the result as JSON')
    .action(async (services, options) => run((await import('./maintenance.ts')).endMaintenance(services, options)));
  maintenance
    .command('list')
    .description('list what is open, and what the map plans for the next 14 days')
    .addOption(stateOption())
    .addOption(mapOption())
    .option('--json', 'print the result as JSON')
    .action(async (options) => run((await import('./maintenance.ts')).listMaintenance(options)));
}
