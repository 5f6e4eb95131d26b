// A visitor of a running gateway, which goes away meanwhile:
//   node away.mjs LINK
// Says `kept` when the page is kept on the device; goes on when a line comes, by which time nobody
// answers any more. Exit code 0: the page opened all the same, and said how old it is.

import assert from 'node:assert/strict';
import { once } from 'node:events';

import { launch } from './browser.mjs';

const [, , link] = process.argv;
const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })).newPage();
page.setDefaultTimeout(60_000);
await page.goto(link);
await page.waitForSelector('main .building');
await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
await page.reload();
await page.waitForSelector('.fresh-live');
await page.waitForFunction(() => caches.match('/api/v1/site').then((found) => found !== undefined));
const sentence = await page.locator('main .sentence').first().innerText();

console.log('kept');
await once(process.stdin, 'data');
process.stdin.destroy();
await page.reload();
await page.locator('.notice-away').getByText('不是现在的').waitFor();
assert.equal(await page.locator('main .sentence').first().innerText(), sentence);
assert.equal(await page.locator('.fresh-live').count(), 0);
await browser.close();
