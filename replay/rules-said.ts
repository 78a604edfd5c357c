// What the rules say of every site, asked of Prometheus once for all who want to know at about the same time.
import { RECORDS } from '../alerts/records.ts';
import { VENDOR_RECORDS } from '../alerts/vendor-records.ts';
import { mayName } from '../verdict/explain.ts';
import type { Row } from '../verdict/row.ts';
import { TABLE } from '../verdict/table.ts';
import type { VendorRow } from '../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../verdict/vendor-table.ts';
import type { Said, VendorSaid } from './result.ts';
import { keyOf } from './score-vendors.ts';
import type { Stage } from './stage.ts';
import type { Sample, Watch } from './watch.ts';

export interface RulesSaid {
  /** By service: code to row, vendor by the plan. */
  services(stage: Stage): Promise<Map<string, Said>>;
  /** By `vendor/component`. */
  vendors(stage: Stage): Promise<Map<string, VendorSaid>>;
}

/** An answer is everybody's for this long: many sites that ask by themselves are most of what listening costs. */
const SHARED_MS = 500;

const ASKED = [RECORDS.code, VENDOR_RECORDS.code, VENDOR_RECORDS.hit];

const ROW_OF_CODE = new Map<number, Row>(TABLE.map((row) => [row.code, row]));
const VENDOR_ROW_OF_CODE = new Map<number, VendorRow>(VENDOR_TABLE.map((row) => [row.code, row]));

export function askRules(watch: Pick<Watch, 'ask'>): RulesSaid {
  let askedAt = Number.NEGATIVE_INFINITY;
  let answer: Promise<Sample[]> = Promise.resolve([]);

  function ask(): Promise<Sample[]> {
    if (performance.now() - askedAt < SHARED_MS) return answer;
    askedAt = performance.now();
    answer = watch.ask(`{__name__=~"${ASKED.join('|')}"}`);
    return answer;
  }

  async function about(site: string): Promise<(metric: string) => Sample[]> {
    const own = (await ask()).filter(({ metric }) => metric.site === site);
    return (name) => own.filter(({ metric }) => metric.__name__ === name);
  }

  return {
    async services(stage) {
      const told = await about(stage.site);
      return new Map(told(RECORDS.code).map((sample) => [sample.metric.service ?? '', saidOf(sample, stage)]));
    },
    async vendors({ site }) {
      const told = await about(site);
      const hits = told(VENDOR_RECORDS.hit);
      return new Map(
        told(VENDOR_RECORDS.code).map(({ metric: { vendor = '', component = '' }, value }): [string, VendorSaid] => {
          const row = VENDOR_ROW_OF_CODE.get(Number(value[1]));
          if (row === undefined) throw new Error(`the rules say code ${value[1]} of a vendor, which no row has`);
          const own = hits.filter(({ metric }) => metric.vendor === vendor && metric.component === component);
          const services = own.map(({ metric }) => metric.service ?? '');
          return [keyOf({ vendor, component }), { status: row.status, row: row.id, hits: services }];
        }),
      );
    },
  };
}

function saidOf({ metric, value }: Sample, { monitor }: Stage): Said {
  const row = ROW_OF_CODE.get(Number(value[1]));
  if (row === undefined) throw new Error(`the rules say code ${value[1]}, which no row has`);
  const service = monitor.plan().services.find(({ name }) => name === metric.service);
  const dependency = mayName(row) ? service?.dependencies.find(({ layer }) => layer === row.layer) : undefined;
  const { party, cause, id } = row;
  return { party, cause, row: id, vendor: dependency?.vendor ?? null, component: dependency?.component ?? null };
}
