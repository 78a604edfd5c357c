// Where bursts go, to measure loss, delay, jitter and how large a packet may be. They are told, and judge nobody.
import net from 'node:net';
import { parseServer } from '../exporters/dns/endpoint.ts';
import type { DemarcMap } from './load.ts';
import type { Targets } from './targets.ts';

/** What is near, and so shows whether loss begins at home. */
export interface Near {
  /** Address of the router; null when nobody knows it. */
  gateway: string | null;
  /** The resolver as the map spells it; null when there is none. */
  resolver: string | null;
}

/** What fits into a frame of Ethernet, 1500 bytes, without the headers of a ping. */
const FULL_PING = { ipv4: 1_472, ipv6: 1_452 };
const PINGS = 5;
/** Between two bursts to one place, whoever asks. */
const GAP_MS = 10_000;

/** A train to every resolver asked in the clear; pings of the router and of one anchor of each operator where they are wanted. */
export function planBursts({ file, anchors, publicResolvers }: DemarcMap, near: Near, targets: Targets): void {
  if (file.bursts === 'none') return;
  const pace = { intervalMs: file.bursts.interval, gapMs: GAP_MS };
  const resolvers = [
    ...(near.resolver === null ? [] : [{ operator: 'own', address: near.resolver }]),
    ...publicResolvers,
  ];
  for (const { operator, address } of resolvers.filter(({ address: one }) => isInTheClear(one))) {
    targets.add('burst', `${operator}/${address}`, 'train', { server: address, name: file.resolverTest }, {}, pace);
  }
  if (!file.bursts.ping) return;
  const farEnds = anchors.filter(
    ({ operator }, index) => index === anchors.findIndex((one) => one.operator === operator),
  );
  const pinged = [...(near.gateway === null ? [] : [{ operator: 'gateway', address: near.gateway }]), ...farEnds];
  for (const { operator, address: host } of pinged) {
    targets.add('burst', `${operator}/ping-${host}`, 'ping', { host, count: PINGS }, {}, pace);
  }
  for (const { operator, address: host } of farEnds) {
    const bytes = net.isIPv6(host) ? FULL_PING.ipv6 : FULL_PING.ipv4;
    targets.add('path_mtu', `${operator}/${host}`, 'ping', { host, count: 2, bytes, whole: true }, {}, pace);
  }
}

export const isInTheClear = (address: string): boolean => parseServer(address)?.secured === undefined;
