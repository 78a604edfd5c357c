// The page as its bytes: the answer, the way, the evidence, runbooks, and hostile text made inert.
import { describe, expect, it } from 'vitest';
import { TABLE } from '../../verdict/table.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { fakeDemo, SCENES } from './fake-monitor.ts';
import { verdictOf } from './fake-scenes.ts';
import { ask, statusServers } from './status-harness.ts';

const start = statusServers();

describe('the page', () => {
  it('answers first, with what to do, the way and the evidence', async () => {
    const { server } = await start(SCENES.vendorDown);
    const { status, headers, body } = await ask(server, '/');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('<h1>blog and wiki are down, and it is Cloudflare&#39;s edge, not you.</h1>');
    const order = ['<h1>', 'What to do', 'class="path"', 'broken here', 'class="evidence"', 'Vendors, seen from here'];
    const places = order.map((text) => body.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(body).toContain('its origin refuses connections on your own network');
    expect(body).not.toContain('Break something');
  });

  it('says in words what is masked', async () => {
    const { server } = await start(SCENES.uplinkDown);
    expect((await ask(server, '/')).body).toContain('Nothing can be said about DNS, the edge and the certificate');
  });

  it('is never green before the first round', async () => {
    const { server } = await start({ ...SCENES.healthy, ready: false });
    const { body } = await ask(server, '/');
    expect(body).toContain('No data since');
    expect(body).toContain('No verdict yet');
    expect(body).not.toContain('All fine');
  });

  it('does not judge vendors over a broken uplink', async () => {
    const { server } = await start(SCENES.uplinkDown);
    const { body } = await ask(server, '/');
    expect(body).toContain('not judged');
    expect(body).not.toContain('>failing<');
  });

  it('shows one service alone', async () => {
    const { server } = await start(SCENES.mixed);
    const { body } = await ask(server, '/service/photos');
    expect(body).toContain('<h1>photos is down, and it is AWS&#39;s S3 us-east-1, not you.</h1>');
    expect(body).not.toContain('blog.example.org');
    expect(body).toContain('data-source="/fragment?service=photos"');
    expect((await ask(server, '/fragment?service=photos')).status).toBe(200);
  });

  it.each([
    '/service/nobody',
    '/service/__proto__',
    '/fragment?service=nobody',
    '/runbooks/constructor',
    '/nothing',
    '/service/..%2f..%2fetc',
  ])('has no %s', async (path) => {
    const { server } = await start();
    expect((await ask(server, path)).status).toBe(404);
  });

  it('has a runbook for every row', async () => {
    const { server } = await start();
    for (const row of TABLE) {
      const { status, body } = await ask(server, `/runbooks/${row.id}`);
      expect(status).toBe(200);
      expect(body).not.toMatch(/\{(service|vendor|component)\}/);
    }
    const { body } = await ask(server, '/runbooks/edge_failing');
    expect(body).toContain('Cloudflare, 2025-11-18');
    expect(body).toContain('edge_guard_witness');
  });

  it('weighs less than 50 kB with all it loads, none of it from elsewhere', async () => {
    const { server } = await start(SCENES.vendorDown, { demo: fakeDemo() });
    const { body } = await ask(server, '/');
    const loads = [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loads.length).toBeGreaterThan(1);
    const assets = await Promise.all(loads.map((path) => ask(server, path)));
    expect(assets.map((asset) => asset.status)).toEqual(assets.map(() => 200));
    const weight = [body, ...assets.map((asset) => asset.body)].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(weight).toBeLessThan(50_000);
    expect(body).not.toMatch(/<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
  });
});

describe('hostile text', () => {
  const EVIL = `</script><script>alert(1)</script><img src=x onerror='alert(2)'>"\u0000\u001b[2J\u202e`;

  function evilVerdict(): Verdict {
    const name = 'a"><script>alert(3)</script>';
    return verdictOf(name, 'unexplained', [], {
      headline: EVIL,
      because: EVIL,
      cause: EVIL,
      action: EVIL,
      since: EVIL,
      evidence: [{ signal: EVIL, state: 'bad', text: EVIL.repeat(50) }],
      concurrent: [{ row: EVIL, party: 'own', cause: EVIL, sentence: EVIL }],
    });
  }

  it('is inert on the page', async () => {
    const { server } = await start({ ...SCENES.healthy, verdicts: [evilVerdict()] });
    const { body, headers } = await ask(server, '/');
    expect(body.match(/<script/g)).toEqual(['<script']);
    for (const text of ['<img', "onerror='", '\u0000', '\u001b', '\u202e']) expect(body).not.toContain(text);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  });

  it('is plain data in the API', async () => {
    const verdict = evilVerdict();
    const { server } = await start({ ...SCENES.healthy, verdicts: [verdict] });
    const { body, headers } = await ask(server, '/api/v1/verdicts');
    expect(JSON.parse(body)).toEqual({ verdicts: [verdict] });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
