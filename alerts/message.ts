// The messages people read, as templates of Alertmanager: one for every kind of receiver, all from the same two texts.
// A template cannot hand its text to another, so each one puts the texts together in variables and escapes them whole.
import { STATUS_PAGE } from './links.ts';

/** More alerts of one group than these are only counted. */
const SHOWN = 6;

/** Puts the alerts that count into `$alerts`, and the one to speak of first into `$main`: the line before what needs it. */
const SUBJECT = `{{- $firing := eq .Status "firing" }}{{ $alerts := .Alerts }}{{ if $firing }}{{ $alerts = .Alerts.Firing }}{{ end }}
{{- $main := index $alerts 0 }}
{{- range $alerts }}{{ if eq .Labels.service "uplink" }}{{ $main = . }}{{ end }}{{ end }}`;

/** \`[blog +2] Cloudflare's edge, not you\`. */
const TITLE = `${SUBJECT}
{{- $name := or $main.Labels.service $main.Labels.site "demarc" }}
{{- $what := or $main.Annotations.title $main.Annotations.summary $main.Labels.alertname }}
{{- $more := "" }}{{ if gt (len $alerts) 1 }}{{ $more = printf " +%d" (len (slice $alerts 1)) }}{{ end }}
{{- $title := printf "[%s%s] %s" $name $more $what }}{{ if not $firing }}{{ $title = printf "Over: %s" $title }}{{ end }}`;

/** Adds a line to `$text` if the template `value` yields one. */
const line = (value: string, format = '%s'): string =>
  `{{- with ${value} }}{{ $text = printf "%s\\n${format}" $text . }}{{ end }}`;

/** What happened, since when, on what evidence, what to do, and what else is in the group. */
const TEXT = `${SUBJECT}
{{- $text := or $main.Annotations.description $main.Annotations.summary $main.Labels.alertname }}
{{- $since := or $main.Annotations.since ($main.StartsAt.UTC.Format "2006-01-02 15:04:05 UTC") }}
{{- $text = printf "%s\\nSince %s" $text $since }}
${line('$main.Labels.site', ' at %s').replace('\\n', '')}
${line('$main.Annotations.symptom', ': %s').replace('\\n', '')}
{{- if not $firing }}
{{- $lasted := or $main.Annotations.lasted (humanizeDuration ($main.EndsAt.Sub $main.StartsAt).Seconds) }}
{{- $text = printf "%s\\nThis is over. It lasted %s." $text $lasted }}
{{- else }}
${line('$main.Annotations.evidence')}
${line('$main.Annotations.failover', 'Failover ready: %s')}
${line('$main.Annotations.action', 'Do: %s')}
{{- end }}
{{- range $index, $alert := $alerts }}{{ if and (lt $index ${SHOWN}) (ne $alert.Fingerprint $main.Fingerprint) }}
${line('or $alert.Annotations.description $alert.Annotations.summary $alert.Labels.alertname', 'Also: %s')}
{{- end }}{{ end }}
{{- if gt (len $alerts) ${SHOWN} }}{{ $text = printf "%s\\nAnd %d more." $text (len (slice $alerts ${SHOWN})) }}{{ end }}`;

/** The runbook, at the status page as the reader reaches it. Nothing but a URL survives. */
const link = (page: string): string => `${SUBJECT}
{{- $link := reReplaceAll "[^A-Za-z0-9:/._?=&#%~-]" "" (or $main.Annotations.runbook_url "${STATUS_PAGE}/") }}
{{- $link = reReplaceAll "^${STATUS_PAGE.replaceAll('.', '[.]')}" "${page}" $link }}`;

/** What a sink needs done to text from elsewhere, as a pipeline. */
const ESCAPE = {
  none: '',
  // https://api.slack.com/reference/surfaces/formatting#escaping
  slack: ' | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"',
  // A backslash makes Markdown and mentions plain text.
  discord: ' | reReplaceAll "([\\\\\\\\*_~`|<>@#\\\\[\\\\]])" "\\\\$1"',
} as const;

/**
 * Alertmanager reads every value of a payload once more, as YAML, and what happens to be some is text no longer. Nothing in
 * YAML begins with a tab, so what does stays as it is.
 */
const NOT_YAML = '{{ "\\t" }}';

/** `$text` and `$title` in one template must not look for the subject twice. */
const withoutSubject = (part: string): string => part.slice(SUBJECT.length).trimStart();

function define(name: string, body: string): string {
  return `{{ define "demarc.${name}" -}}\n${body}\n{{- end }}\n`;
}

/** The file `demarc.tmpl`. `page` is where links lead. */
export function messageTemplates(page: string = STATUS_PAGE): string {
  const address = page.replace(/\/$/, '');
  const all = [TITLE, withoutSubject(TEXT), withoutSubject(link(address))].join('\n');
  const critical = 'eq $main.Labels.severity "critical"';
  return [
    define('title', `${TITLE}\n{{- $title }}`),
    define('text', `${TEXT}\n${link(address).slice(SUBJECT.length)}\n{{- $text }}\n{{ $link }}`),
    define('link', `${link(address)}\n{{- $link }}`),
    define('payload.title', `${TITLE}\n{{- "" }}${NOT_YAML}{{ $title }}`),
    define('payload.text', `${TEXT}\n{{- "" }}${NOT_YAML}{{ $text }}`),
    define('slack.title', `${TITLE}\n{{- $title${ESCAPE.slack} }}`),
    define('slack.text', `${TEXT}\n{{- $text${ESCAPE.slack} }}`),
    define('discord.title', `${TITLE}\n{{- $title${ESCAPE.discord} }}`),
    define('discord.text', `${all}\n{{- $text${ESCAPE.discord} }}\n{{ $link }}`),
    // Rendered by html/template, which escapes.
    define('telegram.text', `${all}\n{{- "" }}<b>{{ $title }}</b>\n{{ $text }}\n{{ $link }}`),
    define(
      'email.html',
      `${all}\n{{- "" }}<h3>{{ $title }}</h3><p style="white-space: pre-line">{{ $text }}</p><p><a href="{{ $link }}">{{ $link }}</a></p>`,
    ),
    define('colour', `${SUBJECT}\n{{- if not $firing }}good{{ else if ${critical} }}danger{{ else }}warning{{ end }}`),
    define('severity', `${SUBJECT}\n{{- if ${critical} }}critical{{ else }}warning{{ end }}`),
    define('ntfy.priority', `${SUBJECT}\n{{- if not $firing }}3{{ else if ${critical} }}5{{ else }}4{{ end }}`),
    define('ntfy.tag', '{{ if eq .Status "firing" }}rotating_light{{ else }}white_check_mark{{ end }}'),
    define('gotify.priority', `${SUBJECT}\n{{- if not $firing }}2{{ else if ${critical} }}8{{ else }}5{{ end }}`),
    define('pushover.priority', `${SUBJECT}\n{{- if not $firing }}-1{{ else if ${critical} }}1{{ else }}0{{ end }}`),
  ].join('\n');
}
