// Planned against actual: what the curve draws and says of the contractor's programme.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { visit } from './visit.mjs';

const said = (page) => page.locator('.plan-said').innerText();
const until = (page, words) => page.waitForFunction((text) => document.querySelector('.plan-said')?.textContent.includes(text), words);

describe('the programme', { concurrency: 2 }, () => {
  test('is drawn to the day of topping-out and its difference is said', async (t) => {
    const { page, standIn, seen } = await visit(t, 'planned'); // 12 storeys on 5 October; 14 were to be cast
    await page.waitForSelector('.curve .plan-line');
    // The 13th storey was due on 22 September at 18:40: 12 days and some hours before.
    assert.match(await said(page), /比计划晚 12 天，少 2 层。 施工单位的计划：2024年7月1日做到地面（±0.00），2024年10月25日结顶。/);
    const [line, curve] = [await page.locator('.curve > .plan-line').boundingBox(), await page.locator('.curve .planned').first().boundingBox()];
    assert.ok(Math.abs(line.y - curve.y) <= 2, 'it ends where all storeys stand');
    await page.getByText('用文字看').click();
    assert.match(await page.locator('.chart table tr', { hasText: '2024年' }).first().innerText(), /^12\s+2024年10月\d日\s+2024年9月16日$/);
    standIn.show('planned', '2024-07-20', '2024-11-30');
    await until(page, '比计划早');
    assert.match(await said(page), /比计划早 \d+ 天，多 2 层。/);
    standIn.show('planned', '2024-07-01', '2024-11-20');
    await until(page, '一致');
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('a building that topped out is held against the planned day, in both languages', async (t) => {
    const { page, standIn } = await visit(t, 'planned');
    standIn.show('planned', '2024-07-01', '2024-10-25', '2024-11-15');
    await until(page, '结顶比计划晚了 14 天。');
    await page.getByRole('button', { name: 'English' }).click();
    await until(page, 'Topped out 14 days later than the programme.');
    standIn.show('planned', '2024-07-01', '2024-11-30', '2024-11-15');
    await until(page, 'earlier than the programme.');
  });

  test('nothing of it is shown where nobody wrote one down', async (t) => {
    const { page } = await visit(t, 'rising');
    await page.waitForSelector('.curve .line');
    assert.equal(await page.locator('.plan-line, .plan-said').count(), 0);
    await page.getByText('用文字看').click();
    assert.equal(await page.locator('.chart th[scope="col"]').count(), 2);
  });
});
