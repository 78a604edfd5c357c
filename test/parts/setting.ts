// A setting to make parts from: a map with all that a part may read, and nothing a default would hide.
import { parseMap } from '../../map/load.ts';
import type { Setting } from '../../parts/part.ts';

export const MAP = `version: 1
site: attic
listen: 0.0.0.0:9900
services:
  blog: { url: 'https://blog.example.org/', origin: { url: 'http://192.0.2.7:8080/' } }
  shop: { url: 'https://shop.example.org/healthz' }
notify:
  statusPage: http://nas.lan:9900
  receivers: { phone: { kind: gotify, url: 'http://nas.lan:8080', tokenFile: /etc/demarc/alerts/token } }
`;

export function setting(changes: Partial<Setting> = {}): Setting {
  return {
    source: { map: parseMap(MAP, 'demarc.yaml', '/nowhere'), files: new Map([['demarc.yaml', MAP]]) },
    target: 'nas.lan:9900',
    namespace: 'observability',
    labels: { release: 'stack' },
    image: 'registry.lan/demarc:1.2.3',
    hostNetwork: false,
    ...changes,
  };
}
