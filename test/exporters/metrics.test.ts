import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../exporters/metrics.ts';

describe('the metrics page', () => {
  it('holds what was told last, the site on every series', async () => {
    const metrics = createMetrics('home');
    metrics.set('demarc_verdict_code', 1, { service: 'blog' });
    metrics.set('demarc_verdict_code', 2, { service: 'blog' });
    metrics.increase('demarc_probe_crashes_total', { kind: 'dns' });
    const page = String(await metrics.render())
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(page).toEqual([
      'demarc_verdict_code{service="blog",site="home"} 2',
      'demarc_probe_crashes_total{kind="dns",site="home"} 1',
      'demarc_memory_shed_total{site="home"} 0',
      'demarc_state_write_errors_total{site="home"} 0',
    ]);
  });

  it('takes equal labels for the same series in whatever order they come', async () => {
    const metrics = createMetrics('home');
    metrics.set('demarc_build_info', 0, { version: '1', node: '20' });
    metrics.set('demarc_build_info', 1, { node: '20', version: '1' });
    expect(String(await metrics.render()).match(/^demarc_build_info\{.*$/gm)).toEqual([
      'demarc_build_info{version="1",node="20",site="home"} 1',
    ]);
  });

  it('has the same series whether its target is told, or all of its labels', async () => {
    const metrics = createMetrics('home');
    const labels = { role: 'anchor', service: 'a "b"', vendor: '', component: '' };
    metrics.set('probe_http_duration_seconds', 1, { phase: 'tls', target: 't/1', kind: 'http', ...labels });
    const samples = [{ metric: 'probe_http_duration_seconds', value: 2, labels: { phase: 'tls' } }] as const;
    metrics.tell({ id: 't/1', kind: 'http', labels }, samples);
    expect(String(await metrics.render()).match(/^probe_http_duration_seconds.*$/gm)).toEqual([
      'probe_http_duration_seconds{target="t/1",kind="http",role="anchor",service="a \\"b\\"",vendor="",component="",phase="tls",site="home"} 2',
    ]);
  });

  it('lets a series have another component than its target', async () => {
    const metrics = createMetrics('home');
    const labels = { role: 'feed', service: '', vendor: 'somebody', component: 'edge' };
    const sample = { metric: 'demarc_vendor_status', value: 1, labels: { component: 'dns' } } as const;
    metrics.tell({ id: 't/1', kind: 'status', labels }, [sample]);
    expect(String(await metrics.render())).toContain('vendor="somebody",component="dns",site="home"} 1');
  });

  it('refuses a target where the catalogue has none', () => {
    const target = { id: 't/1', kind: 'http', labels: { role: '', service: '', vendor: '', component: '' } } as const;
    const tell = () => createMetrics('home').tell(target, [{ metric: 'demarc_probes_in_flight', value: 1 }]);
    expect(tell).toThrow('demarc_probes_in_flight is of no target');
  });

  it('says nothing of a gauge before it is told, and after it was cleared', async () => {
    const metrics = createMetrics('home');
    expect(String(await metrics.render())).not.toMatch(/^demarc_probes_in_flight/m);
    metrics.set('demarc_probes_in_flight', 3);
    expect(String(await metrics.render())).toMatch(/^demarc_probes_in_flight\{site="home"\} 3$/m);
    metrics.clear();
    expect(String(await metrics.render())).not.toMatch(/^demarc_probes_in_flight/m);
  });

  it('names a new site on old counters too', async () => {
    const metrics = createMetrics('home');
    metrics.increase('demarc_state_write_errors_total');
    metrics.nameSite('office');
    metrics.set('demarc_probes_in_flight', 3);
    expect(String(await metrics.render())).not.toContain('home');
  });

  it('is of the moment it was asked for, however long it takes', async () => {
    const metrics = createMetrics('home');
    for (let index = 0; index < 3_000; index += 1) metrics.set('demarc_verdict_code', 1, { service: `${index}` });
    const page = metrics.render();
    metrics.clear();
    metrics.set('demarc_verdict_code', 2, { service: '0' });
    expect(String(await page).match(/^demarc_verdict_code\{.* 1$/gm)).toHaveLength(3_000);
    expect(String(await metrics.render()).match(/^demarc_verdict_code\{.*$/gm)).toHaveLength(1);
  });

  it('refuses a label the catalogue does not know', async () => {
    const metrics = createMetrics('home');
    metrics.set('demarc_probes_in_flight', 1, { kind: 'dns' });
    await expect(metrics.render()).rejects.toThrow('no such label: kind');
  });
});
