// The supervisor's whole way through the page of a running gateway, on a telephone: in by a one-time link,
// look, confirm, dispute with a script in the comment, set a password, out, in by password, end the other seat,
// check the record against the fingerprint of the ledger's key, twice:
//   node supervisor.mjs LINK SECOND_LINK FINGERPRINT [OUTDIR]
// The milestones zero_level (to confirm) and topping_out (to dispute) of building b1 must be there.
// With OUTDIR pictures of it stay there. Exit code 0: it went all the way.

import assert from 'node:assert/strict';

import { barriersOf } from './barriers.mjs';
import { startWalk } from './walk.mjs';

const [, , link, secondLink, fingerprint, folder] = process.argv;
const password = '我家的阳台朝南有三盆花';
const { browser, faults, expect, visit: open, shoot } = await startWalk(folder);
const visit = (address) => open(address, { wait: '.building' });

const row = (page, kind) => page.locator(`.row[data-milestone="${kind}"]`).first();

const page = await visit(link);
assert.doesNotMatch(page.url(), /signin/, 'the token leaves the address bar');
await page.getByRole('heading', { name: '等您处理' }).waitFor();
assert.equal(await page.locator('.waiting li').count(), 2, await page.locator('.waiting').innerText());
assert.deepEqual(await barriersOf(page), []);
await shoot(page, 'waiting', '.waiting');

const zero = row(page, 'zero_level');
await zero.getByRole('button', { name: '确认', exact: true }).click();
await zero.getByRole('button', { name: '确认并写进记录' }).click();
await page.waitForSelector('.row[data-milestone="zero_level"][data-status="confirmed"]');

const topping = row(page, 'topping_out');
await topping.getByRole('button', { name: '有异议' }).click();
await topping.getByLabel('请写明哪里不对').fill('<script>alert(1)</script><img src=x onerror=alert(2)>');
await topping.getByRole('button', { name: '提交异议' }).click();
await page.waitForSelector('.row[data-milestone="topping_out"][data-status="disputed"]');
assert.equal(await page.locator('img[src="x"]').count(), 0);
assert.match(await page.locator('.devices').innerText(), /<img src=x onerror=alert\(3\)>/, 'a device name stays a name');

const other = await visit(secondLink);
await page.getByText('我的登录').click();
const seat = page.locator('.seat-card');
await seat.getByLabel('设密码（至少 10 个字）').fill('太短');
await seat.getByRole('button', { name: '保存密码' }).click();
await seat.getByText('没有写进去').waitFor();
expect(400);
await seat.getByLabel('设密码（至少 10 个字）').fill(password);
await seat.getByRole('button', { name: '保存密码' }).click();
await seat.getByText('其他设备已退出').last().waitFor();
await shoot(page, 'seat', '.seat-card');

// The other telephone is out: what it sends is refused with words.
await row(other, 'zero_level').getByRole('button', { name: '有异议' }).click();
await row(other, 'zero_level').getByLabel('请写明哪里不对').fill('晚了');
await row(other, 'zero_level').getByRole('button', { name: '提交异议' }).click();
await row(other, 'zero_level').getByText('登录已失效').waitFor();
await other.close(); // it would ask on who it is
expect(401);

await page.getByRole('button', { name: '退出登录' }).click();
const form = page.locator('.seat-form').first();
await form.getByLabel('登录名').fill('wang');
await form.getByLabel('密码').fill('不是这一句，猜错了的');
await form.getByRole('button', { name: '登录' }).click();
await form.getByText('登录名或密码不对').waitFor();
assert.deepEqual(await barriersOf(page), []);
await shoot(page, 'sign-in', '.seat-form');
await form.getByLabel('密码').fill(password);
await form.getByRole('button', { name: '登录' }).click();
await page.getByText('您好，').waitFor();
expect(401);

const check = page.locator('.check');
await check.getByLabel('公告栏上的公钥指纹').fill(fingerprint);
await check.getByRole('button', { name: '记住这个指纹' }).click();
for (const next of ['第一次核对', '原样都在']) {
  await check.getByRole('button', { name: '现在核对' }).click();
  await check.locator('[data-verdict="good"]').getByText(next).waitFor();
  await check.getByText('内容和本页显示的一样').waitFor();
}
assert.deepEqual(await barriersOf(page), []);
await shoot(page, 'check', '.ledger');
assert.deepEqual(faults, []);
await browser.close();
console.log('the supervisor went the whole way');
