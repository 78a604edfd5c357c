// Text that looks like YAML, JSON or a template stays text on its way through a webhook with a payload of its own.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../../replay/process.ts';
import { hurry, type RunningAlertmanager, startAlertmanager } from './alertmanager-run.ts';
import { type FakeServer, fakeHttp } from './fake-receivers.ts';

const HOSTILE = [
  '[a] b',
  'a: b',
  '123',
  'null',
  '"quoted" text',
  "'quoted'",
  '# comment',
  '---\na: b\n---\nc',
  '...',
  '- a\n- b',
  '{"topic": "other", "a": 1}',
  '&anchor *alias',
  '!!binary AAAA',
  '{{ .Status }} {{ template "demarc.title" . }} {{',
  '%YAML 1.2',
  '| \n  literal',
  '@reserved `too`',
  '\u0007\u001b[31mred\u0085\u2028',
  '<<: *x',
  '\ttab',
];

let receiver: FakeServer;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  receiver = await fakeHttp();
  alertmanager = await startAlertmanager({
    map: `
version: 1
notify:
  receivers: { phone: { kind: ntfy, url: '${receiver.url}', topic: home-alerts, owners: [self] } }
`,
    change: (config) => hurry(config, 2),
  });
});

afterAll(async () => {
  await alertmanager.stop();
  await receiver.stop();
});

it('whatever an alert says', async () => {
  await alertmanager.send(
    HOSTILE.map((description, index) => ({
      labels: { alertname: `Hostile${index}`, owner: 'self', site: 'home', service: `s${index}` },
      annotations: { description, title: description.replaceAll('\n', ' ') },
    })),
  );
  await until('every message', () => receiver.received.length >= HOSTILE.length, 30_000).catch((error: unknown) => {
    throw new Error(`${receiver.received.length} came\n${alertmanager.tail()}`, { cause: error });
  });
  const told = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  for (const [index, text] of HOSTILE.entries()) {
    const title = `\t[s${index}] ${text.replaceAll('\n', ' ')}`;
    const message = told.find((one) => one.title === title)?.message;
    expect(message, `${JSON.stringify(text)} among ${JSON.stringify(told)}`).toEqual(expect.any(String));
    expect(message).toContain(`\t${text}\nSince `);
  }
});
