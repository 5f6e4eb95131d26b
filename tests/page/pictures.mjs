// Takes the pictures of README and of the help page anew, from the demo as it plays:
//   node pictures.mjs BUILD_FOLDER
// They are views of the page by a neighbour and by one of the supervision group; see `script/pictures`.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { launch } from './browser.mjs';

const [, , build] = process.argv;
const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const help = root('gateway/web/page/public/help');
const telephone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 };
const desk = { viewport: { width: 1000, height: 1027 }, deviceScaleFactor: 1 };
const photo = root('tests/data/timelapse/site-a/frames/20241001T052400Z.jpg');

/// The demo, and what it says, line by line.
function startDemo() {
  const demo = spawn('/usr/bin/python3', ['-B', root('tests/site/demo.py'), '--build', build], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: demo.stdout })[Symbol.asyncIterator]();
  return {
    async line(wanted) {
      for (;;) {
        const { value, done } = await lines.next();
        assert.ok(!done, `the demo ended before it said ${wanted}`);
        const found = wanted.exec(value);
        if (found !== null) return found;
      }
    },
    async stop() {
      demo.kill('SIGINT');
      await once(demo, 'exit');
    },
  };
}

const browser = await launch();

async function visit(address, options) {
  const context = await browser.newContext({ locale: 'zh-CN', reducedMotion: 'reduce', colorScheme: 'light', ...options });
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForSelector('.curve .line');
  return page;
}

/// All pictures are there, and what they moved has been drawn.
const settled = (page) =>
  page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager';
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    await document.fonts.ready;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });

/// From the top of one element to the end of another, as WebP: a third of what JPEG takes for letters.
async function shoot(page, name, first, last = first) {
  await settled(page);
  const around = 8; // px
  const [top, end] = [await first.boundingBox(), await last.boundingBox()];
  const x = Math.min(top.x, end.x) - around;
  const wire = await page.context().newCDPSession(page);
  const { data } = await wire.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 60,
    captureBeyondViewport: true,
    clip: {
      x,
      y: top.y + (await page.evaluate(() => scrollY)) - around,
      width: Math.max(top.x + top.width, end.x + end.width) - x + around,
      height: end.y + end.height - top.y + 2 * around,
      scale: 1,
    },
  });
  await wire.detach();
  await writeFile(`${help}/${name}.webp`, data, 'base64');
}

/// What stands on the notice board (sync/verifier_key.cpp): the first half of SHA-256 over name, newline and typed key.
function fingerprint(verifierKey) {
  const [, origin, typed] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(verifierKey); // base64 has a + of its own
  return createHash('sha256').update(`${origin}\n`).update(Buffer.from(typed, 'base64')).digest('hex').slice(0, 32);
}

async function neighbourSees(page) {
  const sentence = page.locator('.sentence').first();
  await shoot(page, 'progress', sentence, page.locator('.glance-count').first());
  await shoot(page, 'drawing', page.locator('.glance-drawing').first(), page.locator('.legend').first());
  await shoot(page, 'chart', page.locator('.chart').first());
}

async function memberDoes(page) {
  const topping = page.locator('.row[data-milestone="topping_out"]').first();
  await shoot(page, 'milestone', topping);
  await topping.getByRole('button', { name: '确认', exact: true }).click();
  await topping.locator('textarea').blur();
  await shoot(page, 'confirm', topping.locator('form'));

  await page.getByRole('button', { name: '提出问题' }).click();
  const form = page.locator('.finding-raise form');
  await form.getByLabel('安全').check();
  await form.getByLabel('第几层（可不填）').selectOption('7');
  await form.getByLabel('哪里不对').fill('楼梯口没有护栏。');
  await form.locator('input[type="file"]').setInputFiles(photo);
  await form.locator('.thumbnail img').waitFor();
  await form.getByLabel('哪里不对').blur();
  await shoot(page, 'finding', form);

  const key = page.locator('.fingerprint', { hasText: '验签公钥' }).locator('code');
  const check = page.locator('.check');
  await check.getByLabel('公告栏上的公钥指纹').fill(fingerprint(await key.getAttribute('title')));
  await check.getByRole('button', { name: '记住这个指纹' }).click();
  await check.getByRole('button', { name: '现在核对' }).click();
  await check.locator('[data-verdict="good"]').waitFor();
  await shoot(page, 'check', check);
}

const demo = startDemo();
try {
  const [, viewer] = await demo.line(/^viewer link\s+(\S+)/);
  const [signIn] = await demo.line(/http\S+signin=\S+/);
  await demo.line(/ 12 storeys, superstructure/);
  await neighbourSees(await visit(viewer, telephone));
  const wide = await visit(viewer, desk);
  await settled(wide);
  await wide.screenshot({ path: root('tests/page/page.jpg'), quality: 85 });
  await demo.line(/topping-out corroborated/);
  await memberDoes(await visit(signIn, telephone));
} finally {
  await browser.close();
  await demo.stop();
}
