// docs/scenarios.md: how to write one, and everything that can be broken.
import { LAYERS } from '../../catalog/layers.ts';
import { fenced, page, table } from './markdown.ts';

/** What the page must know of a fault. The list is the lab's, which this folder may not import. */
export interface FaultText {
  target: string | null;
  share?: string;
  /** Why there is no share of it. */
  whole?: string;
  scopes?: readonly string[];
  help: string;
}

const INTRODUCTION = `# Scenarios

A scenario breaks things in a simulated world and says what demarc must, and must never, say about it. The world has real
sockets on loopback; faults are about things in the world (a line, a process, a record), never about signals. So the same
file plays against the verdict in process and against a real Prometheus.`;

/** The same of a world. */
export interface WorldText {
  name: string;
  services: readonly string[];
  vendors: readonly string[];
  tunnel: boolean;
}

/** What the lab can play in, and what happened to others that it plays. */
export interface LabText {
  worlds: readonly WorldText[];
  outages: readonly { date: string; who: string; what: string; scenario: string }[];
}

const STEPS = `## One in ten minutes

1. Copy the file of \`lab/scenarios/\` that is nearest to your outage. Editors that know JSON Schema help with
   \`# yaml-language-server: $schema=../scenario.schema.json\` as its first line.
2. Write comment lines at the top: what happened, and what misleads whoever looks at it. The game day shows them.
3. \`timeline\`: what breaks when. Time starts after a healthy warm-up. Give a break an end with \`until\`, or a name with
   \`as\` and heal it by that. Leave a fault in place for 60 seconds or more: the verdict is due within one minute.
4. \`expect\`: for each service, what must be said in a window. Start the window when the verdict is due, about 50 s after
   the break. Say also who must stay fine.
5. \`never\`: what may not be said at any time, by anybody. This is the part that catches a wrong table.
6. \`alert\` and \`forbid\`: which alert must be received, and which must not. Only the run with Prometheus reads them.
7. Play it. The exit code is 0 only if everything held; a mistake in the file is told with line, column and what would be
   right.`;

const KEYS = `## Keys

- \`id\`, \`title\`: the id is the file's name; the title says what breaks, in one line.
- \`world\`: one of those below. The line itself is the service \`uplink\`, everywhere.
- \`looksLike\`: of a failure of yours, the vendor it is easily taken for. Then something of yours must be expected, and that
  vendor be banned.
- \`noise\`: \`share\` (0.05 at most) and \`seed\`: of what is asked outside, so much gets no answer, by chance and the same each
  time. In a world of sockets what is lost is said on connections and in datagrams; connections are made, by the kernel.
- \`timeline[]\`: \`at\`, and either \`break: { kind, target, rate, ramp, delay, scope }\` with \`until\` or \`as\`, or \`heal\`.
- \`expect[]\`: \`service\`, \`from\`, \`to\`, and some of \`party\`, \`vendor\`, \`component\`, \`cause\`, \`row\`,
  \`confidence\` (low, medium, high: at least that). \`path\` names, from the cause to the effect, the links of the chain
  which the printed evidence must each show broken: ${LAYERS.join(', ')}, and service. \`visibleFrom\` says when anybody could see it first, where that is not
  the break.
- \`never[]\`: one or more of \`service\`, \`party\`, \`vendor\`, \`component\`, \`cause\`, \`row\`.
- \`vendors[]\`: \`vendor\`, \`component\`, \`from\`, \`to\`, \`status\` (ok, failing, partial, suspected, unknown), and if you like
  \`row\` and \`hits\`, the services whose verdict names it. What must be said of the vendor itself, also when no service
  is hit. A component that is named neither here nor in \`expect\` may never be called failing.
- \`alert\`, \`forbid[]\`: one or more of \`owner\` (self, isp, vendor, unknown, none), \`service\`, \`vendor\`, \`component\`.
- \`extend\`: what the world lacks. \`services[]\`: \`name\`, and \`edge\`, \`dns\` (\`commons\`, nobody you watch), \`certificate\`, \`tunneled\`,
  \`needs\`, \`tls\`, \`software\`, \`hosted\`, \`watched\` (from elsewhere), \`tells\` (of its parts), \`calls\` (what it needs)
  where they differ; \`vendors[]\`: \`vendor\`, any name, \`edge\`, \`dns\`, \`runsOn\`; \`endpoints[]\`: \`vendor\`, \`component\`, \`title\`, for services to need. Or what its
  map says otherwise: \`gateway: unknown\`, \`resolver: isp\`, \`proxy: house\`, \`revocation: list\`.
- \`history[]\`: \`vendor\`, \`component\`, \`control\`, \`seenOk\`. With it, even an empty one, there is no warm-up: what breaks at 0
  is broken when demarc starts, and its state file holds this and nothing else.
- Durations: \`500ms\`, \`50s\`, \`2m\`.`;

export function scenariosPage(
  faults: Readonly<Record<string, FaultText>>,
  { worlds, outages }: LabText,
  example: { file: string; text: string },
): string {
  return page(
    INTRODUCTION,
    STEPS,
    `<!-- not run: all: takes minutes; the replays play it -->\n${fenced(
      'sh',
      `node dist/cli/main.js replay ${example.file}\nnode dist/cli/main.js replay ${example.file} --speed 3`,
    )}`,
    KEYS,
    '## Worlds',
    table(
      ['world', 'services', 'vendors'],
      worlds.map(({ name, services, vendors }) => [`\`${name}\``, services.join('; '), vendors.join(', ')]),
    ),
    `## Faults

\`rate\` is the share that is hit, above 0 and up to 1: of the requests, of the places that are alike, of the seconds (by lot,
for each place by itself), of every second, or of every 20 seconds (rhythm). Where there is no share of it, the column says why
in brackets. \`ramp\` is how long that share takes to grow. \`scope\` limits a fault: by family to \`ip4\` or \`ip6\` (in a world that
is reached by both), by location to \`pop\`, the addresses that serve your hosts, by host to one of those behind the edge or the
proxy, by region to what a vendor runs there (then the target is the vendor). Left out, it hits \`everyone\`; a kind without a
scope hits one place, its target, or what everybody sees alike. \`delay\` is how long people wait, for the kinds that make them.
\`until\` and \`as\` go with every kind. What a kind does not take is refused, with the reason.

Several faults may hold at once, and each does its own. A \`history\` starts demarc into what is broken already; \`prober_killed\`
kills it amid a play.

Some faults befall those who watch. The machine's befall demarc, which then runs in a process of its own, so that nothing beside
it is late, and at the speed of life, which no machine outruns; the way to Prometheus and Prometheus itself are broken in one that this play has alone, and where nobody scrapes,
nothing happens. What is expected is the same on every engine: whoever is not heard (a dead demarc, rules that see nothing) says
nothing wrong, what was said last stands, and the timeline shows the silence. The run with Prometheus also demands that rules
which are cut off do fall silent within 20 s, and that a restart has nobody told of the same outage again. In the demo, where
demarc and the lab are one process, only those two are offered that it can end by itself. \`machine_out_of_files\` takes Linux's
\`prlimit\`.`,
    table(
      ['kind', 'target', 'rate', 'scope', 'what happens'],
      Object.entries(faults).map(([kind, { target, share, whole, scopes = [], help }]) => [
        `\`${kind}\``,
        target === null ? '' : `a ${target}`.replace(/^a (?=[aeiou])/, 'an '),
        share ?? `(${whole})`,
        scopes.join(', '),
        help,
      ]),
    ),
    `## Outages of record

Each is played by the file of that name in \`lab/scenarios/\`, with its misleading signs; what misled people stands at its top.`,
    table(
      ['day', 'whose', 'what', 'file'],
      outages.map(({ date, who, what, scenario }) => [date, who, what, `\`${scenario}\``]),
    ),
    `## Example\n\n\`${example.file}\`:`,
    fenced('yaml', example.text),
  );
}
