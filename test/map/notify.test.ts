// The key `notify`: what is refused, and what of the way an alert takes deserves a warning.
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNear } from '../../map/alert-path.ts';
import { parseMap } from '../../map/load.ts';
import { checkSecrets } from '../../map/secret-files.ts';
import { UserError } from '../../map/user-error.ts';

const load = (notify: string, services = '') =>
  parseMap(`version: 1\n${services}notify:\n${notify}`, 'demarc.yaml', tmpdir());

function problems(notify: string): string[] {
  try {
    load(notify);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ place, what, hint }) => `${place}: ${what}, ${hint}`);
    throw error;
  }
  return [];
}

describe('notify refuses', () => {
  it('secrets in the map, all of them at once, without repeating them', () => {
    const told = problems(`  receivers:
    a: { kind: ntfy, url: 'https://ntfy.sh', topic: home-alerts, token: tk_s3cret }
    b: { kind: gotify, url: 'http://nas.lan', tokenFile: s3cret }
    c: { kind: slack, webhookUrlFile: 'https://hooks.slack.com/services/s3cret' }
    d: { kind: email, to: a@example.org, from: b@example.org, server: 'mail:587', password: s3cret }
    e: { kind: webhook, url: 'https://me:s3cret@example.org/' }
`);
    expect(told).toHaveLength(5);
    expect(told.join('\n')).not.toContain('s3cret');
    expect(told.join('\n')).toContain('unknown key token, write the secret to a file and name that file as tokenFile');
    expect(told.join('\n')).toContain(
      'unknown key password, write the secret to a file and name that file as passwordFile',
    );
    expect(told.filter((line) => line.includes('the secret itself does not belong in the map'))).toHaveLength(2);
    for (const line of told) expect(line).toMatch(/^demarc\.yaml:\d+:\d+ notify\.receivers\.[a-e]/);
  });

  it.each([
    ['an unknown kind', '{ kind: signal }', 'kind must be ntfy, gotify'],
    ['an unknown owner', "{ kind: webhook, url: 'http://x.lan', owners: [me] }", 'owners'],
    ['no owner at all', "{ kind: webhook, url: 'http://x.lan', owners: [] }", 'owners'],
    ['a webhook to nowhere', '{ kind: webhook }', 'needs either url or urlFile'],
    [
      'a webhook to two places',
      "{ kind: webhook, url: 'http://x.lan', urlFile: /etc/x }",
      'needs either url or urlFile',
    ],
    ['a relative path', "{ kind: gotify, url: 'http://x.lan', tokenFile: secrets/x }", 'absolute path'],
    ['a topic YAML reads as no word', "{ kind: ntfy, url: 'http://x.lan', topic: 'True' }", 'must be 4 to 64'],
    ['a missing file', "{ kind: gotify, url: 'http://x.lan' }", 'is missing'],
  ])('%s', (_, receiver, hint) => {
    expect(problems(`  receivers: { a: ${receiver} }\n`).join('\n')).toContain(hint);
  });
});

const BLOG = `services:
  blog:
    url: https://blog.example.com/
    dns: { zone: example.com, vendor: cloudflare }
    edge: { vendor: cloudflare }
`;

const HEARTBEAT = "  heartbeat: { url: 'https://hc.example.net/ping' }\n";

const whats = (notify: string): string[] => load(notify, BLOG).alertPath.map(({ what }) => what);

describe('the way of an alert', () => {
  const near = "near: { kind: gotify, url: 'http://192.168.1.5', tokenFile: /etc/token }";

  it('is fine with one receiver in the house, one outside, and a heartbeat', () => {
    const far = 'far: { kind: telegram, botTokenFile: /etc/token, chat: 1 }';
    expect(whats(`  receivers: { ${near}, ${far} }\n${HEARTBEAT}`)).toEqual([]);
  });

  it.each([
    ['nobody at all', '  receivers: {}\n', ['nobody is told of a failure']],
    ['no receiver', HEARTBEAT, ['has no receiver']],
    [
      'no heartbeat',
      `  receivers: { ${near} }\n`,
      ['there is no heartbeat: when this site goes dark, nobody will know'],
    ],
    [
      'a heartbeat in the house',
      `  receivers: { ${near} }\n  heartbeat: { url: 'http://nas.lan/ping' }\n`,
      ['stays in the house and goes dark with it'],
    ],
    [
      'only remote receivers',
      `  receivers: { a: { kind: pushover, userKeyFile: /a, tokenFile: /b } }\n${HEARTBEAT}`,
      ['nothing can be sent while the uplink is down'],
    ],
    [
      'the zone of a service',
      `  receivers: { ${near}, a: { kind: ntfy, url: 'https://ntfy.example.com', topic: home } }\n${HEARTBEAT}`,
      ['shares its DNS zone with blog: both go when the zone does'],
    ],
    [
      'a service itself',
      `  receivers: { ${near}, a: { kind: webhook, url: 'https://blog.example.com/hook' } }\n${HEARTBEAT}`,
      ['is the service blog itself: what breaks it breaks the message'],
    ],
    [
      'the vendor of a service',
      `  receivers: { ${near}, a: { kind: discord, webhookUrlFile: /etc/url } }\n${HEARTBEAT}`,
      ['needs cloudflare, as blog does: no message when cloudflare fails'],
    ],
    [
      'a topic of a public server',
      `  receivers: { ${near}, a: { kind: ntfy, url: 'https://ntfy.sh', topic: home } }\n${HEARTBEAT}`,
      ['anybody who knows the topic can read and write it'],
    ],
  ])('is warned about with %s', (_, notify, expected) => {
    expect(whats(notify)).toEqual(expected);
  });

  it('is told with its place in the map', () => {
    const [first] = load(`  receivers: { ${near} }\n`, BLOG).alertPath;
    expect(first?.place).toMatch(/^demarc\.yaml:\d+:\d+ notify\.heartbeat$/);
  });

  it.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['fd00::1', true],
    ['2001:db8::1', false],
    ['nas', true],
    ['ntfy.home.arpa', true],
    ['ntfy.lan.example.com', false],
  ])('%s is in the house: %s', (host, near) => expect(isNear(host)).toBe(near));
});

describe('files with secrets', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-secrets-'));
  const at = (name: string): string => path.join(folder, name);
  const write = (name: string, text: string, mode = 0o400): void => {
    writeFileSync(at(name), text);
    chmodSync(at(name), mode);
  };
  write('good', 'token\n');
  write('open', 'token', 0o644);
  write('empty', '');
  write('large', 'x'.repeat(5_000));
  mkdirSync(at('folder'));
  symlinkSync(at('nowhere'), at('dangling'));
  symlinkSync(at('loop'), at('loop'));

  const told = (name: string): string[] =>
    checkSecrets(
      load(`  receivers: { a: { kind: gotify, url: 'http://x.lan', tokenFile: ${at(name)} } }\n`).file.notify,
    ).map(({ place, what }) => `${place} ${what.replace(`${folder}/`, '')}`);

  it.each([
    ['good', []],
    ['missing', ['missing is not there']],
    ['open', ['open can be read by everybody']],
    ['empty', ['empty is empty']],
    ['large', ['large is larger than 4 KiB']],
    ['folder', ['folder is no file']],
    ['dangling', ['dangling is not there']],
    ['loop', ['loop is a link that leads nowhere']],
    ['good/below', ['good/below is not there']],
  ])('%s', (name, expected) => {
    expect(told(name)).toEqual(expected.map((what) => `notify.receivers.a.tokenFile ${what}`));
  });

  it('of Pushover must not end with a newline', () => {
    write('exact', 'token');
    const map = load(`  receivers: { a: { kind: pushover, userKeyFile: ${at('good')}, tokenFile: ${at('exact')} } }\n`);
    expect(checkSecrets(map.file.notify).map(({ place }) => place)).toEqual(['notify.receivers.a.userKeyFile']);
  });
});
