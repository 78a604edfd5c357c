// The messages as people get them, rendered by amtool from payloads as Alertmanager has them.
import { describe, expect, it } from 'vitest';
import { messageTemplates } from '../../alerts/message.ts';
import { runTool } from '../../replay/agreement/promtool.ts';

const VENDOR = {
  status: 'firing',
  labels: { alertname: 'DemarcVendorFailure', service: 'blog', site: 'home', severity: 'warning', owner: 'vendor' },
  annotations: {
    summary: 'A vendor has failed.',
    title: "Cloudflare's edge, not you",
    description: "blog is down, and it is Cloudflare's edge, not you.",
    since: '2026-11-21 10:00:05 UTC',
    symptom: 'HTTP 500',
    lasted: '2m 5s',
    evidence: 'BAD edge_answer: an error of its own\nOK edge_guard_witness: another broke with it',
    action: 'Wait, or take the edge out of the path.',
    runbook_url: 'http://127.0.0.1:9815/runbooks/edge_failing',
  },
  startsAt: '2026-11-21T10:00:30Z',
  endsAt: '2026-11-21T10:04:10Z',
  fingerprint: 'a',
};

type Alert = Omit<typeof VENDOR, 'annotations' | 'labels'> & {
  labels: Record<string, string>;
  annotations: Record<string, string>;
};

const other = (service: string, changes: Partial<Alert> = {}): Alert => ({
  ...VENDOR,
  labels: { ...VENDOR.labels, service },
  annotations: { ...VENDOR.annotations, description: `${service} is down.` },
  fingerprint: service,
  ...changes,
});

async function render(name: string, alerts: readonly Alert[], status = 'firing', type = 'text'): Promise<string> {
  const data = {
    ...{ receiver: 'own', status, alerts, externalURL: 'http://127.0.0.1:9093' },
    ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {} },
  };
  const files = { 'demarc.tmpl': messageTemplates('http://nas.lan:9815'), 'data.json': JSON.stringify(data) };
  const run = await runTool(
    'amtool',
    [
      'template',
      'render',
      '--template.glob=demarc.tmpl',
      '--template.data=data.json',
      `--template.type=${type}`,
      `--template.text={{ template "demarc.${name}" . }}`,
    ],
    files,
  );
  expect(run.ok, run.output).toBe(true);
  return run.output;
}

describe('a failure', () => {
  it('has a title a phone can show', async () => {
    expect(await render('title', [VENDOR])).toBe("[blog] Cloudflare's edge, not you");
  });

  it('says what, since when, on what evidence, what to do, and where to read on', async () => {
    expect(await render('text', [VENDOR])).toBe(
      [
        "blog is down, and it is Cloudflare's edge, not you.",
        'Since 2026-11-21 10:00:05 UTC at home: HTTP 500',
        'BAD edge_answer: an error of its own',
        'OK edge_guard_witness: another broke with it',
        'Do: Wait, or take the edge out of the path.',
        'http://nas.lan:9815/runbooks/edge_failing',
      ].join('\n'),
    );
  });

  it('of several services is one message, which names some and counts the rest', async () => {
    const alerts = [VENDOR, ...Array.from({ length: 9 }, (_, index) => other(`s${index}`))];
    expect(await render('title', alerts)).toBe("[blog +9] Cloudflare's edge, not you");
    const text = (await render('text', alerts)).split('\n');
    expect(text.filter((line) => line.startsWith('Also: '))).toHaveLength(5);
    expect(text).toContain('And 4 more.');
  });

  it('speaks of the uplink first, and not of what is over', async () => {
    const alerts = [VENDOR, other('uplink'), other('gone', { status: 'resolved' })];
    expect(await render('title', alerts)).toBe("[uplink +1] Cloudflare's edge, not you");
    const text = await render('text', alerts);
    expect(text).toMatch(/^uplink is down\.\n/);
    expect(text).toContain("\nAlso: blog is down, and it is Cloudflare's edge, not you.");
    expect(text).not.toContain('gone');
  });

  it('can be told of an alert that is not ours', async () => {
    const foreign = other('', { labels: { alertname: 'DiskFull' }, annotations: { summary: 'A disk is full.' } });
    expect(await render('title', [foreign])).toBe('[demarc] A disk is full.');
    expect(await render('text', [foreign])).toBe(
      'A disk is full.\nSince 2026-11-21 10:00:30 UTC\nhttp://nas.lan:9815/',
    );
    expect(await render('text', [other('', { labels: { alertname: 'DiskFull' }, annotations: {} })])).toMatch(
      /^DiskFull\n/,
    );
  });
});

describe('the end of a failure', () => {
  it('says how long it lasted, not how long it was announced', async () => {
    expect(await render('title', [VENDOR], 'resolved')).toBe("Over: [blog] Cloudflare's edge, not you");
    expect(await render('text', [VENDOR], 'resolved')).toBe(
      [
        "blog is down, and it is Cloudflare's edge, not you.",
        'Since 2026-11-21 10:00:05 UTC at home: HTTP 500',
        'This is over. It lasted 2m 5s.',
        'http://nas.lan:9815/runbooks/edge_failing',
      ].join('\n'),
    );
  });

  it('counts itself where the alert does not say', async () => {
    const { lasted: _, ...annotations } = VENDOR.annotations;
    expect(await render('text', [{ ...VENDOR, annotations }], 'resolved')).toContain('It lasted 3m 40s.');
  });
});

describe('hostile text', () => {
  const hostile = other('blog', {
    annotations: {
      title: '<b>bold</b> <!channel> @everyone',
      description: '<script>alert(1)</script> & <http://evil|click> [click](http://evil) {{ .Status }}',
      runbook_url: 'javascript:alert("1")\n<b>',
    },
  });

  it('is no markup for Slack', async () => {
    expect(await render('slack.title', [hostile])).toBe('[blog] &lt;b&gt;bold&lt;/b&gt; &lt;!channel&gt; @everyone');
    expect(await render('slack.text', [hostile])).not.toMatch(/[<>]/);
  });

  it('is no markup for Discord', async () => {
    expect(await render('discord.title', [hostile])).toContain('\\@everyone');
    expect(await render('discord.text', [hostile])).toContain('\\[click\\](http://evil)');
  });

  it.each(['telegram.text', 'email.html'])('is no markup in %s', async (name) => {
    const text = await render(name, [hostile], 'firing', 'html');
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toMatch(/<(script|b>bold|!channel)/);
    expect(text).not.toMatch(/href="javascript/);
  });

  it('is no template and no link', async () => {
    expect(await render('text', [hostile])).toContain('{{ .Status }}');
    expect(await render('link', [hostile])).toBe('javascript:alert1b');
  });
});
