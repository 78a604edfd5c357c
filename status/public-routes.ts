// The public page's own routes, below /public/ and on a port of their own: they know no other page, and no link leads out.
import express, { type RequestHandler } from 'express';
import { projectFile } from '../catalog/root.ts';
import type { Public } from '../map/public.ts';
import { badge } from './badge.ts';
import { daysOf, keptWork } from './days.ts';
import { boundedRequest, refuse, secureHeaders } from './gate.ts';
import { NO_MAINTENANCE } from './maintenance.ts';
import { sendBadge } from './page-routes.ts';
import { PUBLIC_STYLES, type PublicInput, publicBadge, publicFeed, publicPage } from './public.ts';
import { FEED_NAMES, sendFeed, sendPage } from './send.ts';
import type { StatusAppOptions } from './server.ts';

/** Badges are made to be shown on other people's pages. */
const shownElsewhere: RequestHandler = (_request, response, next) => {
  response.set('cross-origin-resource-policy', 'cross-origin');
  next();
};

/** As if they were not there while the map has no `public`. */
export function publicRoutes(options: StatusAppOptions): express.Router {
  const {
    monitor,
    journal = () => null,
    now = Date.now,
    publicView = () => null,
    maintenance = NO_MAINTENANCE,
  } = options;
  const router = express.Router({ strict: true });
  const history = () => journal()?.history() ?? [];
  const days = keptWork(history, now, daysOf);
  const inputOf = (view: Public): PublicInput => ({
    view,
    verdicts: monitor().verdicts(),
    history: history(),
    days: days(),
    maintenanceUntil: (service) => maintenance.present().get(service)?.to ?? null,
    now: now(),
  });
  const withView =
    (answer: (input: PublicInput, ...args: Parameters<RequestHandler>) => void): RequestHandler =>
    (request, response, next) => {
      const view = publicView();
      if (view === null) return next();
      answer(inputOf(view), request, response, next);
    };

  router.get(
    '/',
    withView((input, request, response) => {
      // Without the slash at the end, its relative links would lead elsewhere.
      if (!request.originalUrl.split('?')[0]?.endsWith('/'))
        return response.redirect(301, `${request.baseUrl.slice(1)}/`);
      sendPage(request, response, publicPage(input));
    }),
  );
  for (const format of FEED_NAMES) {
    router.get(
      `/feed.${format}`,
      withView((input, request, response) => sendFeed(request, response, publicFeed(input), format)),
    );
  }
  router.get(
    '/badge/:name.svg',
    shownElsewhere,
    withView((input, request, response, next) => {
      const said = publicBadge(String(request.params.name), input);
      if (said === null) return next();
      sendBadge(response, badge(said.name, said.word, said.tone));
    }),
  );
  for (const style of [...PUBLIC_STYLES, 'print']) {
    router.get(
      `/assets/${style}.css`,
      withView((_input, _request, response) => response.sendFile(projectFile(`status/assets/${style}.css`))),
    );
  }
  return router;
}

/** The server of the public port. It has no other page, and takes nothing in. */
export function createPublicApp(options: StatusAppOptions): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(secureHeaders, boundedRequest, publicRoutes(options));
  app.use((request, response) => refuse(response, request.method === 'GET' || request.method === 'HEAD' ? 404 : 405));
  return app;
}
