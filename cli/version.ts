// The version in package.json, the only place it is written.
import { readFileSync } from 'node:fs';
import { projectFile } from '../catalog/root.ts';

export function version(): string {
  return String(JSON.parse(readFileSync(projectFile('package.json'), 'utf8')).version);
}
