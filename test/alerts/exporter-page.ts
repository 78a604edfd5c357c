// What an exporter shows, as text, and a server that shows it: for programs that read rules and are not promtool.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { signalMetric } from '../../catalog/metrics.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { SIGNAL_NAMES, signalFact } from '../../catalog/signals.ts';
import { leastStates } from '../../replay/agreement/states.ts';
import type { States } from '../../signals/signal.ts';
import type { Row } from '../../verdict/row.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';

export const FINE: States = { uplink: 1, service: 1 };

export function rowOf(id: RowId): Row {
  const row = (TABLE as readonly Row[]).find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}

/** States under which this row holds. */
export const statesOf = (id: RowId): States => leastStates(rowOf(id));

export interface Shown {
  site: string;
  services: readonly string[];
  /** All of its services are in these, since then; Unix seconds. */
  states: States;
  since: number;
}

function siteLines({ site, services, states, since }: Shown): string[] {
  const signals = SIGNAL_NAMES.flatMap((name) => {
    const value = states[name] ?? -1;
    if (signalFact(name).subject === 'site') return [`${signalMetric(name)}{site="${site}"} ${value}`];
    return services.map((service) => `${signalMetric(name)}{site="${site}",service="${service}"} ${value}`);
  });
  const rows = (TABLE as readonly Row[]).map(
    ({ code, id, party, cause, layer, confidence }) =>
      `demarc_row_info{site="${site}",code="${code}",row="${id}",party="${party}",owner="${OWNER_OF_PARTY[party]}",` +
      `cause="${cause}",layer="${layer ?? ''}",confidence="${confidence}"} 1`,
  );
  const about = services.flatMap((service) => [
    `demarc_service_info{site="${site}",service="${service}"} 1`,
    `demarc_verdict_since_timestamp_seconds{site="${site}",service="${service}"} ${since}`,
  ]);
  return [...signals, ...rows, ...about];
}

export const pageOf = (sites: readonly Shown[]): string => `${sites.flatMap(siteLines).join('\n')}\n`;

export interface FakeExporter {
  /** host:port */
  address: string;
  /** What is shown from now on. */
  show(text: string): void;
  stop(): Promise<void>;
}

export async function fakeExporter(text: string): Promise<FakeExporter> {
  let shown = text;
  const server = http.createServer((_, response) =>
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(shown),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(next) {
      shown = next;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
