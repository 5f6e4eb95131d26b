// A neighbour looks at the clocks of a running gateway, follows the link to the bulletin, and reads the same there, in both
// languages, without a script:
//   node bulletin.mjs ADDRESS ENTRY [OUTDIR]
// ENTRY: that of the record by which the preparation of the return was set going.
// With OUTDIR pictures of it stay there. Exit code 0: it says so.

import assert from 'node:assert/strict';

import { startWalk } from './walk.mjs';

const [, , address, entry, folder] = process.argv;
const { browser, faults, visit, shoot } = await startWalk(folder);
const page = await visit(address, { wait: '.clocks .clock' });

const clock = page.locator('.clock[data-rule="R13"]').first();
assert.match(await clock.innerText(), new RegExp(`现在该开始了[^]*已由记录第 ${entry} 条启动`));
assert.match(await page.locator('.clocks').innerText(), /这是草案，没有核实已经生效/);
await shoot(page, 'clocks', '.clocks');

await page.locator('.to-bulletin').click();
await page.waitForURL(/\/bulletin\?lang=zh$/);
const sheet = page.locator('main');
for (const told of [/这是草案/, /R13[^]*草案/, new RegExp(`已由记录第 ${entry} 条启动`)]) assert.match(await sheet.innerText(), told);
assert.equal(await page.locator('script').count(), 0);
await shoot(page, 'bulletin-zh', 'main');

await page.getByRole('link', { name: 'English' }).click();
await page.waitForURL(/lang=en/);
assert.match(await sheet.innerText(), new RegExp(`This is a draft[^]*Set going by entry ${entry} of the record`));
await shoot(page, 'bulletin-en', 'main');

assert.deepEqual(faults, []);
await browser.close();
