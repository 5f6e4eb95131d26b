// The operator brings firmware to two nodes on the page of a running gateway, after two files that no node may take, and then
// finds that they do not take an image with a lower security counter:
//   node nodes.mjs OPERATOR_LINK IMAGE LOWER_COUNTER OTHER_BOARD TORN [OUTDIR]
// With OUTDIR pictures of it stay there. Exit code 0: all was as it must be.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './browser.mjs';

const [, , link, image, lower, otherBoard, torn, folder] = process.argv;
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
const handIn = (file) => card.locator('input[type=file]').setInputFiles(file);
/// Said in the language of the page, without a word of the box's own line.
async function refused(pattern) {
  const told = card.locator('.result-bad').filter({ hasText: pattern });
  await told.waitFor();
  assert.doesNotMatch(await told.innerText(), /[a-z]{3}/i);
  faults.splice(0, faults.length, ...faults.filter((fault) => !/status of 4(00|09)/.test(fault)));
}
await handIn(otherBoard);
await refused(/另一种传感器/);
await shoot('nodes-refused');
await handIn(torn);
await refused(/不是能用的升级程序/);
await handIn(image);
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
await handIn(lower);
await card.getByText('已收下').waitFor();
await begin.click();
await refused(/^塔吊顶风速仪：.*安全计数/);
assert.deepEqual(faults, []);
await browser.close();
console.log('the operator brought firmware to two nodes');
