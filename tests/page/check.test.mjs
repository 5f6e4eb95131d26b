// A visitor checks the record in the browser: what was signed passes, whatever was changed does not.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';

import { keyLeaf, leavesOf, logOf, spoilt } from './ledger.mjs';
import { scenes } from './scenes.mjs';
import { visit } from './visit.mjs';

const scene = 'topped_out';
const { site } = scenes[scene]();
const leaves = leavesOf(site, 700); // three bundles, the last one partial; a tile above them
const log = logOf(leaves);
const chosen = Math.max(...site.buildings.flatMap((one) => one.milestones.map(({ ledger_index }) => ledger_index)));
const bundle = '/tile/entries/000';
const tile = '/tile/0/000';
/// Where in the file the chosen leaf begins.
const leafAt = leaves.slice(0, chosen).reduce((sum, leaf) => sum + 2 + Buffer.byteLength(leaf), 2);

const card = (page) => page.locator('.check');

/// The verdict of a check made now, not the one that stands there from before.
async function told(page) {
  for (const old of await card(page).locator('[data-verdict]').all()) await old.evaluate((element) => element.setAttribute('data-old', ''));
  await card(page).getByRole('button', { name: '现在核对' }).click();
  return card(page).locator('[data-verdict]:not([data-old])').getAttribute('data-verdict');
}

async function giveFingerprint(page, fingerprint) {
  await card(page).getByLabel('公告栏上的公钥指纹').fill(fingerprint);
  await card(page).getByRole('button', { name: '记住这个指纹' }).click();
}

/// A visitor who has the fingerprint from the notice board.
async function visitor(t, shown = log) {
  const { page, standIn, seen } = await visit(t, scene);
  standIn.keepLog(shown);
  await page.reload();
  await giveFingerprint(page, log.fingerprint);
  return { page, standIn, seen };
}

describe('whoever checks the record', { concurrency: 3 }, () => {
  test('a signed record passes, also without WebCrypto, and is compared at the next visit', async (t) => {
    const { page, standIn, seen } = await visit(t, scene);
    await page.addInitScript(() => Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined }));
    standIn.keepLog(logOf(leaves.slice(0, 300)));
    await page.reload();
    await giveFingerprint(page, log.fingerprint.toUpperCase().replaceAll(' ', ':'));
    assert.equal(await told(page), 'good');
    assert.match(await card(page).innerText(), /共 300 条记录[^]*第 \d+ 号记录在里面[^]*第一次核对/);
    standIn.keepLog(log);
    await page.reload();
    assert.equal(await told(page), 'good');
    assert.match(await card(page).innerText(), /共 700 条记录[^]*上次核对时的 300 条记录原样都在/);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('one changed byte is rejected, wherever it is, and the true record passes again', async (t) => {
    const { page, standIn } = await visitor(t);
    const end = log.files.get('/checkpoint').length;
    for (const [path, at, fault] of [
      [bundle, leafAt + 40, 'absent'],
      [tile, 32 * (chosen ^ 1), 'absent'], // the leaf's neighbour
      ['/tile/1/000.p/2', 32, 'absent'], // the hash of the second bundle
      ['/tile/0/002.p/188', 5, 'absent'],
      ['/checkpoint', end - 40, 'signature'],
      ['/checkpoint', 20, 'signature'], // the size
    ]) {
      standIn.keepLog(spoilt(log, path, at));
      assert.equal(await told(page), fault, `${path} at ${at}`);
    }
    standIn.keepLog(log);
    assert.equal(await told(page), 'good');
  });

  test('every size of a tree proves its growth', async (t) => {
    const { page, standIn } = await visitor(t, logOf(leaves.slice(0, chosen + 1)));
    for (const size of [chosen + 1, chosen + 2, 255, 256, 257, 511, 512, 513, 700]) {
      standIn.keepLog(logOf(leaves.slice(0, size)));
      assert.equal(await told(page), 'good', `${size} leaves`);
    }
  });

  test('a rewritten past is rejected, though the right key signed it', async (t) => {
    const { page, standIn } = await visitor(t, logOf(leaves.slice(0, 600)));
    assert.equal(await told(page), 'good');
    const other = [...leaves];
    other[520] = other[520].replace('started', 'stopped');
    const rewritten = logOf(other);
    standIn.keepLog(rewritten);
    assert.equal(await told(page), 'rewritten');
    // Nor do tiles help that show the old past below a new root.
    const mixed = new Map([...rewritten.files].map(([path, bytes]) => [path, path === '/checkpoint' ? bytes : log.files.get(path)]));
    standIn.keepLog({ ...rewritten, files: mixed });
    assert.equal(await told(page), 'rewritten');
    standIn.keepLog(logOf(leaves.slice(0, 599)));
    assert.equal(await told(page), 'shorter');
    standIn.keepLog(log);
    assert.equal(await told(page), 'good', 'what was rejected is not kept');
  });

  test('another key is rejected, and a log that says something else than the page', async (t) => {
    const { page, standIn } = await visitor(t, logOf(leaves, 'somebody else'));
    assert.equal(await told(page), 'key');
    const other = [...leaves];
    other[chosen] = other[chosen].replace('"storey":', '"storey":1');
    standIn.keepLog(logOf(other));
    await page.reload();
    assert.equal(await told(page), 'differs');
  });

  test('a change of keys is followed where the old key signed it, however often, and the new key is kept', async (t) => {
    const { page, standIn } = await visitor(t);
    const turned = [...leaves];
    turned[610] = keyLeaf(610, 'box', 'second box');
    turned[650] = keyLeaf(650, 'second box', 'third box');
    const now = logOf(turned, 'third box');
    standIn.keepLog(now);
    await page.reload();
    assert.equal(await told(page), 'good');
    assert.match(await card(page).locator('[data-rotated]').innerText(), new RegExp(`换过公钥.*${now.fingerprint}`));
    await page.reload();
    assert.equal(await told(page), 'good');
    assert.equal(await card(page).locator('[data-rotated]').count(), 0, 'said once');
    standIn.keepLog(logOf(leaves));
    await page.reload();
    assert.equal(await told(page), 'key', 'the old key is not trusted any more');
  });

  test('a change of keys that the old key did not sign, or signed for another place, is not followed', async (t) => {
    const { page, standIn } = await visitor(t);
    for (const leaf of [keyLeaf(610, 'box', 'thief', ['thief']), keyLeaf(609, 'box', 'thief'), keyLeaf(610, 'other box', 'thief')]) {
      const turned = [...leaves];
      turned[610] = leaf;
      standIn.keepLog(logOf(turned, 'thief'));
      await page.reload();
      assert.equal(await told(page), 'key');
    }
  });

  test('the checkpoint can be carried away as a code that other devices read', async (t) => {
    const { page, seen } = await visitor(t);
    assert.equal(await told(page), 'good');
    await card(page).getByRole('button', { name: '带走这次的结果' }).click();
    const code = card(page).getByRole('img', { name: '签名检查点' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await code.scrollIntoViewIfNeeded();
    const rows = await page.evaluate(async (svg) => {
      const { width } = svg.viewBox.baseVal;
      const scale = 4;
      const canvas = Object.assign(document.createElement('canvas'), { width: width * scale, height: width * scale });
      const pen = canvas.getContext('2d');
      pen.scale(scale, scale);
      pen.translate(-svg.viewBox.baseVal.x, -svg.viewBox.baseVal.y);
      for (const path of svg.querySelectorAll('path')) {
        pen.fillStyle = getComputedStyle(path).fill;
        pen.fill(new Path2D(path.getAttribute('d')));
      }
      const pixels = pen.getImageData(0, 0, canvas.width, canvas.height).data;
      return { side: canvas.width, grey: Array.from({ length: canvas.width ** 2 }, (_, n) => pixels[n * 4]) };
    }, await code.elementHandle());
    const read = execFileSync('/usr/bin/python3', ['-c', `
import sys, zbar
side = int(sys.argv[1])
picture = zbar.Image(side, side, "Y800", sys.stdin.buffer.read())
zbar.ImageScanner().scan(picture)
print("".join(symbol.data for symbol in picture), end="")`, String(rows.side)], { input: Buffer.from(rows.grey), encoding: 'utf8' });
    assert.equal(read, log.files.get('/checkpoint').toString());
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('what was kept can be forgotten', async (t) => {
    const { page } = await visitor(t);
    assert.equal(await told(page), 'good');
    await card(page).getByRole('button', { name: '忘掉' }).click();
    await card(page).getByLabel('公告栏上的公钥指纹').waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('jieding.check')), null);
  });

  test('a file that cannot be had is no verdict', async (t) => {
    const files = new Map(log.files);
    files.delete(bundle);
    const { page } = await visitor(t, { ...log, files });
    await card(page).getByRole('button', { name: '现在核对' }).click();
    await card(page).getByText('没有取到记录').waitFor();
    assert.equal(await card(page).locator('[data-verdict]').count(), 0);
  });

  test('what is no fingerprint is told', async (t) => {
    const { page, standIn } = await visit(t, scene);
    standIn.keepLog(log);
    await giveFingerprint(page, log.fingerprint.slice(0, -1));
    await card(page).getByText('指纹应是 32 位').waitFor();
  });
});
