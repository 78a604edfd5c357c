// Runs in a container of its own: all there is at the other end of a cable. A router, anchors of three operators, a resolver
// and a web site, as plain sockets on one address.
import dgram from 'node:dgram';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';

const { decode, encode } = createRequire('/app/package.json')('dns-packet');

const HOST = '0.0.0.0';
for (const port of [8000, 8001, 8002, 8003]) net.createServer((socket) => socket.end()).listen(port, HOST);
http.createServer((_request, response) => response.end('Welcome')).listen(8080, HOST);

const dns = dgram.createSocket('udp4');
dns.on('message', (message, { address, port }) => {
  const { id, questions } = decode(message);
  const answers = questions.map(({ name }) => ({ type: 'A', name, ttl: 60, data: '192.0.2.1' }));
  dns.send(encode({ type: 'response', id, flags: 384, questions, answers }), port, address);
});
dns.bind(5300, HOST);
process.once('SIGTERM', () => process.exit());
