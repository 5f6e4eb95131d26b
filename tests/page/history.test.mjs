// The laws of the pictures over time, tried in a real browser against the stand-in.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { visit } from './visit.mjs';

const said = async (page, selector) => (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ');
const readout = (page) => said(page, '.chart-readout');
const until = (page, selector, pattern) =>
  page.waitForFunction(([where, text]) => new RegExp(text).test(document.querySelector(where)?.textContent ?? ''), [selector, pattern]);

describe('pictures over time', { concurrency: 3 }, () => {
  test('a rising building says how much it gained in a week', async (t) => {
    const { page } = await visit(t, 'rising');
    await page.waitForSelector('.curve');
    assert.match(await said(page, '.cast-week'), /比一周前多了 \d+ 层|这一周没有新的楼层/);
  });

  test('they play from the first, stop where told to, and the curve follows', async (t) => {
    const { page, seen } = await visit(t, 'rising');
    await page.getByRole('button', { name: '播放照片' }).click();
    await page.getByLabel('速度').selectOption('fast');
    await until(page, '.chart-readout', '2024年[4-9]月');
    await page.getByRole('button', { name: '暂停' }).click();
    const stopped = await readout(page);
    const picture = await page.locator('.pictures-shown img').getAttribute('srcset');
    assert.match(picture, /width=320 320w/);
    await page.waitForTimeout(400); // long enough for four pictures, had it not stopped
    assert.equal(await readout(page), stopped);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('they end at the last picture and begin anew', async (t) => {
    const { page } = await visit(t, 'rising');
    const slider = page.getByLabel('拖动看某一天');
    await slider.focus();
    await page.keyboard.press('End');
    const end = await readout(page);
    await page.keyboard.press('ArrowLeft');
    await page.getByLabel('速度').selectOption('fast');
    await page.getByRole('button', { name: '播放照片' }).press('Enter');
    await page.getByRole('button', { name: '播放照片' }).waitFor();
    assert.equal(await readout(page), end);
  });

  test('a day is chosen by its date', async (t) => {
    const { page } = await visit(t, 'rising');
    await page.getByLabel('选一天').fill('2024-03-14');
    assert.match(await readout(page), /2024年3月14日/);
    await page.locator('.pictures-shown img').waitFor();
    assert.match(await said(page, '.pictures-shown figcaption'), /2024年3月(3|14)日/);
  });

  test('two days stand side by side, and one over the other', async (t) => {
    const { page } = await visit(t, 'rising');
    await page.getByRole('button', { name: '两天对比' }).click();
    await page.getByLabel('较早的一天').fill('2024-06-10');
    const shown = await page.locator('.compare img').evaluateAll((all) => all.map((one) => one.src));
    assert.equal(new Set(shown).size, 2);
    assert.match(await said(page, '.compare'), /2024年6月10日/);
    await page.getByRole('button', { name: '叠起来对比' }).first().click();
    await page.locator('.viewer .before-after').waitFor();
  });

  test('before and after of a milestone are compared by keyboard', async (t) => {
    const { page, seen } = await visit(t, 'topped_out');
    const topping = page.locator('.row[data-milestone="topping_out"]');
    await topping.getByRole('button', { name: '叠起来对比' }).press('Enter');
    const over = page.locator('.before-after-over');
    const before = await over.evaluate((one) => getComputedStyle(one).clipPath);
    await page.locator('.before-after input[type="range"]').focus();
    await page.keyboard.press('Home');
    const all = await over.evaluate((one) => getComputedStyle(one).clipPath);
    assert.notEqual(all, before);
    await page.locator('.viewer').getByText('半透明叠在一起').click();
    assert.equal(await over.evaluate((one) => getComputedStyle(one).opacity), '0.5');
    await page.locator('.viewer').getByText('叠加楼层标尺').click();
    await page.keyboard.press('Escape');
    await page.waitForSelector('.viewer', { state: 'detached' });
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('below the curve stands what each storey was on each day, and it is said in words', async (t) => {
    const { page, standIn, seen } = await visit(t, 'rising');
    await page.waitForSelector('.curve .stood');
    const reach = (what) =>
      page.locator(`.curve .${what}`).evaluate((path) => {
        const { x, y, width } = path.getBBox();
        return { left: x, top: y, right: x + width };
      });
    const [frame, infilled, line] = [await reach('stood-frame'), await reach('stood-infilled'), await reach('line')];
    assert.ok(frame.left < infilled.left, 'a storey is a frame before it is walled in');
    assert.ok(frame.top < infilled.top, 'the frame is above the walls');
    assert.ok(Math.abs(frame.top - line.top) < 1, 'the frame ends at the last cast slab');
    assert.ok(Math.abs(frame.right - line.right) < 1, 'what stands stays until the last picture');
    assert.match(await readout(page), /12 层 .*10–12 层：混凝土框架、1–9 层：已砌墙/);
    assert.equal(await page.locator('.curve .stood-facade').count(), 0);
    assert.match(await said(page, '.chart-legend'), /已砌墙 混凝土框架 正在施工/);
    standIn.show('topped_out');
    await until(page, '.chart-readout', '11月');
    standIn.change((site, history) => {
      for (const day of history.b1.days.slice(-3)) day.bands = '4'.repeat(18);
      site.buildings[0].estimate.at = '2024-11-16T00:00:00Z';
    });
    await page.locator('.curve .stood-facade').waitFor({ state: 'attached' });
    assert.match(await readout(page), /1–18 层：外墙做好/);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('walking through the days makes no format of dates anew, which took longer than all that is drawn', async (t) => {
    const { page } = await visit(t, 'rising');
    await page.addInitScript(() => {
      window.formatsMade = 0;
      Intl.DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
        construct: (made, how) => {
          window.formatsMade += 1;
          return Reflect.construct(made, how);
        },
      });
    });
    await page.reload();
    await page.waitForSelector('.curve');
    const slider = page.getByLabel('拖动看某一天');
    await slider.press('ArrowLeft');
    const [before, day] = [await page.evaluate(() => window.formatsMade), await readout(page)];
    assert.ok(before > 0);
    for (let step = 0; step < 10; step += 1) await slider.press('ArrowLeft');
    assert.notEqual(await readout(page), day);
    assert.equal(await page.evaluate(() => window.formatsMade), before);
  });

  test('the line goes on to the day that the pace tells', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    await page.waitForSelector('.curve');
    assert.equal(await page.locator('.ahead-line').count(), 0);
    standIn.change((site) => {
      site.buildings[0].forecast = { day: '2024-12-20', early: '2024-12-10', late: '2025-01-05', days_a_storey: 9.9, from_storeys: 8, why_none: null };
    });
    await until(page, '.sentence', '按现在的速度约 12月20日结顶');
    await page.locator('.curve .ahead-line').waitFor({ state: 'attached' });
  });
});

describe('the last day of a device', { concurrency: 3 }, () => {
  const dust = (page) => page.locator('.device', { hasText: '扬尘噪声监测仪' });

  test('limits are drawn, gaps stay gaps, and both are said in words', async (t) => {
    const { page, seen } = await visit(t, 'rising');
    await dust(page).getByText('看最近一天的变化').click();
    const pm10 = dust(page).locator('.day-drawing').first();
    await pm10.waitFor();
    assert.match((await pm10.innerText()).replace(/\s+/g, ' '), /PM10 最低 22\.5 µg\/m³，最高 151\.\d µg\/m³；扬尘超标：上限 120 µg\/m³；空白处没有数据（2 段）/);
    assert.equal(await pm10.locator('.day-line').count(), 3, 'one line for each stretch between gaps');
    assert.equal(await pm10.locator('.day-limit-alarm').count(), 1);
    assert.equal(await dust(page).locator('.day-drawing').nth(1).locator('.day-limit').count(), 0);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('a day without readings, and a box that does not answer, are said', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    standIn.change((site, history, days) => {
      days['dust-1'] = { ...days['dust-1'], series: [] };
    });
    await dust(page).getByText('看最近一天的变化').click();
    await dust(page).getByText('这一天没有读数').waitFor();
    const hoist = page.locator('.device', { hasText: '1 号施工升降机' });
    await hoist.getByText('看最近一天的变化').click();
    await hoist.getByText('暂时读不到').waitFor();
  });
});
