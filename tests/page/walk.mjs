// A walk through the page of a running gateway in a real browser: what it logs and forbids is kept, and pictures of it on demand.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './browser.mjs';

export const phone = { width: 390, height: 844 };
export const desk = { width: 1440, height: 900 };
const patience = 60_000; // a busy build machine is no fault of the page

/// With `folder` pictures of it stay there.
export async function startWalk(folder) {
  const browser = await launch();
  const faults = [];
  return {
    browser,
    /// Errors, warnings and scripts that ran though they must not.
    faults,
    /// What was asked for and refused, such as 409, is a line in the browser's log and no fault.
    expect: (status) => faults.splice(0, faults.length, ...faults.filter((fault) => !fault.includes(`status of ${status}`))),
    async visit(address, { viewport = phone, wait = '#content .card', ...more } = {}) {
      const context = await browser.newContext({ viewport, locale: 'zh-CN', reducedMotion: 'reduce', ...more });
      const page = await context.newPage();
      page.setDefaultTimeout(patience);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
      });
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('dialog', (dialog) => {
        faults.push(`a script ran: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(address);
      if (wait !== null) await page.waitForSelector(wait);
      return page;
    },
    async shoot(page, name, selector) {
      if (folder === undefined) return;
      await mkdir(folder, { recursive: true });
      const before = page.viewportSize();
      for (const size of [phone, desk]) {
        await page.setViewportSize(size);
        await page.waitForTimeout(200);
        await page.locator(selector).first().screenshot({ path: join(folder, `${name}-${size.width}x${size.height}.png`) });
      }
      await page.setViewportSize(before);
    },
  };
}
