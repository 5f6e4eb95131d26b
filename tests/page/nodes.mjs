// The operator brings firmware to two nodes on the page of a running gateway:
//   node nodes.mjs OPERATOR_LINK IMAGE [OUTDIR]
// With OUTDIR pictures of it stay there. Exit code 0: all was as it must be.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './browser.mjs';

const [, , link, image, folder] = process.argv;
const browser = await launch();
const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN', reducedMotion: 'reduce' });
const page = await context.newPage();
page.setDefaultTimeout(90_000);
const faults = [];
page.on('console', (message) => {
  if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
});
page.on('pageerror', (error) => faults.push(String(error)));

async function shoot(name) {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    await page.setViewportSize({ width, height });
    await page.locator('.nodes').screenshot({ path: join(folder, `${name}-${width}x${height}.png`) });
  }
}

await page.goto(link);
const card = page.locator('.nodes');
const begin = card.getByRole('button', { name: '开始升级' });
await begin.waitFor();
assert.ok(await begin.isDisabled(), 'there is no image yet');
await shoot('nodes-none');
await card.locator('input[type=file]').setInputFiles(image);
await card.getByText('已收下').waitFor();
assert.equal(await card.locator('input[type=checkbox]:checked').count(), 2);
await shoot('nodes-ready');
await begin.click();
await card.getByRole('button', { name: '停止升级' }).waitFor();
await card.locator('li[data-step=begun]').first().waitFor();
await shoot('nodes-running');
await card.getByText('全部升好了').waitFor();
assert.equal(await card.locator('li[data-step=confirmed]').count(), 2);
await card.getByText('正在运行版本 1.1.0 · ').nth(1).waitFor();
await shoot('nodes-done');
assert.deepEqual(faults, []);
await browser.close();
console.log('the operator brought firmware to two nodes');
