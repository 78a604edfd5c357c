// What the page about scenarios must know of the lab: the shape of a file, who is in which world, and what is played.
import { OUTAGES } from './outages.ts';
import { scenarioSchema } from './scenario-file.ts';
import { hasTunnel, type World } from './world.ts';
import { WORLDS } from './worlds.ts';

function servicesOf({ services, tunnel }: World): string[] {
  return services.map(({ name, edge, tunneled, needs }) => {
    const parts = [
      edge === null ? 'no edge' : `edge ${edge}`,
      ...(tunneled ? [`tunnel ${tunnel.vendor}`] : []),
      ...(needs === null ? [] : [`needs ${needs}`]),
    ];
    return `${name} (${parts.join(', ')})`;
  });
}

export const SCENARIO_TEXTS = {
  schema: scenarioSchema(),
  outages: OUTAGES,
  worlds: [...WORLDS.values()].map((world) => ({
    name: world.name,
    services: servicesOf(world),
    vendors: world.statusPages.map(({ vendor }) => vendor),
    tunnel: hasTunnel(world),
  })),
};
