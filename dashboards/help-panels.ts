// What is the same for everybody: what each verdict means and asks for, and where vendors speak for themselves.
import type * as text from '@grafana/grafana-foundation-sdk/text';
import { STATUS_PAGE } from '../alerts/alerts.ts';
import { loadCatalogue } from '../map/vendors.ts';
import { TABLE } from '../verdict/table.ts';
import { PARTY } from './colours.ts';
import { textPanel } from './panels.ts';

export function statusPagesPanel(): text.PanelBuilder {
  const titled = {
    title: 'What the vendors say',
    description: 'Links to the status pages of the vendors of the catalogue.',
    span: 12,
    height: 8,
  };
  const pages = [...loadCatalogue().values()].flatMap(({ title, status }) =>
    status?.page === undefined ? [] : [`- [${title}](${status.page})`],
  );
  const lines = ['Status pages are late and polite: they never decide a verdict here.', '', ...pages];
  return textPanel(titled, lines.join('\n'));
}

export function meaningsPanel(): text.PanelBuilder {
  const titled = {
    title: 'Every verdict and what to do',
    description: 'The decision table, in the order in which it is read.',
    span: 24,
    height: 20,
  };
  const lines = TABLE.map(
    ({ id, party, cause, action }) =>
      `| [${cause}](${STATUS_PAGE}/runbooks/${id}) | ${PARTY[party].text} | ${action} |`,
  );
  return textPanel(titled, ['| Verdict | Whose | What to do |', '| --- | --- | --- |', ...lines].join('\n'));
}
