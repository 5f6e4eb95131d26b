// Takes the page's picture as a telephone and a desk show it:
//   node shoot.mjs URL OUTDIR [NAME]
// URL is any running gateway's, with the viewer or sign-in token if it needs one.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './browser.mjs';

const [, , url, folder, name = 'page'] = process.argv;
if (url === undefined || folder === undefined) {
  console.error('usage: node shoot.mjs URL OUTDIR [NAME]');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const browser = await launch();
let state;
for (const [width, height] of [
  [390, 844],
  [1440, 900],
]) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 1,
    colorScheme: process.env.JIEDING_DARK === undefined ? 'light' : 'dark',
    reducedMotion: 'reduce',
    ...(state === undefined ? {} : { storageState: state }),
  });
  const page = await context.newPage();
  // A one-time link works once; afterwards its cookie does.
  const bare = new URL(url);
  if (state !== undefined) bare.search = '';
  await page.goto(String(bare));
  await page.waitForSelector('.building, .gate', { timeout: 90_000 });
  await page.waitForSelector('.curve', { timeout: 3_000 }).catch(() => undefined);
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all(
      [...document.images].map((image) => image.decode().catch(() => undefined)),
    );
    await document.fonts.ready;
  });
  await page.waitForTimeout(300);
  const path = join(folder, `${name}-${width}x${height}.png`);
  await page.screenshot({ path, fullPage: true });
  console.log(path);
  state = await context.storageState();
  await context.close();
}
await browser.close();
