// Outages of record, and the scenario that plays each: the page about scenarios lists them.

export interface Outage {
  /** The day it began, UTC. */
  date: string;
  who: string;
  /** What broke. */
  what: string;
  /** File that plays it, without its end. */
  scenario: string;
}

export const OUTAGES: readonly Outage[] = [
  { date: '2016-10-21', who: 'Dyn', what: 'name servers, by a flood', scenario: 'dyn-2016-10-21' },
  { date: '2019-06-02', who: 'Google Cloud', what: 'the network of a region', scenario: 'google-cloud-2019-06-02' },
  {
    date: '2019-07-02',
    who: 'Cloudflare',
    what: 'edge, by a pattern of its firewall',
    scenario: 'cloudflare-2019-07-02',
  },
  {
    date: '2020-07-17',
    who: 'Cloudflare',
    what: 'backbone: names, edge and resolver',
    scenario: 'cloudflare-2020-07-17',
  },
  { date: '2020-08-19', who: 'Spotify', what: 'own certificate of a backend', scenario: 'spotify-2020-08-19' },
  { date: '2021-03-10', who: 'OVH', what: 'a data centre, by fire', scenario: 'ovh-2021-03-10' },
  { date: '2021-06-08', who: 'Fastly', what: 'edge', scenario: 'fastly-2021-06-08' },
  { date: '2021-07-22', who: 'Akamai', what: 'Edge DNS', scenario: 'akamai-2021-07-22' },
  { date: '2021-09-30', who: "Let's Encrypt", what: 'a root ended, for old clients', scenario: 'dst-root-2021-09-30' },
  { date: '2021-09-30', who: 'Slack', what: 'signatures of its zone', scenario: 'slack-2021-09-30' },
  { date: '2021-10-04', who: 'Meta', what: 'name servers and backbone', scenario: 'facebook-2021-10-04' },
  { date: '2021-11-16', who: 'Google', what: 'load balancers: 404 for everybody', scenario: 'google-2021-11-16' },
  { date: '2021-12-07', who: 'AWS', what: 'APIs of us-east-1', scenario: 'aws-2021-12-07' },
  { date: '2021-12-15', who: 'PagerDuty', what: 'own DNS settings', scenario: 'pagerduty-2021-12-15' },
  { date: '2022-05-31', who: 'Megaphone', what: 'own certificate at a CDN', scenario: 'megaphone-2022-05-31' },
  { date: '2022-07-08', who: 'Rogers', what: 'the core of an ISP', scenario: 'rogers-2022-07-08' },
  { date: '2023-01-25', who: 'Azure', what: 'wide area network, in waves', scenario: 'azure-wan-2023-01-25' },
  { date: '2023-01-25', who: 'crates.io', what: 'own DNS record', scenario: 'crates-io-2023-01-25' },
  {
    date: '2023-10-25',
    who: 'Cloudflare',
    what: 'tunnels could not register',
    scenario: 'cloudflare-tunnel-2023-10-25',
  },
  { date: '2023-11-02', who: 'Cloudflare', what: 'control plane', scenario: 'cloudflare-control-plane-2023-11-02' },
  { date: '2024-07-19', who: 'CrowdStrike', what: 'Windows hosts', scenario: 'crowdstrike-2024-07-19' },
  {
    date: '2024-11-14',
    who: 'Cloudflare',
    what: 'logs: nothing to see, nothing to say',
    scenario: 'cloudflare-logs-2024-11-14',
  },
  { date: '2024-12-09', who: 'itch.io', what: "a registrar's hold", scenario: 'registrar-hold' },
  { date: '2025-04-16', who: 'zoom.us', what: "a registry's hold", scenario: 'registry-hold' },
  { date: '2025-04-28', who: 'Iberia', what: 'the grid', scenario: 'iberia-2025-04-28' },
  {
    date: '2025-06-12',
    who: 'Google Cloud',
    what: 'the check before every API call',
    scenario: 'google-cloud-2025-06-12',
  },
  { date: '2025-06-12', who: 'Cloudflare', what: 'Workers KV and Access', scenario: 'cloudflare-2025-06-12' },
  { date: '2025-07-14', who: 'Cloudflare', what: '1.1.1.1', scenario: 'resolver-2025-07-14' },
  { date: '2025-10-20', who: 'AWS', what: "DynamoDB's name in us-east-1", scenario: 'aws-2025-10-20' },
  { date: '2025-10-29', who: 'Azure', what: 'Front Door', scenario: 'azure-front-door-2025-10-29' },
  { date: '2025-11-18', who: 'Cloudflare', what: 'core proxy', scenario: 'cloudflare-2025-11-18' },
  { date: '2025-11-18', who: 'a tunnel', what: 'own daemon, after the all-clear of that day', scenario: 'news-bias' },
  { date: '2025-12-05', who: 'Cloudflare', what: 'proxy, for some sites', scenario: 'cloudflare-2025-12-05' },
  { date: '2026-05-05', who: 'DENIC', what: 'signatures of .de', scenario: 'denic-2026-05-05' },
];
