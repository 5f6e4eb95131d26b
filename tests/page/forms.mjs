// The forms by which dates come into the record of a running gateway, and what they refuse: the operator records one with its
// document, the contractor claims one, the group finds it waiting; the operator stops public pictures, a viewer is told:
//   node forms.mjs OPERATOR_LINK CONTRACTOR_LINK GROUP_LINK VIEWER_LINK DOCUMENT OUTDIR
// There is a phase and a facility, a picture of b1, and a device of the contractor. OUTDIR takes files and pictures. Exit code 0: all
// was as it must be.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { barriersOf } from './barriers.mjs';
import { desk, startWalk } from './walk.mjs';

const [, , operatorLink, contractorLink, groupLink, viewerLink, document, folder] = process.argv;
const { browser, faults, expect, visit, shoot } = await startWalk(folder);

await mkdir(folder, { recursive: true });
const huge = join(folder, 'huge.pdf');
const lying = join(folder, 'lying.pdf');
await writeFile(huge, Buffer.alloc(50 * 1024 * 1024, '%PDF-1.7 '));
await writeFile(lying, 'this is no document');

const send = (form) => form.getByRole('button', { name: '写进记录' }).click();
const choose = (form, file) => form.locator('input[type="file"]').setInputFiles(file);

// The operator, on a desk.
const operator = await visit(operatorLink, { viewport: desk, wait: '.dated-form' });
const record = operator.locator('.dated-form[data-act="record"]');
await send(record);
await record.getByText('请选好日期和文件').waitFor();
await record.getByLabel('对象').selectOption('p1');
await record.getByLabel('事项').selectOption('agreement_signed');
await record.getByLabel('日期').fill('2024-03-01');
await choose(record, huge);
await send(record);
await record.getByText('文件超过 8 MB').waitFor();
await choose(record, lying);
await send(record);
await record.getByText('a document is a PDF').waitFor();
expect(415);
await choose(record, document);
await record.getByLabel('日期').fill('2999-01-01');
await send(record);
await record.locator('.result-bad').waitFor();
expect(400);
expect(409);
await record.getByLabel('日期').fill('2024-03-01');
await shoot(operator, 'record-form', '.dated-form');
await send(record);
await record.getByText(/已登记为记录第 \d+ 条/).waitFor();
await operator.getByRole('heading', { name: '签约' }).or(operator.locator('[data-milestone="agreement_signed"]')).first().waitFor();

// How many households wait: a count, and the correction of the same day.
const households = operator.locator('.household-form');
await send(households);
await households.getByText('请选好日期，三个数都填整数').waitFor();
await households.getByLabel('对象').selectOption('p1');
await households.getByLabel('统计日期').fill('2024-03-02');
for (const [name, number] of [['等待回迁（户）', '320'], ['已回迁（户）', '0'], ['等待登记（户）', '0']])
  await households.getByLabel(name).fill(number);
await send(households);
await households.getByText(/已写进记录第 \d+ 条/).waitFor();
await operator.locator('.households dd').getByText('320').waitFor();
await households.getByLabel('等待回迁（户）').fill('302');
await households.getByText('更正会另写一条').waitFor();
await shoot(operator, 'household-form', '.household-form');
await households.getByRole('button', { name: '更正这一天的户数' }).click();
await operator.locator('.households dd').getByText('302').waitFor();
await record.getByLabel('对象').selectOption('gas');
assert.deepEqual(await record.getByLabel('事项').locator('option').allInnerTexts(), ['配套具备'], 'a facility is ready, no more');

// The contractor, on a telephone.
const contractor = await visit(contractorLink, { wait: '.dated-form' });
const claim = contractor.locator('.dated-form[data-act="claim"]');
await contractor.locator('.own-devices [data-device="hoist-1"]').getByText('还没有送过数据').waitFor();
assert.equal(await contractor.locator('.own-devices [data-device="weather"]').count(), 0, 'another owner’s is not theirs');
await send(claim);
await claim.getByText('请选好日期').waitFor();
await claim.getByLabel('事项').selectOption('storey_cast');
await claim.getByLabel('第几层').selectOption('3');
await claim.getByLabel('日期').fill('2024-06-30');
await choose(claim, document);
await claim.getByLabel('说明，可不填（只给登录的人看）').fill('<script>alert(1)</script>');
assert.deepEqual(await barriersOf(contractor), []);
await shoot(contractor, 'claim-form', '.dated-form');
await send(claim);
await claim.getByText(/已申报为记录第 \d+ 条/).waitFor();
await shoot(contractor, 'own-devices', '.own-devices');

// The group finds both, and the claim's document opens.
const group = await visit(groupLink, { wait: '.waiting li' });
await group.locator('.waiting').getByText('第 3 层').waitFor();
assert.equal(await group.locator('.waiting li').count(), 2);

// Public pictures: stopped, told to whom only looks, and back.
const viewer = await visit(viewerLink, { wait: '.picture img' });
const pictures = operator.locator('.picture-switch');
const rule = (name) => pictures.getByLabel(name, { exact: true }).check();
const save = () => pictures.getByRole('button', { name: '保存并写进记录' }).click();
await rule('推迟公开');
await pictures.getByLabel('推迟几小时（1 到 720）').fill('0');
await save();
await pictures.getByText('请填 1 到 720').waitFor();
await rule('暂不公开');
assert.deepEqual(await barriersOf(operator), []);
await shoot(operator, 'picture-switch', '.picture-switch');
await save();
await pictures.getByText('已保存').waitFor();
await viewer.locator('[data-notice="pictures"]').getByText('照片暂不公开').waitFor();
const late = await visit(viewerLink, { wait: '.picture-none' });
await late.locator('.picture-none').getByText('照片暂不公开').waitFor();
expect(403);
await shoot(late, 'pictures-stopped', '.picture');
assert.equal(await group.locator('[data-notice="pictures"]').count(), 0);
await rule('马上公开');
await save();
await viewer.locator('[data-notice="pictures"]').waitFor({ state: 'detached' });

// A telephone whose clock is a day ahead tells the same ages.
const ahead = await visit(viewerLink, { wait: null });
await ahead.clock.install({ time: Date.now() + 24 * 3600 * 1000 });
await ahead.reload();
await ahead.waitForSelector('.picture img');
const caption = (page) => page.locator('.picture-caption').first().innerText();
assert.equal(await caption(ahead), await caption(await visit(viewerLink, { wait: '.picture img' })));

assert.deepEqual(faults, []);
await browser.close();
console.log('dates came in and what cannot be stayed out');
