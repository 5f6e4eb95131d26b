// Addresses with a script in them, as somebody may send them to a supervisor: whatever a running gateway repeats of
// them, nothing of it runs, and no page has it as a tag:
//   node reflected.mjs LINK
// LINK signs in. Exit code 0: all was as it must be.

import assert from 'node:assert/strict';

import { startWalk } from './walk.mjs';

const [, , link] = process.argv;
const { browser, faults, visit } = await startWalk();
const tag = '<img src=x onerror=alert(1)>';
const script = encodeURIComponent(`"'></title></script>${tag}<script>alert(2)</script>`);

const page = await visit(link, { wait: '.building' });
const origin = new URL(page.url()).origin;
const addresses = [
  `/?viewer=${script}`,
  `/?signin=${script}`,
  `/?lang=${script}`,
  `/?${script}=1#${script}`,
  `/bulletin?lang=${script}`,
  `/bulletin?from=${script}&until=${script}`,
  `/bulletin?period=${script}`,
  `/${script}`,
  `/help/${script}`,
  `/assets/${script}.js`,
  `/tile/${script}`,
  `/api/v1/${script}`,
  `/api/v1/buildings/${script}/history`,
  `/api/v1/devices/${script}/readings`,
  `/api/v1/evidence/${script}?width=${script}`,
  `/api/v1/findings/${script}`,
  `/api/v1/bulletin?from=${script}`,
];
for (const address of addresses) {
  const answer = await page.goto(origin + address);
  const type = answer.headers()['content-type'] ?? '';
  const body = await answer.text();
  assert.ok(answer.status() < 500, `${address}: ${answer.status()}`);
  assert.ok(!type.startsWith('text/html') || !body.includes('<img src=x'), `${address} has the tag in ${type}`);
  assert.equal(answer.headers()['x-content-type-options'], 'nosniff', address);
  assert.match(answer.headers()['content-security-policy'], /default-src 'none'; script-src 'self'/, address);
  if (type.startsWith('text/html')) await page.waitForSelector('.building, .gate, main');
  assert.equal(await page.locator('img[src="x"]').count(), 0, address);
}
const ran = faults.filter((fault) => fault.startsWith('a script ran'));
assert.deepEqual(ran, []);
await browser.close();
console.log(`${addresses.length} addresses, nothing ran`);
