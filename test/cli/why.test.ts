// `demarc why` as a person meets it: from a running demarc, or with a look of its own at the lab.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { whyLines } from '../../cli/why-text.ts';
import { wrap } from '../../cli/wrap.ts';
import { startLab } from '../../lab/start.ts';
import { whyOf } from '../../verdict/why.ts';
import { SCENES } from '../status/fake-monitor.ts';
import { NOW, type Scene } from '../status/fake-scenes.ts';
import { start } from '../status/status-harness.ts';
import { runDemarc } from './run-demarc.ts';

describe('demarc why', () => {
  it('asks a running demarc and explains', async () => {
    const { server } = await start(SCENES.vendorDown);
    const { code, stdout, stderr } = await runDemarc(['why', 'blog', '--from', server.url]);
    await server.close();
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^blog is down, and it is Cloudflare's edge, not you\.\nfailing for .*, confidence high, row/,
    );
    expect(stdout).toMatch(/^ {2}BAD {4}edge {8}The edge answered 503 with an error page of its own/m);
    expect(stdout).toContain('  - LAN or gateway down: the gateway answers\n');
    expect(stdout).toContain('Nothing more: it is proven.');
  });

  it('explains all that is not fine when none is named', async () => {
    const { server } = await start(SCENES.mixed);
    const { stdout } = await runDemarc(['why', '--from', server.url]);
    await server.close();
    expect(stdout).toContain('blog is down, and it is your own host.');
    expect(stdout).toContain("photos is down, and it is AWS's S3 us-east-1, not you.");
    expect(stdout).not.toContain('wiki');
  });

  it('says so when all is fine', async () => {
    const { server } = await start(SCENES.healthy);
    const { code, stdout } = await runDemarc(['why', '--from', server.url]);
    await server.close();
    expect([code, stdout]).toEqual([0, 'All fine: blog, wiki, photos, uplink.\n']);
  });

  it('prints JSON for programs', async () => {
    const { server } = await start(SCENES.ownDown);
    const { stdout } = await runDemarc(['why', 'photos', '--json', '--from', server.url]);
    await server.close();
    const why = JSON.parse(stdout);
    expect(why).toMatchObject({ service: 'photos', status: 'failing', verdict: { row: 'origin_refused' } });
    expect(why.hops.map(({ layer }: { layer: string }) => layer)).toContain('origin');
  });

  it('explains a vendor, whatever the services say, or one component of it', async () => {
    const { server } = await start(SCENES.vendorDown);
    const whole = await runDemarc(['why', 'cloudflare', '--from', server.url]);
    const part = await runDemarc(['why', 'aws/s3-us-east-1', '--json', '--from', server.url]);
    await server.close();
    expect(whole.stdout).toContain("Cloudflare's edge is failing for everyone we can see. It hits blog, wiki.\n");
    expect(whole.stdout).toContain('  used by blog (hit), wiki (hit)\n');
    expect(whole.stdout).toContain('  Its status page says operational. It has told of no trouble since the first\n');
    expect(JSON.parse(part.stdout)).toEqual([expect.objectContaining({ vendor: 'aws', component: 's3-us-east-1' })]);
  });

  it('asks whether a near name was meant', async () => {
    const { server } = await start(SCENES.healthy);
    const { code, stderr } = await runDemarc(['why', 'blogg', '--from', server.url]);
    await server.close();
    expect([code, stderr]).toEqual([
      2,
      'blogg: is no service of the map and no vendor it watches, did you mean blog?\n',
    ]);
  });

  it.each([
    [['--from', 'http://127.0.0.1:1'], /^http:\/\/127\.0\.0\.1:1: gives no answer .*, start `demarc serve`, or/],
    [['--from', 'here'], /^here: is not a URL, write it like http:\/\/127\.0\.0\.1:9815$/m],
    [['--now'], /^--now: needs a map, and there is no demarc\.yaml here, give one with --map/],
    [['--now', '--map', 'nowhere.yaml'], /^nowhere\.yaml: does not exist/],
  ])('%j ends with 2 and one line', async (argv, said) => {
    const { code, stderr } = await runDemarc(['why', 'blog', ...argv], mkdtempSync(path.join(tmpdir(), 'demarc-why-')));
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it('has help with examples', async () => {
    const { code, stdout } = await runDemarc(['why', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n[\s\S]* {2}demarc why blog\n/);
  });
});

describe('demarc why --now', () => {
  it('looks for itself, within half a minute', async () => {
    const lab = await startLab();
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-why-'));
    writeFileSync(path.join(folder, 'demarc.yaml'), `${lab.map}listen: 127.0.0.1:1\n`);
    const fine = await runDemarc(['why', 'blog', '--now'], folder);
    await lab.inject({ kind: 'origin_refused', target: 'blog' });
    const started = performance.now();
    // Nobody listens there, so it looks without being told to.
    const broken = await runDemarc(['why', 'blog'], folder);
    const spentMs = performance.now() - started;
    await lab.stop();
    expect(fine.stdout).toMatch(/^blog is fine\.\n/);
    expect(fine.stderr).toMatch(/^asking \d+ targets, at most 30 s\n/);
    expect(broken.stdout).toMatch(/^blog is down, and it is yours: origin process down\.\n/);
    expect(broken.stderr).toMatch(/^no demarc runs at http:\/\/127\.0\.0\.1:1, so this is a look of its own\nasking/);
    expect([fine.code, broken.code]).toEqual([0, 0]);
    expect(spentMs).toBeLessThan(35_000);
  });
});

describe('the text', () => {
  const scenes = Object.entries(SCENES) as [string, Scene][];

  it.each(scenes)('fits 80 columns: %s', (_, { verdicts, signals }) => {
    const lines = verdicts.flatMap((verdict) => whyLines(whyOf(verdict, signals), NOW));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('folds words with a hanging indent and leaves long ones whole', () => {
    expect(wrap('- ', 'one two three', 9)).toEqual(['- one two', '  three']);
    expect(wrap('', 'a 0123456789 b', 6)).toEqual(['a', '0123456789', 'b']);
    expect(wrap('head', '')).toEqual(['head']);
  });
});
