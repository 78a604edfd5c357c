// What is the same for everybody: what each verdict means and asks for.
import type * as text from '@grafana/grafana-foundation-sdk/text';
import { STATUS_PAGE } from '../alerts/alerts.ts';
import { TABLE } from '../verdict/table.ts';
import { PARTY } from './colours.ts';
import { textPanel } from './panels.ts';

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
