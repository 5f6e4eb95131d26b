// From a reading that a device pushes to the screen of a browser, one after another:
//   node event_to_screen.mjs URL COUNT <TOKEN
// The browser's clock and this program's are the machine's. Started by tests/bench/page_viewers.py.

import { readFileSync } from 'node:fs';

import { launch } from './browser.mjs';

const [, , url, count] = process.argv;
const token = readFileSync(0, 'utf8').trim();
const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'zh-CN' })).newPage();
page.setDefaultTimeout(60_000);

const push = async (value) => {
  const answer = await fetch(`${url}api/v1/readings`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/senml+json' },
    body: JSON.stringify([{ n: 'pm10', u: 'ug/m3', v: value, t: Date.now() / 1000 }]),
  });
  if (!answer.ok) throw new Error(`the reading was refused: ${await answer.text()}`);
};

await push(1);
await page.goto(url);
await page.locator('main .devices .readings dd').first().waitFor();
const times = [];
for (let n = 0; n < Number(count); n += 1) {
  const value = 2 + n;
  const shown = page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          const there = [...document.querySelectorAll('.devices .readings dd')].some(
            (one) => Number(one.textContent.replace(/[^0-9].*$/, '')) === wanted,
          );
          // Drawn with the next frame after the document has it.
          if (there) requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
          else setTimeout(look, 1);
        };
        look();
      }),
    value % 999,
  );
  await new Promise((rest) => setTimeout(rest, 300 + Math.random() * 200)); // as devices send, not at a beat of ours
  const begun = performance.timeOrigin + performance.now();
  await push(value % 999);
  times.push((await shown) - begun);
}
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0);
console.log(`${times.length} readings, pushed to drawn: median ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
await browser.close();
