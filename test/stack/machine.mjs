// Runs in a container that stands for a machine without internet: a lab on its loopback, a map of it for the stack beside it,
// an inbox for alerts, and a door through which a test outside breaks the lab and reads what listens on loopback only.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { startLab } from '/app/dist/lab/start.js';

const DOOR = 9816;
const MAX_BODY = 1_048_576;

const lab = await startLab();
const inbox = [];

writeFileSync('/config/ca.pem', lab.ca);
// The map comes last: who finds it, finds everything it names.
writeFileSync(
  '/config/demarc.yaml',
  `${lab.map.replace(/\S+\.pem/, 'ca.pem')}
notify:
  receivers: { test: { kind: webhook, url: 'http://127.0.0.1:${DOOR}/inbox' } }
`,
);

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).subarray(0, MAX_BODY);
}

/** Passes a request on to something on this machine's loopback. */
async function pass(to, request, response) {
  const body = await bodyOf(request);
  const answer = await fetch(to, {
    method: request.method,
    signal: AbortSignal.timeout(10_000),
    ...(body.length > 0 ? { body, headers: { 'content-type': 'application/json' } } : {}),
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

async function answer(request, response) {
  const [, place, ...rest] = request.url.split('/');
  if (place === 'lab') return pass(`${lab.api}/${rest.join('/')}`, request, response);
  if (/^\d+$/.test(place)) return pass(`http://127.0.0.1:${place}/${rest.join('/')}`, request, response);
  if (place === 'inbox' && request.method === 'POST') inbox.push(JSON.parse(await bodyOf(request)));
  response.end(JSON.stringify(inbox));
}

http
  .createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(502).end(String(error.cause ?? error)));
  })
  .listen(DOOR, '0.0.0.0');
process.once('SIGTERM', () => process.exit());
