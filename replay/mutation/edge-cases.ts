// What the rows about what lies between edge, cache and origin must say; each case with its reason.
import { type Case, fails } from './case.ts';

const AT_ODDS = { edge_delivers: 0, origin_answer: 1 } as const;

export const EDGE_CASES: readonly Case[] = [
  fails('an edge that gets nothing from an origin that is well', AT_ODDS, 'edge_cannot_reach_origin'),
  fails('only an origin that is well is out of reach', { edge_delivers: 0 }, 'unexplained'),
  fails('only what the edge says is between them', { origin_answer: 1, edge_delivers: -1 }, 'unexplained'),
  fails('nobody is asked over a line in doubt', { ...AT_ODDS, uplink: -1 }, 'uplink_unproven'),
  fails('nor over none', { ...AT_ODDS, uplink: 0, gateway: -1, beyond_uplink: 0 }, 'unexplained'),
  fails('between the two lies the tunnel, where there is one', { ...AT_ODDS, tunnel_ready: 1 }, 'tunnel_not_carrying'),
  fails('a tunnel in doubt is not said to be up', { ...AT_ODDS, tunnel_ready: -1 }, 'edge_cannot_reach_origin'),
  fails('a tunnel carries if nobody says otherwise', { origin_answer: 1, tunnel_ready: 1 }, 'unexplained'),
  fails('nor is it the tunnel if the origin is not well', { edge_delivers: 0, tunnel_ready: 1 }, 'unexplained'),
  fails('a tunnel is seen over the line', { ...AT_ODDS, tunnel_ready: 1, uplink: -1 }, 'uplink_unproven'),
  fails(
    'nor over none either',
    { ...AT_ODDS, tunnel_ready: 1, uplink: 0, gateway: -1, beyond_uplink: 0 },
    'unexplained',
  ),
  {
    why: 'a challenge shows nothing of the service',
    states: { service: -1, data: 1, prober_welcome: 0 },
    row: 'prober_turned_away',
  },
  {
    why: 'a proxy of yours in the way shows nothing of the service',
    states: { service: -1, data: 1, forward_proxy: 0, forward_proxy_own: 1, gateway: 1 },
    row: 'forward_proxy_down',
  },
  {
    why: 'a challenge came through the proxy, so that it is nearer to what users get',
    states: { service: -1, data: 1, prober_welcome: 0, forward_proxy: 0, forward_proxy_own: 1 },
    row: 'prober_turned_away',
  },
  {
    why: 'behind a dead router there is no proxy to repair',
    states: { service: -1, data: 1, forward_proxy: 0, forward_proxy_own: 1, gateway: 0 },
    row: 'no_result',
  },
  {
    why: 'where no router is known the proxy is still in the way',
    states: { service: -1, data: 1, forward_proxy: 0, forward_proxy_own: 1, gateway: -1 },
    row: 'forward_proxy_down',
  },
  {
    why: 'the proxy of somebody else is not yours',
    states: { service: -1, data: 1, forward_proxy: 0, forward_proxy_own: 0 },
    row: 'no_result',
  },
  {
    why: 'nor one of nobody knows whom',
    states: { service: -1, data: 1, forward_proxy: 0, forward_proxy_own: -1 },
    row: 'no_result',
  },
  {
    why: 'a proxy that is not judged is not called broken',
    states: { service: -1, data: 1, forward_proxy: -1, forward_proxy_own: 1 },
    row: 'no_result',
  },
  fails('a failure that was seen is one, proxy or not', { forward_proxy: 0, forward_proxy_own: 1 }, 'unexplained'),
  fails('a failure that was seen is one, challenge or not', { prober_welcome: 0 }, 'unexplained'),
  { why: 'copies hide a dead origin', states: { service: 1, origin_behind_cache: 0 }, row: 'origin_down_behind_cache' },
  { why: 'a cache before a living one hides nothing', states: { service: 1, origin_behind_cache: 1 }, row: 'fine' },
  { why: 'what is not known to be hidden is not', states: { service: 1, origin_behind_cache: -1 }, row: 'fine' },
  {
    why: 'whoever asks no list is served with what was taken back',
    states: { service: 1, edge_certificate_stands: 0 },
    row: 'certificate_revoked',
  },
  {
    why: 'a dead origin is more urgent than what some browsers refuse',
    states: { service: 1, origin_behind_cache: 0, edge_certificate_stands: 0 },
    row: 'origin_down_behind_cache',
  },
  { why: 'what stands is fine', states: { service: 1, edge_certificate_stands: 1 }, row: 'fine' },
  { why: 'what nobody says anything of is fine', states: { service: 1, edge_certificate_stands: -1 }, row: 'fine' },
  fails('no list keeps a service from answering', { edge_certificate_stands: 0 }, 'unexplained'),
  fails('copies that fail hide nothing', { origin_behind_cache: 0 }, 'unexplained'),
];
