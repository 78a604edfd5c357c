// Every edge's own way of wording things.
import { AZURE } from './azure.ts';
import { CLOUDFLARE } from './cloudflare.ts';
import type { EdgeVoice } from './edge.ts';
import { FASTLY } from './fastly.ts';
import type { EdgeVendor } from './world.ts';

export const VOICES: Readonly<Record<EdgeVendor, EdgeVoice>> = { azure: AZURE, cloudflare: CLOUDFLARE, fastly: FASTLY };
