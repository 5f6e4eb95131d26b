// A visitor of a mirror, whose box goes away meanwhile:
//   node mirror.mjs ADDRESS FINGERPRINT [OUTDIR]
// Says `checked` when all of the page is there and the record was verified; goes on when a line comes, by which time
// the box has been away for hours. Exit code 0: all holds.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './browser.mjs';

const [, , address, fingerprint, folder] = process.argv;
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN', reducedMotion: 'reduce' });
const page = await context.newPage();
page.setDefaultTimeout(60_000);
const faults = [];
const asked = new Set();
page.on('console', (message) => {
  if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
});
page.on('pageerror', (error) => faults.push(String(error)));
page.on('request', (request) => asked.add(`${request.method()} ${new URL(request.url()).pathname}`));

async function shoot(name) {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(folder, `${name}-${width}x${height}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 390, height: 844 });
}

// A link with a token, as people may have kept one: it is of no use here, and leaves the address.
await page.goto(`${address}?viewer=abc`);
await page.locator('main .building .sentence').waitFor();
assert.equal(new URL(page.url()).search, '');
await page.locator('[data-notice="mirror"]').getByText('这是镜像页面').waitFor();
const drawn = () => [...document.querySelectorAll('main .building img')].some((image) => image.complete && image.naturalWidth > 0);
await page.waitForFunction(drawn);
await page.getByText('本页放在另一个网站上').waitFor();
assert.equal(await page.locator('form:not(.check form), [type=password], .sign-in').count(), 0, 'no form but that for the fingerprint');

const check = page.locator('.check');
await check.getByLabel('公告栏上的公钥指纹').fill(fingerprint);
await check.locator('button[type=submit]').click();
await check.getByRole('button', { name: '现在核对' }).click();
assert.equal(await check.locator('[data-verdict]').getAttribute('data-verdict'), 'good');
assert.equal(await check.locator('[data-verdict] li').count(), 3, 'signature, leaf, first visit');

const { pathname } = new URL(address);
const elsewhere = [...asked].filter((one) => !one.startsWith(`GET ${pathname}`));
assert.deepEqual(elsewhere, [], 'nothing but files beside the page is asked for');
assert.deepEqual(faults, []);
await shoot('mirror-zh');
await page.getByRole('button', { name: 'English' }).click();
await page.getByText('This is a mirror').waitFor();
await shoot('mirror-en');
await page.getByRole('button', { name: '中文' }).click();

await page.getByRole('link', { name: '帮助' }).click();
await page.waitForURL(`${address}help/zh.html`);
assert.ok(await page.evaluate(() => document.styleSheets.length > 0), 'the help page has its look');
await page.getByRole('link', { name: '回到工地进度' }).click();
await page.locator('[data-notice="mirror"]').waitFor();

// Without a script one is sent to the page that needs none.
const bare = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN', javaScriptEnabled: false })).newPage();
bare.on('response', (answer) => assert.ok(answer.status() < 400, `${answer.url()} is not there`));
await bare.goto(address);
await bare.waitForURL(`${address}plain.html`);
const told = () => bare.locator('main').locator('xpath=preceding-sibling::noscript').textContent();
assert.match(await told(), /这是镜像页面/);
assert.ok(await bare.locator('.facade').isVisible());
const source = await bare.locator('.building img').first().evaluate((image) => image.currentSrc || image.src);
assert.ok(source.startsWith(`${address}api/v1/evidence/`), source);
if (folder !== undefined) await bare.screenshot({ path: join(folder, 'mirror-plain.png'), fullPage: true });
await bare.getByRole('link', { name: 'English' }).click();
await bare.waitForURL(`${address}plain.en.html`);
assert.match(await told(), /This is a mirror/);
await bare.getByRole('link', { name: 'Help' }).click();
await bare.waitForURL(`${address}help/en.html`);

console.log('checked');
await once(process.stdin, 'data');
process.stdin.destroy();
await page.reload();
await page.locator('.notice-away').getByText('3 小时前').waitFor();
await page.waitForFunction(drawn);
assert.deepEqual(faults, []);
await shoot('mirror-away');
await browser.close();
