// The record as a sheet for the notice board.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { visit } from './visit.mjs';

/// How many pages a PDF has, by its page objects; Chromium leaves them uncompressed.
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;

describe('on paper', { concurrency: 2 }, () => {
  for (const colorScheme of ['light', 'dark']) {
    test(`the record fits on few A4 pages, dark on white, with what it takes to check it (${colorScheme})`, async (t) => {
      const { page, seen } = await visit(t, 'clocks', { viewport: { width: 1440, height: 900 } });
      await page.waitForSelector('.curve .line');
      const root = await page.locator('.fingerprint code').first().getAttribute('title');
      await page.emulateMedia({ media: 'print', colorScheme });
      const text = await page.locator('body').innerText();
      for (const told of ['3 号楼', '已浇筑', '里程碑', '期限', root, '要核对这张单子']) assert.ok(text.includes(told), told);
      for (const hidden of ['.topbar-buttons', '.check', '.devices', '.uplink', '.seat-form', '.on-screen']) {
        assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
      }
      const pressed = page.locator('button:visible:not(.picture-open, .thumbnail)');
      assert.deepEqual(await pressed.allInnerTexts(), []);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(0, 0, 0)');
      const pages = pagesOf(await page.pdf({ preferCSSPageSize: true, printBackground: true }));
      assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
      assert.deepEqual(seen, { faults: [], elsewhere: [] });
    });
  }
});
