// The page of the dependency picture.
import { dependencyPicture } from './dependency-picture.ts';
import { html } from './html.ts';
import { type PageInput, pageBody } from './page.ts';
import { shell } from './shell.ts';
import { iconOf } from './tone.ts';

export function dependencyPage(input: PageInput): string {
  const { monitor } = input;
  const picture = dependencyPicture(monitor.verdicts(), monitor.signals(), monitor.plan());
  const main = html`<section class="services" aria-labelledby="title"><h1 id="title">What leans on what</h1>
<p class="quiet">From left to right as a request goes. A thing drawn once over several rows is one thing: all of them fall with it.</p>
${picture}</section>`;
  return shell({
    title: 'What leans on what - demarc',
    icon: iconOf('nodata'),
    head: null,
    body: pageBody(main, input),
    styles: ['tokens', 'page', 'service', 'picture'],
  });
}
