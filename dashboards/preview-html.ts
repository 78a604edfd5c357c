// The little the preview needs of HTML: escaped text, and Grafana's colours by name.

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const NAMED: Readonly<Record<string, string>> = {
  green: '#73bf69',
  red: '#f2495c',
  blue: '#5794f2',
  purple: '#b877d9',
  orange: '#ff9830',
  'dark-yellow': '#e0b400',
  text: 'var(--quiet)',
};

/** A colour of Grafana's palette as CSS. */
export function css(colour: string): string {
  return NAMED[colour] ?? colour;
}

/** For lines without a colour of their own, in this order. */
const CLASSIC = [
  '#7eb26d',
  '#eab839',
  '#6ed0e0',
  '#ef843c',
  '#e24d42',
  '#1f78c1',
  '#ba43a9',
  '#705da0',
  '#508642',
  '#cca300',
];

export function classic(index: number): string {
  return CLASSIC[index % CLASSIC.length] ?? 'gray';
}

/** The few marks our text panels use: bullets, links, code, and tables. */
export function fromMarkdown(text: string): string {
  const inline = (part: string): string =>
    escaped(part)
      .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
      .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '<a>$1</a>');
  const lines = text.split('\n').map((line) => {
    if (/^\|[ -|]+\|$/.test(line) && line.includes('---')) return '';
    if (line.startsWith('|')) {
      const cells = line.slice(1, -1).split('|');
      return `<tr>${cells.map((cell) => `<td>${inline(cell.trim())}</td>`).join('')}</tr>`;
    }
    if (line.startsWith('- ')) return `<div>• ${inline(line.slice(2))}</div>`;
    return `<p>${inline(line)}</p>`;
  });
  const body = lines.join('');
  return text.includes('\n| ---') ? `<table>${body}</table>` : body;
}
