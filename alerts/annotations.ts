// What alerts say, as templates of Prometheus. They are rendered for every alert at every evaluation: what follows from
// the row is written out, and only what cannot follow from it is asked for, one series at a time.
import type { OWNER_OF_PARTY, Party } from '../catalog/parties.ts';
import type { Row } from '../verdict/row.ts';
import { isUnmeasured } from '../verdict/unmeasured.ts';
import { evidenceOf } from './evidence.ts';
import { STATUS_PAGE } from './links.ts';

export type Owner = (typeof OWNER_OF_PARTY)[Party];

export type Annotations = Record<string, string>;

/** The name as a sentence begins with it. `uplink` is the service that is built in. */
const NAME = '{{ if eq $labels.service "uplink" }}Your uplink{{ else }}{{ $labels.service }}{{ end }}';

/** `Cloudflare's edge`; by their ids where the exporter knows no titles. */
export const ACCUSED = [
  '{{ $titles := query (printf `demarc_vendor_info{site=%q,vendor=%q,component=%q}`',
  ' $labels.site (or $labels.vendor "") (or $labels.component "")) }}',
  "{{ with $titles }}{{ with first . }}{{ .Labels.vendor_title }}'s {{ .Labels.component_title }}{{ end }}",
  '{{ else }}{{ or $labels.vendor "the vendor" }}\'s {{ or $labels.component $labels.layer }}{{ end }}',
].join('');

/** The value of an alert is how long its failure has lasted. */
export const LASTED = '{{ humanizeDuration $value }}';

/** The value 1 stands for a beginning nobody knows. */
export const SINCE = [
  '{{ if gt $value 1.0 }}{{ with query (printf "time() - %f" $value) }}',
  '{{ reReplaceAll "([.][0-9]+)? [+]0000 UTC$" " UTC" (. | first | value | humanizeTimestamp) }}{{ end }}{{ end }}',
].join('');

const USERS_PROBE = '{site=%q,service=%q,role="service"}` $labels.site $labels.service';

/** What a user got: a status, or a reason and where it ended. Both come from closed lists. */
const SYMPTOM = [
  `{{ with query (printf \`demarc_probe_failure_info${USERS_PROBE}) }}{{ with first . }}`,
  '{{ if ne .Labels.reason "http_status" }}{{ reReplaceAll "_" " " .Labels.reason }}',
  '{{ with .Labels.phase }} during {{ . }}{{ end }}',
  `{{ else }}{{ range query (printf \`probe_http_status_code${USERS_PROBE}) }}HTTP {{ .Value }}{{ end }}{{ end }}`,
  '{{ end }}{{ end }}',
].join('');

/** The text of the row an alert carries; rows that say the same share a branch. */
export function byRow<R extends { id: string }>(rows: readonly R[], textOf: (row: R) => string): string {
  const texts = [...new Set(rows.map(textOf))];
  if (texts.length === 1) return texts.join();
  const branches = texts.map((text) => {
    const ids = rows.filter((row) => textOf(row) === text).map(({ id }) => `"${id}"`);
    return `if eq $labels.row ${ids.join(' ')} }}${text}`;
  });
  return `{{ ${branches.join('{{ else ')}{{ end }}`;
}

/** What `why` says of the second path; nothing where the map names none. */
const FAILOVER = [
  '{{ range query (printf `demarc_failover_ready{site=%q,service=%q}` $labels.site $labels.service) }}',
  '{{ if eq .Value 1.0 }}yes{{ else if eq .Value 0.0 }}no{{ else }}unknown{{ end }}{{ end }}',
].join('');

interface Words {
  /** After `[blog] `. */
  title: string;
  /** After `blog is down`, as the page says it. */
  blames: string;
}

const WORDS: Record<Exclude<Owner, 'none'>, Words> = {
  vendor: { title: `${ACCUSED}, not you`, blames: `, and it is ${ACCUSED}, not you` },
  self: { title: 'yours: {{ $labels.cause }}', blames: ', and it is yours: {{ $labels.cause }}' },
  isp: { title: 'your ISP: {{ $labels.cause }}', blames: ', and it is your ISP: {{ $labels.cause }}' },
  unknown: {
    title: 'nobody is proven guilty: {{ $labels.cause }}',
    blames: ', and nobody can be blamed yet: {{ $labels.cause }}',
  },
};

/** The title of such an alert, for whoever knows already what Prometheus would fill in. */
export function titleOf(owner: Exclude<Owner, 'none'>, accused: string, cause: string): string {
  return WORDS[owner].title.replaceAll(ACCUSED, accused).replaceAll('{{ $labels.cause }}', cause);
}

/** Where nothing gets out, every user gets the same nothing. */
const tellsSymptom = (rows: readonly Row[]): boolean =>
  rows.some(({ layer }) => layer !== 'lan' && layer !== 'uplink' && layer !== 'resolver');

/** Annotations of an alert about these rows. Once it is over, what they said last stays. */
export function failureAnnotations(owner: Exclude<Owner, 'none'>, rows: readonly Row[], summary: string): Annotations {
  const { title, blames } = WORDS[owner];
  const description = byRow(rows, ({ id, cause }) =>
    isUnmeasured(id) ? `Nothing is known about {{ $labels.service }}: ${cause}.` : `${NAME} is down${blames}.`,
  );
  return {
    summary,
    description,
    title,
    since: SINCE,
    ...(tellsSymptom(rows) ? { symptom: SYMPTOM } : {}),
    lasted: LASTED,
    evidence: byRow(rows, evidenceOf),
    action: byRow(rows, ({ action }) => action),
    ...(owner === 'vendor' ? { failover: FAILOVER } : {}),
    runbook_url: `${STATUS_PAGE}/runbooks/{{ $labels.row }}`,
  };
}

/** Annotations of the alert that tells of an outage after the fact. Its value is how long it lasted. */
export function overAnnotations(summary: string): Annotations {
  const whose =
    '{{ if eq $labels.owner "isp" }}your ISP: {{ else if eq $labels.owner "self" }}yours: {{ end }}{{ $labels.cause }}';
  const end = '{{ if eq $labels.service "uplink" }}It is back{{ else }}It works again{{ end }}';
  return {
    summary,
    description: `${NAME} was down for ${LASTED}: ${whose}. ${end}.`,
    title: `back after ${LASTED}`,
    runbook_url: `${STATUS_PAGE}/runbooks/{{ $labels.row }}`,
  };
}

/** Annotations of the alert that programs read. Its value is when the failure began, Unix seconds. */
export function failoverAnnotations(alert: string, summary: string): Annotations {
  return {
    ...selfAnnotations(alert, summary, `{{ $labels.service }} at {{ $labels.site }} is down for want of ${ACCUSED}.`),
    since: '{{ printf "%.0f" $value }}',
    failover: FAILOVER,
  };
}

/** Annotations of an alert about demarc itself, whose runbook is named after the alert. */
export function selfAnnotations(alert: string, summary: string, description: string): Annotations {
  const page = alert.replace(/^Demarc/, '').replaceAll(/(?<=.)[A-Z]/g, '_$&');
  return { summary, description, runbook_url: `${STATUS_PAGE}/runbooks/${page.toLowerCase()}` };
}
