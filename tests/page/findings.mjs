// Walks a finding from photo to closure through the page of a running gateway, as the supervision group
// and the contractor do, each on a telephone of their own:
//   node findings.mjs GROUP_LINK CONTRACTOR_LINK VIEWER_LINK PHOTO LATER_PHOTO [OUTDIR]
// With OUTDIR pictures of it stay there. Exit code 0: it went all the way.

import assert from 'node:assert/strict';

import { barriersOf } from './barriers.mjs';
import { startWalk } from './walk.mjs';

const [, , groupLink, contractorLink, viewerLink, photo, laterPhoto, folder] = process.argv;
const { browser, faults, expect, visit: open, shoot: shootOf } = await startWalk(folder);
const visit = (link) => open(link, { wait: '.findings' });
const shoot = (page, name) => shootOf(page, name, '.findings');

const finding = (page) => page.locator('.finding').first();
const status = (page, wanted) => page.waitForSelector(`.finding[data-status="${wanted}"]`);

async function takePhoto(form, file) {
  await form.locator('input[type="file"]').setInputFiles(file);
  await form.locator('.photo-field .thumbnail img').waitFor();
}

/// What is no photo stays out, with words, and the form goes on.
async function refuses(form) {
  const choose = (bytes) => form.locator('input[type="file"]').setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: bytes });
  await choose(Buffer.from('this is no photo'));
  await form.getByText('照片没有收下').waitFor();
  await choose(Buffer.alloc(49 * 1024 * 1024, 0xff));
  await form.getByText('这个文件打不开').waitFor();
  assert.equal(await form.locator('.photo-field img').count(), 0);
  expect(400);
}

async function raises(group) {
  await group.getByRole('button', { name: '提出问题' }).click();
  const form = group.locator('.finding-raise form');
  await form.getByRole('button', { name: '写进记录' }).click();
  await form.getByText('请写几句话').waitFor();
  await form.getByLabel('安全').check();
  await form.getByLabel('第几层（可不填）').selectOption('7');
  await form.getByLabel('具体位置（可不填）').fill('楼梯间，东侧');
  await form.getByLabel('哪里不对').fill('洞口没有护栏。');
  await form.getByRole('button', { name: '写进记录' }).click();
  await form.getByText('请先附一张照片').waitFor();
  await refuses(form);
  await takePhoto(form, photo);
  assert.deepEqual(await barriersOf(group), []);
  await shoot(group, 'raising');
  await form.getByRole('button', { name: '写进记录' }).click();
  await status(group, 'open');
}

async function does(page, act, text, file, after) {
  const row = finding(page);
  await row.getByRole('button', { name: act, exact: true }).click();
  const form = row.locator('form');
  if (text !== '') await form.locator('textarea').fill(text);
  if (file !== null) await takePhoto(form, file);
  if (file !== null) await shoot(page, `doing-${after}`);
  await form.getByRole('button', { name: '写进记录' }).click();
  await status(page, after);
}

const group = await visit(groupLink);
const contractor = await visit(contractorLink);
await group.getByText('还没有提出过问题').waitFor();
assert.equal(await contractor.getByRole('button', { name: '提出问题' }).count(), 0);
await raises(group);
await status(contractor, 'open'); // live, without a reload
await does(contractor, '答复', '明天装护栏。', null, 'answered');
await does(contractor, '整改', '', laterPhoto, 'put_right');
await status(group, 'put_right');
await does(group, '退回', '还缺一段。', null, 'open');
await does(contractor, '整改', '装好了。', laterPhoto, 'put_right');
await status(group, 'put_right');
await does(group, '办结', '', null, 'closed');
await finding(group).getByRole('button', { name: '看经过' }).click();
await group.getByText('装好了。').waitFor();
assert.match(await finding(group).innerText(), /洞口没有护栏。[^]*明天装护栏。[^]*还缺一段。/);
await shoot(group, 'closed');

const viewer = await visit(viewerLink);
await status(viewer, 'closed');
await finding(viewer).getByRole('button', { name: '看经过' }).click();
await viewer.getByText('只给登录的人看').first().waitFor();
assert.doesNotMatch(await viewer.locator('.findings').innerText(), /护栏|楼梯间/);
assert.equal(await finding(viewer).locator('.speak').count(), 0);
await shoot(viewer, 'viewer');
for (const page of [contractor, viewer]) assert.deepEqual(await barriersOf(page), []);
assert.deepEqual(faults, []);
await browser.close();
console.log('a finding went from photo to closure');
