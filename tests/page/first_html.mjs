// What a telephone gets first from a running gateway: what stands in the HTML without a script, how much all of
// it weighs, and that the script puts its own in place without an empty moment:
//   node first_html.mjs VIEWER_LINK [OUTDIR]
// Exit code 0: all holds.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { launch } from './browser.mjs';

const [, , link, folder] = process.argv;
const firstHtml = 14_000; // bytes, compressed
const wholePage = 100_000; // without pictures
const phone = { width: 390, height: 844 };
const sentence = /主体第 \d+ 层，共 18 层|主体看上去已到顶|正在|场地平整中/;

const browser = await launch();
const open = async (options) => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  return { context, page };
};

/// The building as it is drawn: its size, what it says of itself, and how many storeys are in each state.
const drawing = (page) =>
  page.locator('.facade').first().evaluate((svg) => ({
    size: ['width', 'height', 'viewBox'].map((name) => svg.getAttribute(name)).join(' '),
    says: svg.getAttribute('aria-label'),
    text: [...svg.querySelectorAll('text')].map((one) => `${one.textContent} ${one.getAttribute('x')} ${one.getAttribute('y')}`),
    states: ['ghost', 'net', 'wall-frame', 'wall-infilled', 'wall-facade', 'slab', 'interval', 'level', 'ribbon'].map(
      (kind) => `${kind} ${svg.querySelectorAll(`.${kind}`).length}`,
    ),
  }));

// Without a script.
const bare = await open({ javaScriptEnabled: false });
await bare.page.goto(link);
assert.match(await bare.page.locator('.sentence').innerText(), sentence);
assert.match(await bare.page.locator('.clocks').innerText(), /期限/);
const drawn = await drawing(bare.page);
if (folder !== undefined) {
  await mkdir(folder, { recursive: true });
  await bare.page.screenshot({ path: join(folder, 'first-390x844.png'), fullPage: true });
}
await bare.page.getByRole('link', { name: 'English' }).click();
assert.match(await bare.page.locator('.clocks').innerText(), /Deadlines/);
assert.equal(await bare.page.getAttribute('html', 'lang'), 'en');
await bare.page.goto(new URL('/', link).href);
assert.equal(await bare.page.getAttribute('html', 'lang'), 'en', 'the choice is kept');
await bare.context.close();

// With it: each frame that is drawn shows a sentence, in the same place. A browser may draw a part of the HTML that has
// come so far; the script takes over only what has been read to its end.
const { context, page } = await open({});
const faults = [];
page.on('console', (message) => {
  if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
});
page.on('pageerror', (error) => faults.push(String(error)));
await page.addInitScript(() => {
  document.addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective}`));
  window.drawn = [];
  const look = () => {
    if (document.readyState !== 'loading') {
      const all = document.querySelectorAll('.sentence');
      const first = all[0];
      window.drawn.push({ said: `${all.length} ${first?.textContent}`, top: first?.getBoundingClientRect().top ?? -1 });
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
const wire = await context.newCDPSession(page);
await wire.send('Network.enable');
const kinds = new Map();
const weights = new Map();
wire.on('Network.responseReceived', ({ requestId, type, response }) => kinds.set(requestId, `${type} ${response.url}`));
wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => weights.set(requestId, encodedDataLength));
await page.goto(link);
await page.waitForSelector('#first', { state: 'detached' });
await page.waitForSelector('.devices');
await page.waitForFunction(() => document.querySelectorAll('#page .sentence').length > 0 && window.drawn.length > 3);
const frames = await page.evaluate(() => window.drawn);
const said = [...new Set(frames.map((one) => one.said))];
assert.equal(said.length, 1, `no frame is empty or says something else: ${said.join(' ⟶ ')}`);
assert.match(said[0], sentence);
const tops = frames.map((one) => one.top);
assert.ok(Math.max(...tops) - Math.min(...tops) <= 2, `it stays where it was: ${[...new Set(tops)].join(' ⟶ ')} px`);
assert.deepEqual(await drawing(page), drawn, 'the script draws what stood there');
assert.deepEqual(faults, []);
assert.equal(new URL(page.url()).search, '', 'the token leaves the address bar');

const weigh = (wanted) =>
  [...kinds].filter(([id, kind]) => wanted.test(kind) && weights.has(id)).reduce((sum, [id]) => sum + weights.get(id), 0);
const html = weigh(/^Document /);
const all = weigh(/^(Document|Script|Stylesheet|Font) /);
assert.ok(html > 0 && html <= firstHtml, `first HTML ${html} bytes`);
assert.ok(all > html && all <= wholePage, `whole page ${all} bytes`);
console.log(`first HTML ${html} bytes, whole page ${all} bytes, heads included`);
await context.close();
await browser.close();
