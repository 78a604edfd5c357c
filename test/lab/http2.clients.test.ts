// The edges of the lab by HTTP/2, as curl and our own probe see them: healthy, and broken in the words of their vendor.
import { describe, expect, it } from 'vitest';
import { PROBES } from '../../exporters/registry.ts';
import type { Fault } from '../../lab/lab.ts';
import { contextOf } from '../exporters/contract.ts';
import { foreignLab } from './foreign-lab.ts';
import { OK, type Question, seen, WITHIN } from './foreign-programs.ts';

const { lab, at, curl } = foreignLab('homelab');

const BLOG = 'blog.home.test';
const PATIENCE_MS = 10_000;

const byHttp2 = (asked: Question): Question => [...asked, '--http2'];
const blog = () => curl('https', BLOG, at('edge', 'cloudflare'));

async function probed(protocol: 'http/1.1' | 'h2') {
  const { address, port } = at('edge', 'cloudflare');
  const settings = { url: `https://${BLOG}:${port}/`, address, protocol };
  const { reason, facts } = await PROBES.http.prepare(
    't',
    settings,
  )(contextOf(AbortSignal.timeout(PATIENCE_MS), { trust: [lab().ca] }));
  return { reason, status: facts.status, version: facts.httpVersion, generator: facts.generator };
}

describe('an edge of the lab', () => {
  it('speaks HTTP/2 to whoever offers it, and HTTP/1.1 to others', async () => {
    expect(await seen(byHttp2(blog()))).toMatch(/HTTP\/2 200[\s\S]*server: cloudflare/);
    expect(await seen(blog())).toMatch(OK);
  });

  it.each<[string, Fault, seen: RegExp]>([
    ['fails', { kind: 'edge_5xx', target: 'cloudflare' }, /HTTP\/2 500[\s\S]*server: cloudflare/],
    ['is overloaded', { kind: 'edge_overloaded', target: 'cloudflare' }, /HTTP\/2 502[\s\S]*>cloudflare</],
    ['ends connections', { kind: 'edge_resets', target: 'cloudflare' }, /curl: \((35|56)\)/],
    ['has lost the tunnel', { kind: 'tunnel_daemon_dead' }, /HTTP\/2 530[\s\S]*1033/],
    ['is silent', { kind: 'edge_unreachable', target: 'cloudflare' }, /curl: \(28\)/],
  ])('that %s does so by HTTP/2 too', async (_, fault, broken) => {
    await lab().inject(fault);
    await expect.poll(() => seen(byHttp2(blog())), WITHIN).toMatch(broken);
    await lab().heal();
    await expect.poll(() => seen(byHttp2(blog())), WITHIN).toMatch(/HTTP\/2 200/);
  });

  it('says the same to our probe in both versions', async () => {
    await lab().inject({ kind: 'edge_5xx', target: 'cloudflare' });
    const [one, two] = [await probed('http/1.1'), await probed('h2')];
    expect(one).toMatchObject({ reason: 'http_status', status: 500, version: '1.1' });
    expect(two).toEqual({ ...one, version: '2' });
  });
});
