// The operator sets up a camera on the page of a running gateway: by mouse, by keys, on a desk and a
// telephone:
//   node operator.mjs OPERATOR_LINK PICTURE [OUTDIR]
// With OUTDIR pictures of it stay there. Exit code 0: all was as it must be.

import assert from 'node:assert/strict';

import { barriersOf } from './barriers.mjs';
import { desk, startWalk } from './walk.mjs';

const [, , link, picture, folder] = process.argv;
const { browser, faults, visit, shoot: shootOf } = await startWalk(folder);
const page = await visit(link, { viewport: desk, wait: '.camera-setup' });
const shoot = (name) => shootOf(page, name, '.camera-setup');
const card = page.locator('.camera-setup');
const corner = (name) => card.locator(`.camera-handle[aria-label^="${name}"]`);
const at = async (name) => {
  const [, x, y] = /横 (-?\d+)，纵 (-?\d+)/.exec(await corner(name).getAttribute('aria-label'));
  return [Number(x), Number(y)];
};
const told = (text) => card.getByText(text).waitFor();

await corner('楼顶右').waitFor();
assert.equal(await card.locator('.camera-ruler line').count(), 19, 'the ruler has a line for each of 18 storeys');
await shoot('operator-corners');

// By mouse: the point lies where the pointer let go.
const start = await at('楼顶右');
await corner('楼顶右').scrollIntoViewIfNeeded();
await page.waitForTimeout(300);
const box = await corner('楼顶右').locator('.camera-ring').boundingBox();
const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
await page.mouse.move(x, y);
await page.mouse.down();
await page.mouse.move(x + 40, y + 30, { steps: 4 });
await page.mouse.up();
const dragged = await at('楼顶右');
assert.ok(dragged[0] > start[0] && dragged[1] > start[1], `${start} → ${dragged}`);

// By keys: a pixel, and ten.
await corner('楼顶右').focus();
await page.keyboard.press('ArrowLeft');
await page.keyboard.press('Shift+ArrowUp');
assert.deepEqual(await at('楼顶右'), [dragged[0] - 1, dragged[1] - 10]);

// Crossing corners never leave the page.
await card.getByText('用数字填写四个角').click();
await card.getByLabel('楼顶右横').fill('100');
await card.getByLabel('楼顶右横').press('Tab');
await card.getByRole('button', { name: '保存并写进记录' }).click();
await told('四个角的顺序不对');
await card.getByRole('button', { name: '放弃改动' }).click();
assert.deepEqual(await at('楼顶右'), start);

// The ruler's error, as `jieding calibrate` tells it.
await card.getByRole('button', { name: '推算楼顶，看误差' }).click();
await told(/楼顶处预计误差 ±\d\.\d\d 层/);

// A picture of one's own is shown and goes nowhere.
const sent = [];
page.on('request', (request) => {
  if (request.method() !== 'GET') sent.push(request.url());
});
await card.getByLabel('用本机的照片来标').setInputFiles(picture);
await told('没有上传');
assert.match(await card.locator('.camera-picture image').getAttribute('href'), /^blob:/);
assert.deepEqual(sent, []);

// A mask, one corner of it moved, then all of it saved.
await card.getByRole('button', { name: '加一块遮挡' }).click();
await corner('遮挡 1 的第 3 个点').focus();
await page.keyboard.press('Shift+ArrowDown');
assert.deepEqual(await barriersOf(page), []);
await shoot('operator-mask');
await card.getByRole('button', { name: '保存并写进记录' }).click();
await told(/已写进记录第 \d+ 条/);

await page.reload();
await told('现在用的是页面上的设置');
assert.equal(await card.locator('.camera-mask').count(), 1);
await card.getByRole('button', { name: '改回配置文件里的设置' }).click();
await told('现在用的是配置文件里的设置');
assert.equal(await card.locator('.camera-mask').count(), 0);
assert.deepEqual(faults, []);
await browser.close();
console.log('the operator set up a camera');
