// Three people of the supervision group have the page of a running gateway open while their time runs out:
//   node expiry.mjs PASSWORD LINK LINK LATE_LINK [OUTDIR]
// Says `written` when two of them wrote something; goes on when a line with a fresh link comes, by which time every session and
// LATE_LINK have ended. The first signs in again by password, the second by the fresh link in another window; both send what they
// wrote, and a picture that did not come meanwhile comes. The milestones topping_out (to dispute) and zero_level (to confirm) of building b1 must be there.
// With OUTDIR pictures of it stay there. Exit code 0: it was as it must be.

import assert from 'node:assert/strict';
import { once } from 'node:events';

import { barriersOf } from './barriers.mjs';
import { startWalk } from './walk.mjs';

const [, , password, link, secondLink, lateLink, folder] = process.argv;
const { browser, visit: open, shoot } = await startWalk(folder);
const visit = (address) => open(address, { wait: '.building' });
const row = (page, kind) => page.locator(`.row[data-milestone="${kind}"]`).first();

const first = await visit(link);
await row(first, 'topping_out').getByRole('button', { name: '有异议' }).click();
const reason = first.getByLabel('请写明哪里不对');
await reason.fill('屋面的女儿墙还没有浇');
const second = await visit(secondLink);
await row(second, 'zero_level').getByRole('button', { name: '确认', exact: true }).click();
const remark = row(second, 'zero_level').locator('textarea');
await remark.fill('到现场看过');

console.log('written');
const [line] = await once(process.stdin, 'data');
process.stdin.destroy();

const lapsed = (page) => page.locator('.notice-lapsed');
await lapsed(first).getByText('登录已失效').waitFor();
await first.locator('.picture .toggle').click(); // another picture, which is not for who is not signed in
await first.locator('.picture-none').waitFor();
assert.equal(await reason.inputValue(), '屋面的女儿墙还没有浇');
await first.getByRole('button', { name: '提交异议' }).click();
await row(first, 'topping_out').getByText('登录已失效，没有写进去，写的内容还在').waitFor();
assert.ok((await lapsed(first).boundingBox()).y >= 0, 'in view wherever one is');
assert.deepEqual(await barriersOf(first), []);
await shoot(first, 'lapsed', 'body');
await lapsed(first).getByRole('link', { name: '去登录' }).click();
const form = first.locator('.sign-in-again');
await form.getByLabel('登录名').fill('wang');
await form.getByLabel('密码').fill(password);
await form.getByRole('button', { name: '登录' }).click();
await lapsed(first).waitFor({ state: 'detached' });
await first.locator('.fresh-live').waitFor();
await first.waitForFunction(() => document.querySelector('.picture img')?.naturalWidth > 0);
assert.equal(await reason.inputValue(), '屋面的女儿墙还没有浇');
await first.getByRole('button', { name: '提交异议' }).click();
await first.waitForSelector('.row[data-milestone="topping_out"][data-status="disputed"]');

await lapsed(second).waitFor();
const window = await second.context().newPage();
await window.goto(String(line).trim());
await window.waitForSelector('.building');
await window.close();
await second.bringToFront();
await lapsed(second).waitFor({ state: 'detached' });
assert.equal(await remark.inputValue(), '到现场看过');
await row(second, 'zero_level').getByRole('button', { name: '确认并写进记录' }).click();
await second.waitForSelector('.row[data-milestone="zero_level"][data-status="confirmed"]');

const late = await open(lateLink, { wait: '.gate' });
await late.getByText('这个链接用不了：可能过期了').waitFor();
assert.deepEqual(await barriersOf(late), []);
await shoot(late, 'late-link', '.gate');
await browser.close();
