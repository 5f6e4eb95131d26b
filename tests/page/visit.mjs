// One browser for the tests of a file, and a visit to the page in it.

import { after, before } from 'node:test';

import { launch } from './browser.mjs';
import { startStandIn } from './stand_in.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

const phone = { width: 390, height: 844 };
const patience = 60_000; // a busy build machine is no fault of the page

/// Opens the page and watches it: what it logs, what its policy forbids, whom it asks. `open`: anybody may look.
export async function visit(t, scene, { url = 'viewerUrl', viewport = phone, wait = '.building', open = false } = {}) {
  const standIn = await startStandIn({ scene, open });
  const context = await browser.newContext({ viewport, locale: 'zh-CN', reducedMotion: 'reduce' });
  t.after(async () => {
    await context.close();
    await standIn.stop();
  });
  const seen = { faults: [], elsewhere: [] };
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.setDefaultNavigationTimeout(patience);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') seen.faults.push(message.text());
  });
  page.on('pageerror', (error) => seen.faults.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(`${standIn.url}/`)) seen.elsewhere.push(request.url());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(standIn[url]);
  if (wait !== null) await page.waitForSelector(wait);
  return { standIn, page, seen };
}
