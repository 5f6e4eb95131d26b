// The box out of reach: the page opens all the same and shows what the box said last, with its age.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { visit } from './visit.mjs';

const day = 24 * 3_600_000;
const notice = (page) => page.locator('.notice-away').first();

/// Until the page is kept for when the box is away.
async function kept(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (!(await caches.match('/api/v1/site'))) await new Promise((next) => setTimeout(next, 50));
  });
  await page.reload(); // what the first visit loaded before the worker was there is kept now
  await page.waitForSelector('.building');
}

/// From now on the device's clock is off by so much.
const shiftClock = (page, by) =>
  page.addInitScript((off) => {
    const real = Date.now.bind(Date);
    Date.now = () => real() + off;
  }, by);

describe('out of reach', { concurrency: 2 }, () => {
  test('a reload shows the last state with its age, never as live; it comes back by itself', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    await kept(page);
    await standIn.stop();
    await page.reload();
    await page.waitForSelector('.building');
    assert.match(await page.locator('.sentence').innerText(), /主体第 12 层/);
    assert.match(await notice(page).innerText(), /连不上工地上的盒子[^]*下面是2024年10月5日 11:18的情况（.*前|刚刚）/);
    assert.equal(await page.locator('.fresh-live').count(), 0);
    assert.doesNotMatch(await page.locator('.fresh').innerText(), /实时/);
    assert.equal((await page.locator('.site-clock').innerText()).length, '2024年10月5日 11:18'.length, 'a clock that stands');
    await page.waitForSelector('.curve .line');
    await standIn.restart();
    await page.waitForSelector('.fresh-live');
    assert.equal(await page.locator('.notice-away').count(), 0);
  });

  test('a telephone whose clock is a day off tells the same ages', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    const told = async () => /，(.*前|刚刚)/.exec(await page.locator('.picture-caption').innerText())[1];
    const right = await told();
    for (const off of [-day, day]) {
      await shiftClock(page, off);
      await page.reload();
      await page.waitForSelector('.building');
      assert.equal(await told(), right);
    }
    await kept(page);
    await standIn.stop();
    await page.reload();
    await page.waitForSelector('.building');
    assert.equal(await told(), right);
    assert.match(await notice(page).innerText(), /（\d+ 秒前|（刚刚/);
  });

  test('a clock that was set back since makes the age unknown, and the state no newer', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    await kept(page);
    await standIn.stop();
    await shiftClock(page, -day);
    await page.reload();
    await page.waitForSelector('.building');
    assert.match(await notice(page).innerText(), /2024年10月5日 11:18的情况（时间不明）/);
    assert.match(await page.locator('.fresh').innerText(), /时间不明/);
  });

  test('whoever signs out or may not look any more leaves nothing behind', async (t) => {
    const left = (page) => page.evaluate(async () => (await caches.has('jieding-said')));
    const { page } = await visit(t, 'rising', { url: 'signInUrl' });
    await kept(page);
    assert.equal(await left(page), true);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForSelector('.gate');
    assert.equal(await left(page), false);

    const { page: other, standIn } = await visit(t, 'rising');
    await kept(other);
    standIn.forgetSessions();
    standIn.change(() => undefined);
    await other.waitForSelector('.gate');
    await other.waitForFunction(async () => !(await caches.has('jieding-said')));
  });

  test('it can be put among the telephone\'s programs', async (t) => {
    const { page, standIn, seen } = await visit(t, 'rising');
    const session = await page.context().newCDPSession(page);
    const { errors, data } = await session.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    for (const icon of manifest.icons) {
      const answer = await page.request.get(new URL(icon.src, standIn.url).href);
      assert.equal(answer.headers()['content-type'], icon.type);
    }
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    // A test's window keeps nothing, which alone may forbid it.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });
});
