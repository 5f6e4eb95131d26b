// The operator looks after people and devices on the page of a running gateway: adds somebody with a script for a name, gives
// them a link, which opens once, changes their role, shuts them out; gives a device another token and revokes it:
//   node people.mjs OPERATOR_LINK DEVICE [OUTDIR]
// DEVICE comes with a token. Prints the token that it was given. With OUTDIR pictures of it stay there. Exit code 0: all was as it must be.

import assert from 'node:assert/strict';

import { barriersOf } from './barriers.mjs';
import { startWalk } from './walk.mjs';

const [, , link, device, folder] = process.argv;
const { browser, faults, expect, visit, shoot } = await startWalk(folder);
const script = '<img src=x onerror=alert(1)>';

const page = await visit(link, { wait: '.users' });
const users = page.locator('.users');
const row = users.locator('[data-user="sun"]');

await users.getByRole('button', { name: '添加用户' }).click();
await users.getByRole('button', { name: '添加', exact: true }).click();
await users.getByText('请填写登录名').waitFor();
await users.getByLabel('登录名（字母、数字，以后不能改）').fill('zhao');
await users.getByRole('button', { name: '添加', exact: true }).click();
await users.getByText('这个登录名已经有人用了').waitFor();
expect(409);
await users.getByLabel('登录名（字母、数字，以后不能改）').fill('sun');
await users.getByLabel('姓名（只留在盒子里，不公开）').fill(script);
await users.getByLabel('代表哪一方').selectOption('contractor');
assert.deepEqual(await barriersOf(page), []);
await shoot(page, 'users-adding', '.users');
await users.getByRole('button', { name: '添加', exact: true }).click();
await row.locator('strong').getByText(script).waitFor();
assert.equal(await page.locator('img[src="x"]').count(), 0);

await row.getByRole('button', { name: '发登录链接' }).click();
const address = await users.locator('.seat-link').innerText();
const sun = await visit(address);
await sun.getByText('您好，').waitFor();
const late = await visit(address);
await late.getByText('登录链接已失效').waitFor();
assert.equal(await late.getByText('您好，').count(), 0, 'a link opens once');
expect(401);

await row.getByRole('button', { name: '修改' }).click();
await row.getByLabel('姓名（只留在盒子里，不公开）').fill('孙师傅');
await row.getByLabel('代表哪一方').selectOption('group');
await row.getByRole('button', { name: '保存' }).click();
await row.getByText('孙师傅').first().waitFor();
assert.match(await row.innerText(), /监督小组/);
await row.getByRole('button', { name: '停用' }).click();
await shoot(page, 'users-sure', '.users');
await row.locator('.sure').getByRole('button', { name: '停用', exact: true }).click();
await row.getByText('已停用').waitFor();
await sun.locator('.notice-lapsed').getByText('登录已失效').waitFor(); // told, though anybody may look at this site
await sun.reload();
await sun.waitForSelector('.seat-form');
assert.equal(await sun.getByText('您好，').count(), 0, 'who is shut out is out');
expect(401);

const last = users.locator('[data-user="zhao"]');
await last.getByRole('button', { name: '停用' }).click();
await last.locator('.sure').getByRole('button', { name: '停用', exact: true }).click();
await users.getByText('至少要留一位运维人员').waitFor();
expect(409);
await users.getByText('最近的登录和改动').click();
await users.getByText('停用了用户').first().waitFor();
await shoot(page, 'users', '.users');

const tokens = page.locator('.tokens');
const own = tokens.locator(`[data-token="${device}"]`);
await own.getByRole('button', { name: '换新口令' }).click();
await own.getByRole('button', { name: '先不动' }).click();
assert.ok(await own.getByRole('button', { name: '换新口令' }).evaluate((button) => button === document.activeElement), 'the focus is where it was');
await own.getByRole('button', { name: '换新口令' }).click();
await own.getByRole('button', { name: '是，换掉' }).click();
const token = await tokens.locator('.seat-link').innerText();
assert.deepEqual(await barriersOf(page), []);
await shoot(page, 'tokens', '.tokens');
await page.reload();
await tokens.getByText('有效').first().waitFor();
assert.doesNotMatch(await page.content(), new RegExp(token), 'a token is shown once');
assert.deepEqual(faults, []);
await browser.close();
console.log(token);
