// EXAMPLE, to be changed to your needs: takes what demarc posts about failover, and runs one command of yours for it.
// It moves a service once, however often it is told to, and only while the second path is ready. Needs Node alone.
//
//   TOKEN_FILE=/etc/demarc/alerts/failover-token COMMAND=./dns-switch.sh node listener.mjs
//
// The command gets `failover` or `over` as its argument, and SITE, SERVICE, VENDOR, COMPONENT, LAYER and SINCE as variables.
import { spawn } from 'node:child_process';
import { timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const { PORT = '9816', HOST = '127.0.0.1', TOKEN_FILE = '', COMMAND = '' } = process.env;
const LARGEST_BODY = 16_384;
const COMMAND_LIMIT_MS = 60_000;

if (COMMAND === '' || TOKEN_FILE === '') {
  console.error('COMMAND and TOKEN_FILE must be set');
  process.exit(2);
}

const token = Buffer.from(`Bearer ${readFileSync(TOKEN_FILE, 'utf8').trim()}`);

/** Services that have been moved, by `site/service`. */
const moved = new Set();

/** One command at a time: two that change DNS at once undo each other. */
let last = Promise.resolve();

const isAllowed = (given = '') => {
  const bytes = Buffer.from(given);
  return bytes.length === token.length && timingSafeEqual(bytes, token);
};

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > LARGEST_BODY) throw new Error('too long');
  }
  return JSON.parse(text);
}

/** Resolves when the command has ended well; rejects otherwise, or after a minute. */
function run(event, { site, service, vendor, component, layer, since }) {
  return new Promise((resolve, reject) => {
    const about = { SITE: site, SERVICE: service, VENDOR: vendor, COMPONENT: component, LAYER: layer, SINCE: since };
    const env = { ...process.env };
    for (const [name, value] of Object.entries(about)) env[name] = String(value);
    const child = spawn(COMMAND, [event], { env, stdio: 'inherit', timeout: COMMAND_LIMIT_MS });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${COMMAND} ended with ${code}`))));
  });
}

/** What to do about a message, if anything. */
function wanted({ event, ready, site, service }) {
  const isMoved = moved.has(`${site}/${service}`);
  if (event === 'failover') return !isMoved && ready === true;
  return event === 'over' && isMoved;
}

async function act(message) {
  if (message.version !== 1) throw new Error(`version ${message.version} is not known`);
  if (!wanted(message)) return 'nothing to do';
  await run(message.event, message);
  const name = `${message.site}/${message.service}`;
  if (message.event === 'failover') moved.add(name);
  else moved.delete(name);
  return message.event;
}

http
  .createServer(async (request, response) => {
    if (!isAllowed(request.headers.authorization)) return response.writeHead(403).end();
    try {
      const message = await bodyOf(request);
      const turn = last.then(() => act(message));
      last = turn.catch(() => undefined);
      const done = await turn;
      console.log(`${message.site}/${message.service}: ${done}`);
      response.end(`${done}\n`);
    } catch (error) {
      console.error(error.message);
      // Alertmanager tries again after a 5xx, and does not after a 4xx.
      response.writeHead(error instanceof SyntaxError ? 400 : 500).end();
    }
  })
  .listen(Number(PORT), HOST, () => console.log(`listening on ${HOST}:${PORT}`));
