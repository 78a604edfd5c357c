// Windows of one browser for the tests of one file, and everything their consoles complained about.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchBrowser } from '../browser.ts';

export interface Window {
  page: Page;
  /** What the console said; a page that is well says nothing. */
  complaints: string[];
}

export interface WindowOptions extends Pick<BrowserContextOptions, 'javaScriptEnabled' | 'colorScheme' | 'bypassCSP'> {
  width?: number;
  height?: number;
}

/** Gives a function that opens a window of its own; the windows of a test are closed after it. */
export function browserWindows(): (options?: WindowOptions) => Promise<Window> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(() => browser.close());
  return async ({ width = 1280, height = 740, ...options } = {}) => {
    const context = await browser.newContext({ ...options, viewport: { width, height } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('pageerror', (error) => void complaints.push(error.message));
    return { page, complaints };
  };
}
