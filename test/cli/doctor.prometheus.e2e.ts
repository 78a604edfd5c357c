// `demarc doctor` with a real Prometheus that has the committed rules, and a real Alertmanager with the committed routes.
import { expect, it, onTestFinished } from 'vitest';
import { version } from '../../cli/version.ts';
import { until } from '../../replay/process.ts';
import { setStage } from '../../replay/stage.ts';
import { prometheusTools } from '../../replay/tools.ts';
import { query, startWatch } from '../../replay/watch.ts';
import { diagnose, mapFile, said } from './doctor-bench.ts';

it('finds a stack that is as it should be in order, and then what was broken', async () => {
  const tools = await prometheusTools(() => undefined);
  const stage = await setStage({
    site: 'lab',
    world: 'homelab',
    speed: 1,
    version: version(),
    onCrash: () => undefined,
  });
  onTestFinished(() => stage.stop());
  const watch = await startWatch([stage.server.url], tools);
  onTestFinished(() => watch.stop());
  const options = {
    map: mapFile(stage.lab.map),
    from: stage.server.url,
    prometheus: watch.prometheus.url,
    alertmanager: watch.alertmanager.url,
  };
  const verdicts = async (): Promise<boolean> =>
    (await query(watch.prometheus.url, 'site_service:demarc_verdict:code')).length > 0;
  await until('verdicts of the rules', verdicts, 120_000);
  await until(
    'the heartbeat to arrive',
    () => watch.inbox.alerts().some(({ labels }) => labels.alertname === 'Watchdog'),
    120_000,
  );
  await until('all to be measured', () => stage.monitor.ready(), 60_000);

  const findings = await diagnose(options);
  const beside = findings.filter(({ area }) => area === 'prometheus' || area === 'alertmanager');
  expect(beside.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual([
    'reachable ok',
    'clock ok',
    'target ok',
    'rules ok',
    'interval ok',
    'heartbeat ok',
    'data ok',
    'agreement ok',
    'receiver ok',
    'reachable ok',
    'sender ok',
    'arrival ok',
    'routes ok',
    // The committed configuration cannot know who listens outside.
    'heartbeat warning',
  ]);
  expect(findings.filter(({ outcome }) => outcome === 'problem')).toEqual([]);

  await stage.server.close();
  const down = async (): Promise<boolean> => (await query(watch.prometheus.url, 'up == 0')).length > 0;
  await until('Prometheus to notice', down, 30_000);
  const broken = await diagnose(options);
  expect(said(broken, 'prometheus', 'target')[0]).toMatch(/^problem: http.*\/metrics is down: .*connection refused/);
  expect(said(broken, 'exporter', 'running')[0]).toMatch(/^problem/);
});
