// A visitor who checks the record of a running gateway, and again after its key was changed:
//   node key_change.mjs LINK FINGERPRINT
// Says `checked`, then goes on when a line with the new fingerprint comes. Exit code 0: the browser followed the change
// by itself, keeps the new key, and still holds today's record against that of the first visit.

import assert from 'node:assert/strict';
import { once } from 'node:events';

import { launch } from './browser.mjs';

const [, , link, fingerprint] = process.argv;
const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })).newPage();
page.setDefaultTimeout(60_000);
const check = page.locator('.check');
const verdict = async () => {
  await check.getByRole('button', { name: '现在核对' }).click();
  return check.locator('[data-verdict]').getAttribute('data-verdict');
};

await page.goto(link);
await check.getByLabel('公告栏上的公钥指纹').fill(fingerprint);
await check.getByRole('button', { name: '记住这个指纹' }).click();
assert.equal(await verdict(), 'good');
assert.equal(await check.locator('[data-rotated]').count(), 0);

console.log('checked');
const [line] = await once(process.stdin, 'data');
process.stdin.destroy();
const fresh = String(line).trim();
assert.notEqual(fresh, fingerprint);
await page.reload();
assert.equal(await verdict(), 'good');
assert.ok((await check.locator('[data-rotated]').innerText()).includes(fresh), 'the change is said, with the new fingerprint');
assert.match(await check.locator('[data-verdict]').innerText(), /上次/, 'held against the first visit');
assert.equal((await check.locator('.check-known code').innerText()).trim(), fresh, 'the new one is kept');
await browser.close();
