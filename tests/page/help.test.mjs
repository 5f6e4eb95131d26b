// The help page as the box serves it: of use without a script, true to the page's own words, and good on paper.

import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { barriersOf } from './barriers.mjs';
import { visit } from './visit.mjs';

const dist = process.env.JIEDING_PAGE_DIST;
const pictures = 250_000; // bytes, all of them
const languages = [
  { file: 'zh.html', lang: 'zh-CN', other: 'English', name: '帮助' },
  { file: 'en.html', lang: 'en', other: '中文', name: 'Help' },
];
const filesOf = async (folder, ending) => (await readdir(join(dist, folder))).filter((name) => name.endsWith(ending)).map((name) => join(dist, folder, name));

describe('the help page', { concurrency: 2 }, () => {
  for (const { file, lang, other, name } of languages) {
    test(`${file} is reached from the page and back, and bars nobody`, async (t) => {
      const { page, seen, standIn } = await visit(t, 'rising');
      if (lang === 'en') await page.getByRole('button', { name: 'English' }).click();
      const link = page.getByRole('link', { name, exact: true });
      const { height } = await link.boundingBox();
      assert.ok(height >= 44, `${height} px`);
      await link.click();
      await page.waitForURL(`${standIn.url}/help/${file}`);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      for (const viewport of [{ width: 390, height: 844 }, { width: 1440, height: 900 }])
        for (const colorScheme of ['light', 'dark']) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme });
          assert.deepEqual(await barriersOf(page), [], `${viewport.width}, ${colorScheme}`);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing hangs over');
        }
      await page.getByRole('link', { name: other }).click();
      await page.waitForFunction((before) => document.documentElement.lang !== before, lang);
      await page.locator('.ways a').first().click();
      await page.waitForSelector('.building');
      assert.deepEqual(seen, { faults: [], elsewhere: [] });
    });

    test(`${file} shows its pictures, leads where it says and needs no script`, async (t) => {
      const { page, standIn } = await visit(t, 'rising');
      await page.goto(`${standIn.url}/help/${file}`);
      assert.equal(await page.locator('script').count(), 0);
      const images = await page.evaluate(() => [...document.images].map((one) => ({ alt: one.alt, drawn: one.naturalWidth > 0 })));
      assert.ok(images.length >= 7 && images.every(({ alt, drawn }) => drawn && alt.length > 10), JSON.stringify(images));
      const astray = await page.evaluate(() =>
        [...document.querySelectorAll('a[href^="#"]')].filter((one) => document.querySelector(one.getAttribute('href')) === null).length,
      );
      assert.equal(astray, 0);
    });

    test(`what ${file} quotes stands on the page`, async () => {
      const scripts = await Promise.all((await filesOf('assets', '.js')).map((one) => readFile(one, 'utf8')));
      const said = scripts.join('');
      const quoted = [...(await readFile(join(dist, 'help', file), 'utf8')).matchAll(/“([^”]+)”/g)].map(([, words]) => words);
      assert.ok(quoted.length > 10);
      assert.deepEqual(quoted.filter((words) => !said.includes(words)), []);
    });

    test(`${file} prints dark on white, without what is only for the screen`, async (t) => {
      const { page, standIn } = await visit(t, 'rising');
      await page.goto(`${standIn.url}/help/${file}`);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.equal(await page.locator('.ways').isVisible(), false);
      assert.equal(await page.locator('.contents').isVisible(), false);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(0, 0, 0)');
    });
  }

  test('its pictures are small', async () => {
    const sizes = await Promise.all((await filesOf('help', '.webp')).map(async (one) => (await stat(one)).size));
    const all = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(all > 0 && all <= pictures, `${all} bytes`);
  });
});
