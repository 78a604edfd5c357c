// Error codes of Node's network calls and the reason each stands for. `local`: our machine could not even ask.
import type { Reason } from '../catalog/reasons.ts';

export const REASON_OF_ERRNO: Readonly<Record<string, Reason>> = {
  ABORT_ERR: 'timeout',
  ECONNREFUSED: 'connect_refused',
  ECONNRESET: 'connect_reset',
  EPIPE: 'connect_reset',
  ECONNABORTED: 'connect_reset',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EACCES: 'local',
  EPERM: 'local',
  EADDRNOTAVAIL: 'local',
  EADDRINUSE: 'local',
  EAFNOSUPPORT: 'local',
  // A link-local address without its interface, or an interface that has just gone.
  EINVAL: 'local',
  ENODEV: 'local',
  EMFILE: 'local',
  ENFILE: 'local',
  ENOBUFS: 'local',
  ENOMEM: 'local',
  ERR_STREAM_PREMATURE_CLOSE: 'connect_reset',
  HPE_HEADER_OVERFLOW: 'http_too_large',
};
