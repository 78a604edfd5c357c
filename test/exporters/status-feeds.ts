// One feed of each format as the vendors write them, with something wrong in it. Shapes after captures of 2026.

export const STATUSPAGE = {
  page: { id: 'kctbh9vrtdwd', name: 'GitHub', url: 'https://www.githubstatus.com' },
  status: { indicator: 'major', description: 'Partial System Outage' },
  components: [
    { id: 'a', name: 'API Requests', status: 'degraded_performance', group: false },
    { id: 'b', name: 'Pages', status: 'operational', group: false },
    { id: 'c', name: 'Git', status: 'on_strike', group: false },
    { id: 'd', name: 'Edge', status: 'under_maintenance', group: false },
    { id: 'e', name: 'Edge', status: 'partial_outage', group: false },
  ],
  incidents: [
    {
      id: '8zc63m64hy36',
      name: '<script>alert(1)</script> @everyone',
      status: 'investigating',
      impact: 'critical',
      started_at: '2026-09-23T10:00:00.000Z',
      created_at: '2026-09-23T10:11:12.836Z',
    },
    { id: 'over', status: 'resolved', impact: 'major', started_at: '2026-09-23T12:00:00Z', created_at: null },
    { id: 'older', status: 'monitoring', impact: 'minor', started_at: '2026-09-22T10:00:00Z', created_at: null },
  ],
  scheduled_maintenances: [],
};

export const AWS = [
  {
    date: '1772369485',
    arn: 'arn:aws:health:me-central-1::event/MULTIPLE_SERVICES/AWS_MULTIPLE_SERVICES_OPERATIONAL_ISSUE/X_1',
    region_name: 'UAE',
    status: '3',
    service: 'multipleservices-me-central-1',
    service_name: 'Multiple services',
    summary: 'Region Availability',
    event_log: [
      { summary: 'Disruption', message: 'later', status: 3, timestamp: 1772373085 },
      { summary: 'Increased Error Rates', message: 'We are investigating.', status: 1, timestamp: 1772369785 },
    ],
    impacted_services: {
      's3-me-central-1': { service_name: 'Amazon S3', current: '2', max: '3' },
    },
  },
  {
    date: '1772369400',
    arn: 'arn:aws:health:::event/IAM/AWS_IAM_OPERATIONAL_ISSUE/X_2',
    region_name: 'Global',
    status: '1',
    service: 'iam',
    service_name: 'AWS IAM',
    event_log: [],
  },
  { date: '1772360000', arn: 'arn:aws:health:eu-west-1::event/EC2/E/X_3', status: '0', service: 'ec2-eu-west-1' },
];

export const GOOGLE = [
  {
    id: 'B5V4MfnVp97nxoTYbxdX',
    begin: '2026-09-18T05:00:00+00:00',
    end: null,
    created: '2026-09-18T08:33:00+00:00',
    external_desc: '**Title:** words',
    severity: 'medium',
    status_impact: 'SERVICE_DISRUPTION',
    service_name: 'Multiple Products',
    affected_products: [{ title: 'Cloud DNS', id: 'fPovtKbaWN9UTepMm3kJ' }],
    currently_affected_locations: [{ title: 'Iowa (us-central1)', id: 'us-central1' }],
    most_recent_update: { status: 'SERVICE_DISRUPTION' },
  },
  {
    id: 'recovered',
    begin: '2026-09-17T05:00:00+00:00',
    status_impact: 'SERVICE_OUTAGE',
    most_recent_update: { status: 'AVAILABLE' },
    affected_products: [{ title: 'Cloud CDN', id: 'cdn' }],
  },
  { id: 'over', begin: '2026-09-01T14:44:00+00:00', end: '2026-09-01T18:52:00+00:00', status_impact: 'SERVICE_OUTAGE' },
];

export const STATUSIO = {
  result: {
    status_overall: { updated: '2026-09-23T16:49:49.455Z', status: 'Degraded Performance', status_code: 300 },
    status: [
      {
        id: '5a89',
        name: 'acme-v02.api.letsencrypt.org',
        status: 'Degraded Performance',
        status_code: 300,
        containers: [{ id: '5a8a', name: 'High Assurance Datacenter 1', status_code: 500 }],
      },
      { id: '5a8b', name: 'Portal', status_code: 600, containers: [] },
    ],
    incidents: [{ _id: '61ae', name: 'Slow issuance', datetime_open: '2026-09-23T16:40:00.000Z', messages: [] }],
    maintenance: { active: [], upcoming: [] },
  },
};

export const INSTATUS = {
  page: { name: 'Instatus', url: 'https://instat.us', status: 'HASISSUES' },
  activeIncidents: [
    {
      name: 'We are facing an issue with our API',
      started: 'Sat Jun 11 2022 18:55:50 GMT+0000 (Coordinated Universal Time)',
      status: 'INVESTIGATING',
      impact: 'MAJOROUTAGE',
      url: 'https://instat.us/incident/cl4a8n3070821qtmzvts760c4',
    },
  ],
  activeMaintenances: [{ name: 'Database maintenance', status: 'NOTSTARTEDYET' }],
};

export const BETTERSTACK = {
  data: { id: '133002', type: 'status_page', attributes: { company_name: 'Quad9', aggregate_state: 'downtime' } },
  included: [
    { type: 'status_page_section', id: '1', attributes: { name: 'Resolvers', position: 0 } },
    { type: 'status_page_resource', id: '2', attributes: { public_name: 'dns.quad9.net ', status: 'downtime' } },
    { type: 'status_page_resource', id: '3', attributes: { public_name: 'Website', status: 'not_monitored' } },
    {
      type: 'status_report',
      id: '1050825',
      attributes: {
        report_type: 'manual',
        starts_at: '2026-09-04T13:50:00.000Z',
        ends_at: null,
        aggregate_state: 'resolved',
      },
    },
    {
      type: 'status_report',
      id: '1050826',
      attributes: { report_type: 'automatic', starts_at: '2026-09-05T13:50:00.000Z', aggregate_state: 'downtime' },
    },
    { type: 'status_report', id: '7', attributes: { report_type: 'maintenance', aggregate_state: 'maintenance' } },
  ],
};

export const AZURE_CALM = `<?xml version="1.0" encoding="utf-8"?>
<rss xmlns:a10="http://www.w3.org/2005/Atom" version="2.0"><channel>
  <title>Azure Status</title>
  <link>https://azure.status.microsoft/en-us/status/</link>
  <lastBuildDate>Wed, 23 Sep 2026 15:42:00 Z</lastBuildDate>
</channel></rss>`;

export const AZURE = AZURE_CALM.replace(
  '</channel>',
  `<item>
    <title>Front Door &amp; CDN &#8211; connectivity issues</title>
    <description><![CDATA[<p>Impact</p><script>alert(1)</script>]]></description>
    <pubDate>Thu, 09 Oct 2026 08:10:00 Z</pubDate>
    <guid isPermaLink="false">YKYN-BWZ @everyone</guid>
  </item></channel>`,
);

export const RSS = `<rss version="2.0"><channel><title>Fastly Status</title>
<item><title>[RESOLVED] Elevated errors</title><guid>one</guid><pubDate>Mon, 07 Sep 2026 08:42:00 PDT</pubDate></item>
<item><title>Service disruption: FRA</title><link>https://x.test/two</link><pubDate>Tue, 08 Sep 2026 08:42:00 PDT</pubDate></item>
</channel></rss>`;

export const ATOM = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Hetzner -->
<feed xmlns="http://www.w3.org/2005/Atom"><title>Hetzner Status</title>
<entry><id>tag:status.hetzner.com,2026:1</id><title>Fault report</title><updated>2026-09-08T10:00:00+02:00</updated></entry>
<entry><id>tag:status.hetzner.com,2026:2</id><title>Router</title><published>2026-09-09T10:00:00Z</published></entry>
</feed>`;
