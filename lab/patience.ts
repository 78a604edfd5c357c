// How long the servers of a world wait for each other. All of it is shorter than a prober's deadline, though some real ones
// wait longer: an answer after the deadline would teach nothing.

export interface Patience {
  /** An edge for an origin or a tunnel. */
  edgeMs: number;
  /** The tunnel daemon for an origin. */
  daemonMs: number;
  /** A resolver for each of two name servers; silence of all of them must leave time within a client's patience. */
  nameServerMs: number;
  /** An application for its resolver, and for the endpoint it needs. */
  lookUpMs: number;
  endpointMs: number;
  /** Until the daemon notices that its connections are gone, or has them back. */
  noticeMs: number;
}

const AT_REAL_SPEED: Patience = {
  edgeMs: 1_500,
  daemonMs: 1_000,
  nameServerMs: 400,
  lookUpMs: 1_500,
  endpointMs: 1_000,
  noticeMs: 500,
};

/** For a prober that is `speed` times as fast as usual. */
export function patienceAt(speed: number): Patience {
  const { edgeMs, daemonMs, nameServerMs, lookUpMs, endpointMs, noticeMs } = AT_REAL_SPEED;
  return {
    edgeMs: edgeMs / speed,
    daemonMs: daemonMs / speed,
    nameServerMs: nameServerMs / speed,
    lookUpMs: lookUpMs / speed,
    endpointMs: endpointMs / speed,
    noticeMs: noticeMs / speed,
  };
}
