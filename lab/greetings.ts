// How a port that serves no web answers whoever connects: as the program would that usually listens there.
import type { Socket } from 'node:net';

/** Takes a connection and says nothing until the other side ends it. */
export function hold(socket: Socket): void {
  socket.resume();
  socket.on('end', () => socket.end());
}

/** RFC 4253, section 4.2: the server speaks first. */
export function greetAsSsh(socket: Socket): void {
  hold(socket);
  socket.write('SSH-2.0-OpenSSH_9.2p1\r\n');
}

/** Of an X.224 connection request: a TPKT header of version 3, then the code of the request in the sixth byte. */
const TPKT_VERSION = 3;
const CONNECTION_REQUEST = 0xe0;
/** X.224 connection confirm with an RDP negotiation response that chooses CredSSP ([MS-RDPBCGR], section 2.2.1.2). */
const CONNECTION_CONFIRM = Buffer.from('030000130ed000001234000200080002000000', 'hex');

/** Remote Desktop: the client speaks first, and what is no request for a connection ends it. */
export function answerAsRdp(socket: Socket): void {
  socket.on('end', () => socket.end());
  socket.once('data', (request) => {
    if (request[0] === TPKT_VERSION && request[5] === CONNECTION_REQUEST) socket.write(CONNECTION_CONFIRM);
    else socket.end();
  });
}
