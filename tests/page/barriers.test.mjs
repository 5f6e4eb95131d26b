// Nobody is barred: axe-core finds nothing on any view, and the keyboard alone reaches and does all.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { barriersOf } from './barriers.mjs';
import { visit } from './visit.mjs';

const sizes = [
  { width: 390, height: 844 },
  { width: 1440, height: 900 },
];

/// Opens whatever can be opened, so that nothing stays unseen.
async function openAll(page) {
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('details')) one.open = true;
    for (const one of document.querySelectorAll('main button[aria-expanded="false"]')) one.click();
  });
}

async function expectNone(page, where) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    assert.deepEqual(await barriersOf(page), [], `${where} at ${size.width}`);
  }
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

describe('axe finds nothing', { concurrency: 2 }, () => {
  for (const scene of ['rising', 'planned', 'topped_out', 'troubled', 'clocks', 'empty', 'playback']) {
    for (const url of ['viewerUrl', 'signInUrl']) {
      test(`${scene}, ${url === 'viewerUrl' ? 'looking' : 'signed in'}`, async (t) => {
        const { page } = await visit(t, scene, { url });
        await openAll(page);
        await expectNone(page, 'Chinese');
        await press(page, '大字');
        await page.emulateMedia({ colorScheme: 'dark' });
        await expectNone(page, 'large and dark');
        await press(page, 'English');
        await expectNone(page, 'English, large and dark');
      });
    }
  }

  test('without a link, out of reach, in a form, in the large picture, after a session', async (t) => {
    const { page: outside } = await visit(t, 'rising', { url: 'url', wait: '.gate' });
    await openAll(outside);
    await expectNone(outside, 'without a link');
    await press(outside, 'English');
    await expectNone(outside, 'without a link, English');

    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl' });
    await page.getByRole('button', { name: '有异议' }).first().click();
    await page.getByRole('button', { name: '提交异议' }).click();
    await expectNone(page, 'a form that was refused');
    await page.locator('.picture-open').click();
    await page.waitForSelector('.viewer');
    await expectNone(page, 'the large picture');
    await page.keyboard.press('Escape');
    await standIn.stop();
    await page.locator('.notice-away').waitFor();
    await expectNone(page, 'out of reach');
    await standIn.restart();
    standIn.forgetSessions();
    standIn.change(() => undefined);
    await page.locator('.notice-lapsed').waitFor();
    await expectNone(page, 'a session that ended');
    await press(page, '大字');
    await press(page, 'English');
    await page.setViewportSize({ width: 320, height: 800 });
    assert.deepEqual(await barriersOf(page), [], 'the same, English, large and narrow');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  });
});

/// Remembers all that can be pressed, written or chosen, in the order of reading; gives how many.
const rememberControls = (page) =>
  page.evaluate(() => {
    window.controls = [
      ...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type="radio"], [tabindex="-1"])'),
    ].filter((one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden' && !one.disabled);
    return window.controls.length;
  });

/// Where among them the focus is (-1: elsewhere), and whether that can be seen.
const focused = (page) =>
  page.evaluate(() => {
    const here = document.activeElement;
    const box = here.getBoundingClientRect();
    const inView = box.bottom > 0 && box.top < window.innerHeight;
    return {
      over: here === document.body,
      at: window.controls.indexOf(here),
      shown: inView && (here.matches('.visually-hidden') || getComputedStyle(here).outlineStyle !== 'none'),
      what: here.outerHTML.slice(0, 160),
    };
  });

/// Presses Tab until `wanted` has the focus.
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`Tab does not reach ${wanted}`);
}

describe('the keyboard alone', { concurrency: 2 }, () => {
  test('Tab reaches everything in the order of reading, and one sees where one is', async (t) => {
    const { page } = await visit(t, 'troubled', { url: 'signInUrl' });
    await openAll(page);
    await page.evaluate(() => Promise.all([...document.images].map((one) => {
      one.loading = 'eager';
      return one.decode().catch(() => undefined); // what cannot be had is replaced by words
    })));
    const count = await rememberControls(page);
    assert.ok(count > 20);
    const reached = [];
    for (let presses = 0; presses < count + 40; presses += 1) {
      await page.keyboard.press('Tab');
      const { over, at, shown, what } = await focused(page);
      if (over) break;
      assert.ok(shown, `one does not see that it has the focus: ${what}`);
      if (at >= 0) reached.push(at);
    }
    const missed = await page.evaluate(
      (met) => window.controls.filter((_, index) => !met.includes(index)).map((one) => one.outerHTML.slice(0, 160)),
      reached,
    );
    assert.deepEqual(missed, []);
    assert.deepEqual(reached, [...reached].sort((a, b) => a - b), 'in the order of reading');
  });

  test('skips to the content, turns type and language, opens a picture, walks the days, checks the record', async (t) => {
    const { page } = await visit(t, 'rising');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Enter');
    await page.waitForURL((address) => address.hash === '#content');

    const type = page.locator('.topbar button', { hasText: '大字' });
    await page.reload();
    await page.waitForSelector('.building');
    await tabTo(page, type);
    await page.keyboard.press('Space');
    assert.equal(await type.getAttribute('aria-pressed'), 'true');
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '24px');
    await page.reload();
    await page.waitForSelector('.building');
    assert.equal(await type.getAttribute('aria-pressed'), 'true', 'kept on this device');

    await tabTo(page, page.locator('.picture-open'));
    await page.keyboard.press('Enter');
    await page.waitForSelector('.viewer');
    await tabTo(page, page.locator('.viewer .toggle input'));
    const before = await page.locator('.viewer img').getAttribute('src');
    await page.keyboard.press('Space');
    assert.notEqual(await page.locator('.viewer img').getAttribute('src'), before);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.viewer', { state: 'detached' });

    await tabTo(page, page.getByLabel('拖动看某一天'));
    await page.keyboard.press('Home');
    await page.getByText('2024年3月3日：0 层').waitFor();

    await tabTo(page, page.getByLabel('公告栏上的公钥指纹'));
    await page.keyboard.type('too short');
    await page.keyboard.press('Enter');
    await page.getByText('指纹应是 32 位').waitFor();

    await tabTo(page, page.locator('.topbar button', { hasText: 'English' }));
    await page.keyboard.press('Enter');
    await page.getByText('structure at storey 12 of 18').waitFor();
  });

  test('disputes; a form takes the focus where it opens and gives it back where it closes', async (t) => {
    const { page } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const focusIs = (wanted) => wanted.evaluate((element) => element === document.activeElement);
    const topping = page.locator('.row[data-milestone="topping_out"]');
    await tabTo(page, topping.getByRole('button', { name: '有异议' }));
    await page.keyboard.press('Enter');
    await page.keyboard.type('女儿墙还没有浇');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.row[data-milestone="topping_out"][data-status="disputed"]');
    assert.ok(await focusIs(topping.locator('.speak [role="status"]')), 'one hears what came of it');

    const raise = page.locator('.finding-raise > button');
    await tabTo(page, raise);
    await page.keyboard.press('Enter');
    assert.ok(await focusIs(page.locator('.finding-raise input:checked')));
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('.finding-raise input:checked + span').innerText(), '进度');
    await page.keyboard.press('Escape');
    assert.ok(await focusIs(raise));
  });

  for (const [scene, url, language] of [
    ['troubled', 'viewerUrl', '中文'],
    ['troubled', 'signInUrl', '中文'],
    ['planned', 'viewerUrl', 'English'],
  ]) {
    test(`large type, ${scene}, ${url === 'viewerUrl' ? 'looking' : 'signed in'}, ${language}: nothing to scroll sideways`, async (t) => {
      const { page } = await visit(t, scene, { url });
      await press(page, '大字');
      if (language === 'English') await press(page, 'English');
      await openAll(page);
      for (const width of [320, 360, 390, 768, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForTimeout(150);
        const wide = await page.evaluate(() =>
          document.documentElement.scrollWidth <= window.innerWidth
            ? []
            : [...document.querySelectorAll('body *')]
                .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
                .map((one) => one.outerHTML.slice(0, 160)),
        );
        assert.deepEqual(wide, [], `too wide at ${width}`);
      }
    });
  }
});
