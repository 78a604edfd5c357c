// The default gateway: found where it is the router, and never the bridge of a container engine, whatever its address.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findGateway, type RouteFiles } from '../../map/gateway.ts';

const HEADER = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';

/** `gateway` as the kernel writes it; `traits` are what lies in the folder of eth0. */
function machine(gateway: string, traits: readonly string[], more: Partial<RouteFiles> = {}): RouteFiles {
  const root = mkdtempSync(path.join(tmpdir(), 'demarc-gateway-'));
  mkdirSync(path.join(root, 'net'));
  writeFileSync(
    path.join(root, 'net', 'route'),
    `${HEADER}eth0\t00000000\t${gateway}\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`,
  );
  for (const trait of traits) mkdirSync(path.join(root, 'class', 'net', 'eth0', trait), { recursive: true });
  writeFileSync(path.join(root, 'marker'), '');
  return { proc: root, sys: root, containerMarkers: [], environment: {}, ...more };
}

const inDocker = (files: RouteFiles): RouteFiles => ({ ...files, containerMarkers: [path.join(files.proc, 'marker')] });
const inKubernetes = (files: RouteFiles): RouteFiles => ({
  ...files,
  environment: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
});

const ROUTER = '0101A8C0';
const DOCKER = '010011AC';
/** Docker takes this range when the first one is used up. */
const DOCKER_LATER = '0130A8C0';
const CABLE_END = ['statistics', 'queues'];
const CARD = [...CABLE_END, 'device'];

describe('the gateway', () => {
  it.each([
    ['of a machine', machine(ROUTER, CARD), '192.168.1.1'],
    ['of a container on the network of its host', inDocker(machine(ROUTER, CARD)), '192.168.1.1'],
    ['of a host whose router lies behind a bridge', inDocker(machine(ROUTER, ['bridge', 'lower_eno1'])), '192.168.1.1'],
    ['of a pod on the network of its node', inKubernetes(machine(ROUTER, CARD)), '192.168.1.1'],
    ['of a virtual network on a machine that is no container', machine(DOCKER, CABLE_END), '172.17.0.1'],
  ])('%s is found', (_, files, address) => {
    expect(findGateway(files)).toBe(address);
  });

  it.each([
    ["of Docker's first bridge", inDocker(machine(DOCKER, CABLE_END))],
    ['of a bridge in a range that routers have', inDocker(machine(DOCKER_LATER, CABLE_END))],
    ['of a pod in a network of its own', inKubernetes(machine(DOCKER, CABLE_END))],
    ['of a machine without a default route', machine('00000000', CARD)],
  ])('%s is not believed', (_, files) => {
    expect(findGateway(files)).toBeNull();
  });

  it('is unknown where there is no such file', () => {
    expect(findGateway({ ...machine(ROUTER, CARD), proc: '/nowhere' })).toBeNull();
  });
});
