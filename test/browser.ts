// The system's Chromium, driven headless with a fresh profile and no traffic of its own.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Wherever PATH has it. */
export function findChromium(): string {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => existsSync(file));
  if (found === undefined) throw new Error(`none of ${names.join(', ')} is in PATH`);
  return found;
}

export interface WindowOptions {
  javaScriptEnabled?: boolean;
  width?: number;
}

/** A browser of its own, with `profile` as its user data folder. */
export function openBrowser(
  profile: string,
  { javaScriptEnabled = true, width = 1280 }: WindowOptions = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    headless: true,
    args: FLAGS,
    javaScriptEnabled,
    viewport: { width, height: 740 },
  });
}

/** One browser for many windows, each of which is a stranger to the others. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS });
}
