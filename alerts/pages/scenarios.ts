// docs/scenarios.md: how to write one, and everything that can be broken.
import { fenced, page, table } from './markdown.ts';

/** What the page must know of a fault. The list is the lab's, which this folder may not import. */
export interface FaultText {
  target: string | null;
  rated: boolean;
  help: string;
}

const INTRODUCTION = `# Scenarios

A scenario breaks things in a simulated world and says what demarc must, and must never, say about it. The world has real
sockets on loopback; faults are about things in the world (a line, a process, a record), never about signals. So the same
file plays against the verdict in process and against a real Prometheus.`;

const STEPS = `## One in ten minutes

1. Copy the file of \`lab/scenarios/\` that is nearest to your outage.
2. Write two comment lines at the top: what happened, and what misleads whoever looks at it.
3. \`timeline\`: what breaks when. Time starts after a healthy warm-up. Give a break a name with \`as\`, and heal it by it.
   Leave a fault in place for 60 seconds or more: the verdict is due within one minute.
4. \`expect\`: for each service, what must be said in a window. Start the window when the verdict is due, about 50 s after
   the break. Say also who must stay fine.
5. \`never\`: what may not be said at any time, by anybody. This is the part that catches a wrong table.
6. \`alert\` and \`forbid\`: which alert must be received, and which must not. Only the run with Prometheus reads them.
7. Play it. The exit code is 0 only if everything held.`;

const KEYS = `## Keys

- \`id\`, \`title\`: the id is the file's name; the title says what breaks, in one line.
- \`world\`: \`homelab\`. Its services are \`blog\` (tunnel and Cloudflare), \`shop\` (Fastly) and \`orders\` (needs DynamoDB), and
  the line itself is \`uplink\`. Others are in \`lab/worlds/\`: \`company\`, and \`cabin\`, which leans on no vendor.
- \`timeline[]\`: \`at\`, and either \`break: { kind, target, rate }\` with \`as\`, or \`heal\`. In order of time.
- \`expect[]\`: \`service\`, \`from\`, \`to\`, and some of \`party\`, \`vendor\`, \`component\`, \`cause\`, \`row\`.
- \`never[]\`: one or more of \`service\`, \`party\`, \`vendor\`, \`component\`, \`cause\`, \`row\`.
- \`vendors[]\`: \`vendor\`, \`component\`, \`from\`, \`to\`, \`status\` (ok, failing, partial, suspected, unknown), and if you like
  \`row\` and \`hits\`, the services whose verdict names it. What must be said of the vendor itself, also when no service
  is hit. A component that is named neither here nor in \`expect\` may never be called failing.
- \`alert\`, \`forbid[]\`: one or more of \`owner\` (self, isp, vendor, unknown, none), \`service\`, \`vendor\`, \`component\`.
- Durations: \`500ms\`, \`50s\`, \`2m\`.`;

export function scenariosPage(
  faults: Readonly<Record<string, FaultText>>,
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
    `## Faults

\`rate\` is the share of requests that is hit, above 0 and up to 1.`,
    table(
      ['kind', 'target', 'rate', 'what happens'],
      Object.entries(faults).map(([kind, { target, rated, help }]) => [
        `\`${kind}\``,
        target === null ? '' : `a ${target}`.replace(/^a (?=[aeiou])/, 'an '),
        rated ? 'yes' : '',
        help,
      ]),
    ),
    `## Example\n\n\`${example.file}\`:`,
    fenced('yaml', example.text),
  );
}
