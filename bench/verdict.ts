// How long from a fault to the verdict on the page, to the verdict of the rules, and to the webhook. Measured on the wall,
// every scenario at once, over the lab's real sockets with a real Prometheus and Alertmanager.
import { builtInScenarios, type Scenario } from '../lab/scenario.ts';
import { replayEmbedded } from '../replay/embedded.ts';
import { replayOnPrometheus, type WatchedResult } from '../replay/prometheus.ts';
import type { ReplayResult } from '../replay/result.ts';
import { prometheusTools } from '../replay/tools.ts';

/** From a fault to the webhook, seconds; what the project promises. */
const WEBHOOK_BUDGET_S = 60;

/** Scenario ms of the fault a first telling expectation is about: the newest one before it was answered. */
function faultAt(scenario: Scenario, answeredAt: number): number {
  const breaks = scenario.timeline.flatMap((step) => ('break' in step && step.atMs <= answeredAt ? [step.atMs] : []));
  return breaks.at(-1) ?? 0;
}

const inSeconds = (ms: number | null): string => (ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`).padStart(9);

function webhookMs(scenario: Scenario, { alertAtMs }: WatchedResult): number | null {
  return alertAtMs === null ? null : alertAtMs - faultAt(scenario, alertAtMs);
}

/** Prints one line per scenario; the exit code is 1 when the webhook budget is missed or a scenario is judged wrong. */
export async function benchVerdict(): Promise<number> {
  const tools = await prometheusTools(console.error);
  const scenarios = builtInScenarios();
  const onEvent = (id: string, at: number, text: string): void => console.error(`${inSeconds(at)} ${id} ${text}`);
  const page = await replayEmbedded(scenarios, { speed: 1, parallel: 8, version: 'bench', onEvent });
  const rules = await replayOnPrometheus(scenarios, { tools, parallel: 8, version: 'bench', onEvent });
  console.log(`${'scenario'.padEnd(30)}${'page'.padStart(9)}${'rules'.padStart(9)}${'webhook'.padStart(9)}`);
  const late = scenarios.filter((scenario, index) => {
    const [seen, ruled] = [page[index] as ReplayResult, rules[index] as WatchedResult];
    const webhook = webhookMs(scenario, ruled);
    const times = [seen.timeToVerdictMs, ruled.timeToVerdictMs, webhook].map(inSeconds).join('');
    console.log(`${scenario.id.padEnd(30)}${times}${seen.passed && ruled.passed ? '' : '  judged wrong'}`);
    return webhook === null || webhook > WEBHOOK_BUDGET_S * 1000 || !seen.passed || !ruled.passed;
  });
  console.log(
    `${scenarios.length - late.length} of ${scenarios.length} within ${WEBHOOK_BUDGET_S} s from fault to webhook`,
  );
  return late.length === 0 ? 0 : 1;
}
