// How the map says a service is asked, as it reaches the probes: headers, credentials by reference, certificates of no service.
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { UserError } from '../../map/user-error.ts';

const planned = (text: string) => planOf(parseMap(`version: 1\n${text}`, 'demarc.yaml', '/tmp'), NOTHING_KNOWN);

const settingsOf = (text: string, id: string) => planned(text).targets.find((target) => target.id === id)?.settings;

const WWW = `
services:
  www:
    url: https://www.example.com/
    edge: { vendor: azure }
    request:
      headers: { X-From: demarc }
      auth: { kind: bearer, token: { file: /etc/demarc/token } }
      protocol: auto
    expect: { json: [{ pointer: /status, is: ok }] }
    origin: { url: https://192.0.2.7/, host: www.example.com }
`;

describe('a service', () => {
  it('is asked as it says, and Front Door to say who failed', () => {
    expect(settingsOf(WWW, 'service/www')).toMatchObject({
      headers: { 'x-azure-debuginfo': '1', 'x-from': 'demarc' },
      auth: { kind: 'bearer', token: { file: '/etc/demarc/token' } },
      protocol: 'auto',
      expect: { json: [{ pointer: '/status', is: 'ok' }] },
    });
  });

  it('keeps its credentials from its origin, unless that has its own', () => {
    expect(settingsOf(WWW, 'origin/www')).not.toHaveProperty('auth');
    expect(JSON.stringify(settingsOf(WWW, 'origin/www'))).not.toContain('token');
  });

  it('of Front Door has controls that are asked the same', () => {
    const controls = planned(WWW).targets.filter(({ id }) => id.startsWith('control/azure/edge/'));
    expect(controls.length).toBeGreaterThan(1);
    for (const { settings } of controls) expect(settings).toMatchObject({ headers: { 'x-azure-debuginfo': '1' } });
  });

  it.each([
    ['headers: { Authorization: Bearer hunter2 }', 'holds a secret'],
    ['auth: { kind: bearer, token: hunter2 }', '{file'],
    ['headers: { Host: elsewhere }', 'set by the probe'],
    ['protocol: h3', 'protocol'],
  ])('cannot say %s', (request, why) => {
    const text = `services: { www: { url: "https://www.example.com/", request: { ${request} } } }`;
    let told = '';
    try {
      planned(text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      told = error.problems.map(({ place, what, hint }) => `${place}: ${what}, ${hint}`).join('\n');
    }
    expect(told).toContain(why);
    expect(told).not.toContain('hunter2');
  });
});

it('certificates of no service are looked at', () => {
  const text =
    'certificates: { mail: { host: mail.example.com, startTls: smtp }, store: { file: /etc/ssl/store.pem } }';
  expect(settingsOf(text, 'certificate/mail')).toMatchObject({ host: 'mail.example.com', startTls: 'smtp' });
  expect(settingsOf(text, 'certificate/store')).toMatchObject({ file: '/etc/ssl/store.pem' });
});

it('revocation is asked about as the map says', () => {
  expect(settingsOf(`revocation: list\n${WWW}`, 'edge_certificate/www')).toMatchObject({ revocation: 'list' });
  expect(settingsOf(WWW, 'edge_certificate/www')).toMatchObject({ revocation: 'stapled' });
});
