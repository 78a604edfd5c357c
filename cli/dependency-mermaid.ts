// The dependency picture as Mermaid text, for documents that draw it themselves.
import { GROUPS, groupOf, type Picture } from './dependency-picture.ts';

/** Mermaid takes its own marks out of quoted labels by entities; a quote or a line break would end the label. */
function label(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').replace(/[#"<>&`;]/g, (char) => `#${char.codePointAt(0)};`);
}

const STYLES = [
  'classDef own fill:#fdeaea,stroke:#b8242a,color:#1b1f24',
  'classDef isp fill:#fdf0df,stroke:#9a4b00,color:#1b1f24',
  'classDef vendor fill:#f1eafc,stroke:#6b35b5,color:#1b1f24',
  'classDef service fill:#f0f0ec,stroke:#59626d,color:#1b1f24',
];

export function mermaidOf({ services, elements }: Picture): string {
  const serviceIds = new Map(services.map((name, index) => [name, `s${index}`]));
  const lines = ['flowchart LR'];
  lines.push('  subgraph services["Services"]');
  for (const [name, id] of serviceIds) lines.push(`    ${id}["${label(name)}"]:::service`);
  lines.push('  end');
  const ids = new Map(elements.map((element, index) => [element, `e${index}`]));
  for (const [group, title] of Object.entries(GROUPS)) {
    const own = elements.filter((element) => groupOf(element) === group);
    if (own.length === 0) continue;
    lines.push(`  subgraph ${group}s["${title}"]`);
    for (const element of own)
      lines.push(
        `    ${ids.get(element)}["${label(`${element.title} (${element.services.length} of ${services.length})`)}"]:::${group}`,
      );
    lines.push('  end');
  }
  for (const element of elements)
    for (const name of element.services) lines.push(`  ${serviceIds.get(name)} --> ${ids.get(element)}`);
  return `${[...lines, ...STYLES.map((style) => `  ${style}`)].join('\n')}\n`;
}
