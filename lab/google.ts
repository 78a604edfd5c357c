// How Google's load balancer words things: 502 with one sentence for a backend it could not get an answer from, and its own 404
// for what its map of names does not know, whether that map is wrong by you or, as on 2021-11-16, by Google.
import type { Answer } from './answer.ts';
import type { EdgeContext, EdgeVoice } from './edge.ts';

const VIA = { via: '1.1 google' };

const HTML = { 'content-type': 'text/html; charset=UTF-8', 'referrer-policy': 'no-referrer' };

function styled(status: number, title: string, story: string): Answer {
  const body = `<!DOCTYPE html>
<html lang=en><meta charset=utf-8><title>Error ${status} (${title})!!1</title>
<p><b>${status}.</b> <ins>That's an error.</ins>
<p>${story} <ins>That's all we know.</ins>
`;
  return { status, headers: { ...HTML, ...VIA }, body };
}

const notFound = ({ path }: EdgeContext): Answer =>
  styled(404, 'Not Found', `The requested URL <code>${encodeURI(path)}</code> was not found on this server.`);

function backendFailed(): Answer {
  const story =
    'The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.';
  return styled(502, 'Server Error', story);
}

export const GOOGLE: EdgeVoice = {
  own: () => null,
  unknownHost: notFound,
  internalError: notFound,
  overloaded: backendFailed,
  tunnelDown: backendFailed,
  originFailure: backendFailed,
  originAnswer: (answer) => ({ ...answer, headers: { ...answer.headers, ...VIA } }),
  copy: (answer) => ({ ...answer, headers: { ...answer.headers, ...VIA, age: '30' } }),
  challenge: () => styled(403, 'Forbidden', 'Our systems have detected unusual traffic from your computer network.'),
};
