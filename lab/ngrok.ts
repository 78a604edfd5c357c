// How ngrok's edge words things: everything in the header ngrok-error-code. 3200 stands for an agent that is not there, 8012
// for one that is, whose application refused it: both are yours. https://ngrok.com/docs/errors/
import { type Answer, page } from './answer.ts';
import type { EdgeVoice } from './edge.ts';

function said(status: number, code: string, story: string): Answer {
  const headers = { 'ngrok-error-code': code, 'content-type': 'text/html; charset=utf-8' };
  return { status, headers, body: page(code, story) };
}

const offline = (): Answer => said(404, 'ERR_NGROK_3200', 'The endpoint is offline.');

export const NGROK: EdgeVoice = {
  own: () => null,
  unknownHost: offline,
  internalError: () => said(503, 'ERR_NGROK_5000', 'The edge could not do this. Please try again.'),
  overloaded: () => said(503, 'ERR_NGROK_5000', 'The edge could not do this. Please try again.'),
  tunnelDown: offline,
  originFailure: () => said(502, 'ERR_NGROK_8012', 'The agent was reached, and failed to connect to your application.'),
  originAnswer: (answer) => answer,
  copy: (answer) => answer,
  challenge: () => said(200, 'ERR_NGROK_6024', 'You are about to visit this site.'),
};
