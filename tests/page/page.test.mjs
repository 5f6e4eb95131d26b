// The laws of the page, tried in a real browser against the stand-in.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { visit } from './visit.mjs';

const words = async (page, selector = 'body') => (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ');
const row = (page, kind) => page.locator(`.row[data-milestone="${kind}"]`).first();

/// Opens a fresh sign-in link in another window of the same browser.
async function signInBeside(page, standIn) {
  standIn.renewLink();
  const window = await page.context().newPage();
  await window.goto(standIn.signInUrl);
  await window.waitForSelector('.person');
  await window.close();
  await page.bringToFront();
  await page.locator('.notice-lapsed').waitFor({ state: 'detached' });
}

describe('what neighbours see', { concurrency: 3 }, () => {
  test('storeys, stage, and a sentence that says it all', async (t) => {
    const { page, seen } = await visit(t, 'rising');
    assert.equal((await words(page, '.sentence')).replace('： ', '：'), '3 号楼：主体第 12 层，共 18 层');
    assert.match(await words(page, '.cast-line'), /已浇筑 12 \/ 18 层/);
    assert.match(await words(page, '.stage'), /主体结构/);
    assert.match(await words(page, '.uplink'), /市平台已回执 \d+ \/ \d+/);
    assert.match(await words(page, '.devices'), /PM10 81 µg\/m³/);
    assert.match(await words(page, '.devices'), /升降机到达 9 层/);
    assert.match(await words(page, '.devices'), /1 号塔吊 模拟，不是真的/);
    assert.equal(await page.locator('.facade .wall-infilled').count(), 9);
    assert.equal(await page.locator('.facade .net').count(), 2);
    await page.waitForSelector('.curve .line');
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('a change appears without a reload', async (t) => {
    const { page, standIn, seen } = await visit(t, 'rising');
    await page.evaluate(() => {
      window.sameDocument = true;
    });
    standIn.change((site) => {
      Object.assign(site.buildings[0].estimate, { storeys: 13, storeys_low: 13, storeys_high: 13 });
      site.devices[0].latest[0].value = 144;
    });
    await page.waitForFunction(() => document.querySelector('.sentence').textContent.includes('主体第 13 层'));
    assert.match(await words(page, '.devices'), /PM10 144 µg\/m³/);
    assert.equal(await page.evaluate(() => window.sameDocument), true);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('the curve keeps up with a quick demo and a slow box', async (t) => {
    const { page, standIn } = await visit(t, 'playback');
    standIn.slowHistory(600);
    await page.waitForSelector('.curve');
    const before = await page.getAttribute('.curve', 'aria-label');
    let step = 40;
    const timer = setInterval(() => standIn.show('playback', (step += 1)), 200);
    t.after(() => clearInterval(timer));
    await page.waitForFunction(
      (old) => document.querySelector('.curve').getAttribute('aria-label') !== old,
      before,
    );
    assert.ok(step < 100);
  });

  test('the days that are left, and which date is missing to tell', async (t) => {
    const { page, seen } = await visit(t, 'clocks');
    const clock = (rule) => page.locator(`.clock[data-rule="${rule}"]`).first();
    assert.match(await clock('R7').innerText(), /还有 622 天[^]*最晚 2026年6月20日/);
    assert.match(await clock('R5').innerText(), /超期完成 · 不合草案的原则/);
    assert.match(await words(page, '.clocks'), /这是草案，没有核实已经生效/);
    assert.match(await clock('R12').innerText(), /最晚 2027年5月20日/);
    assert.match(await words(page, '.chain'), /已经没有余地.*31 天.*规定本身不留余地/);
    assert.match(await words(page, '.forecasts'), /每层 9\.9 天.*2024年11月25日/);
    assert.match(await words(page, '.households'), /三墩北安置房二期 .*统计.*等待回迁 312/);
    assert.match(await clock('R18').innerText(), /还有户在等[^]*2024年10月1日 统计：还有 312 户在等/);
    assert.equal(await clock('R14').isVisible(), false);
    await page.getByText(/还算不出的 11 项/).click();
    assert.match(await clock('R14').innerText(), /算不出[^]*缺：二期“竣工备案”的日期/);
    assert.equal(await page.locator('.clock[data-standing="unknown"] .clock-days').count(), 0);
    assert.match(await words(page, '.documents'), /供水接入.*已登记/);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('a site without a policy shows no clocks', async (t) => {
    const { page } = await visit(t, 'rising');
    assert.equal(await page.locator('.clocks, .documents').count(), 0);
  });

  test('doubt is shown as an interval', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    standIn.change((site) => Object.assign(site.buildings[0].estimate, { storeys_low: 11, storeys_high: 13 }));
    await page.getByText('在 11 层到 13 层之间').waitFor();
    assert.match(await words(page, '.cast-line'), /11–13/);
  });

  test('cameras that exclude each other are both told, and no single figure is named', async (t) => {
    const { page, standIn, seen } = await visit(t, 'rising');
    assert.doesNotMatch(await words(page), /不一致/);
    standIn.change((site) => {
      const { estimate } = site.buildings[0];
      const [mast] = estimate.cameras;
      estimate.cameras.push({ ...mast, camera: 'gate', storeys: 4, storeys_low: 3, storeys_high: 4, grounds: {} });
      Object.assign(estimate, { storeys_low: 3, storeys_high: 12, confidence: 0.97, cameras_disagree: true });
    });
    const told = page.locator('.notice', { hasText: '几台摄像机看到的层数不一致' });
    await told.waitFor();
    assert.match(await told.innerText(), /不一致：.* 12 层、gate 4 层/);
    assert.match(await words(page, '.cast-line'), /3–12/);
    assert.match(await words(page, '.sentence'), /主体第 3–12 层/);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('who is sure names one figure, and the interval is drawn all the same', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    standIn.change((site) =>
      Object.assign(site.buildings[0].estimate, { storeys: 12, storeys_low: 11, storeys_high: 13, confidence: 0.97 }),
    );
    await page.getByText('97%').waitFor();
    assert.doesNotMatch(await words(page, '.cast-line'), /–/);
    assert.equal(await page.locator('.facade .interval, svg .interval').first().isVisible(), true);
  });

  test('a range beside the drawing is not cut', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    standIn.change((site) =>
      Object.assign(site.buildings[0].estimate, { storeys: 12, storeys_low: 10, storeys_high: 13, confidence: 0.4 }),
    );
    const label = page.locator('.facade .level-text').filter({ hasText: '10–13' });
    await label.waitFor();
    const room = await label.evaluate((text) => {
      const { x, width } = text.getBBox();
      return text.ownerSVGElement.viewBox.baseVal.width - x - width;
    });
    assert.ok(room >= 0, `${-room} px too wide`);
  });

  test('the reason for the number is told in words', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    assert.match(await words(page, '.cast-why'), /最高到 13\.4 层.*约 1\.5 层是脚手架或模板，13\.4 − 1\.5 = 11\.9 层/);
    standIn.change((site) => {
      const { grounds } = site.buildings[0].estimate.cameras[0];
      Object.assign(grounds, { top_edge: 4.8, outweighed: 3.4, light_unknown: 0.8, counted: 11, new_in_a_later_version: 1 });
    });
    await page.getByText('单看这一张像是 3.4 层').waitFor();
    assert.match(await words(page, '.cast-why'), /仍按 12 层。.*光线以前没有见过.*有人数过：11 层/);
  });

  test('a building higher than its plan says so and asks for the plan', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out');
    standIn.change((site) => {
      const { estimate } = site.buildings[0];
      Object.assign(estimate, { storeys: 18, storeys_low: 18, storeys_high: 20, confidence: 0.1 });
      estimate.cameras[0].grounds = { top_edge: 20.6, beyond_plan: 20.9 };
    });
    await page.getByText('楼体已经到 20.9 层的高度').waitFor();
    assert.match(await words(page, '.cast-why'), /超过了计划的层数。请核对计划层数/);
    assert.match(await words(page, '.cast-line'), /18–20/);
  });

  test('a roof that nobody sees is said to be reckoned', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out');
    standIn.change((site) => {
      const { estimate } = site.buildings[0];
      Object.assign(estimate, { storeys: 18, storeys_low: 12, storeys_high: 18, confidence: 0.1 });
      estimate.cameras[0].grounds = { top_edge: 14.0, works_ahead: 1.5, view_ends: 14.0, by_pace: 18 };
    });
    await page.getByText('楼顶在画面外，照快慢推算大约已到顶').waitFor();
    assert.match(await words(page, '.cast-why'), /照看得见时的快慢推算/);
  });

  test('topping-out is called certain only once people have confirmed it', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out');
    assert.match(await words(page, '.sentence'), /看上去已到顶.*等人确认/);
    standIn.change((site) => {
      site.buildings[0].milestones.find((one) => one.milestone === 'topping_out').status = 'confirmed';
    });
    await page.getByText('主体已结顶，共 18 层').waitFor();
  });

  test('the demo says that its clock follows the pictures', async (t) => {
    const { page } = await visit(t, 'playback');
    assert.match(await words(page, '.notice-playback'), /演示：时钟跟随影像/);
  });

  test('a box that only shows its record says that it may have been altered', async (t) => {
    const { page } = await visit(t, 'only_shown');
    assert.match(await words(page, '.notice-read-only'), /只展示记录.*可能被人改过.*自己核对/);
  });

  test('a site with nothing yet is told in words', async (t) => {
    const { page, seen } = await visit(t, 'empty');
    const text = await words(page);
    for (const told of ['还没有画面', '还没有照片', '还没有足够的画面', '还没有里程碑', '还没有接上设备', '没有接市平台']) {
      assert.ok(text.includes(told), told);
    }
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('what the group found wrong, how long it is open, and that it is overdue, without words for viewers', async (t) => {
    const { page } = await visit(t, 'troubled');
    const late = page.locator('.finding[data-finding="31"]');
    await late.waitFor();
    assert.match(await words(page, '.findings-count'), /未办结 2 件，其中逾期 1 件/);
    assert.match((await late.innerText()).replace(/\s+/g, ' '), /安全 · .*7 层.*已答复，未整改.*逾期 已 20 天 · 期限 2024年8月20日/);
    await late.getByRole('button', { name: '看经过' }).click();
    await late.getByText('只给登录的人看').first().waitFor();
    assert.doesNotMatch(await late.innerText(), /护栏|楼梯间/);
    assert.equal(await late.getByRole('button', { name: '办结' }).count(), 0);
    const { page: mine } = await visit(t, 'troubled', { url: 'signInUrl' });
    const own = mine.locator('.finding[data-finding="31"]');
    await own.getByRole('button', { name: '看经过' }).click();
    await own.getByText('洞口没有护栏').waitFor();
    assert.match(await own.innerText(), /楼梯间，东侧/);
    assert.equal(await own.getByRole('button', { name: '办结' }).count(), 1);
  });

  test('a proposal that a crane contradicts says so', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out');
    standIn.change((site) => {
      site.buildings[0].milestones.find((one) => one.milestone === 'topping_out').statements[0].contradicted_by = ['crane-1'];
    });
    await page.getByText('到过的高度与此不符，所以不能互相佐证').waitFor();
  });

  test('while pictures are delayed one sees the newest that is old enough, there and in the curve; the group sees today', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    const { page: mine, standIn: other } = await visit(t, 'rising', { url: 'signInUrl' });
    let newest;
    let older;
    const delay = (site, history) => {
      const { estimate } = site.buildings[0];
      newest = estimate.overlay;
      const points = history.b1.points.filter((point) => point.picture !== null);
      older = points[Math.floor(points.length / 2)];
      const hours = Math.floor((Date.parse(site.clock.now) - Date.parse(older.at)) / 3_600_000);
      site.site.name = '照片推迟的工地';
      site.pictures = { shown: 'delayed', delay_hours: hours };
      site.buildings[0].public_picture = { picture: older.picture, overlay: null, picture_at: older.at };
    };
    standIn.change(delay);
    await page.getByText('已经公开的最新一张照片').waitFor();
    const source = (where) => where.locator('.picture img').first().getAttribute('src');
    assert.match(await source(page), new RegExp(older.picture));
    await page.locator('.pictures').getByRole('button', { name: '看当天照片' }).click();
    assert.match(await page.locator('.pictures-shown img').getAttribute('src'), new RegExp(older.picture));
    other.change(delay);
    await mine.locator('#site-name').getByText('照片推迟的工地').waitFor();
    assert.match(await source(mine), new RegExp(newest));
    standIn.change((site) => {
      site.pictures = { shown: 'stopped', delay_hours: 0 };
      site.buildings[0].public_picture = null;
    });
    await page.locator('.pictures').waitFor({ state: 'detached' });
    assert.equal((await words(page, '.picture')).trim(), '照片暂不公开', 'nothing is said of a picture that is not shown');
  });

  test('a refused picture says why', async (t) => {
    const { page } = await visit(t, 'troubled');
    assert.match(await words(page, '#building-b1 .refused-frame'), /图片损坏/);
    assert.match(await words(page, '#building-b2 .refused-frame'), /太暗、有雾、something_new/);
  });

  test('hoists and cranes stand beside the estimate and the milestones, with what they say', async (t) => {
    const { page } = await visit(t, 'troubled');
    const beside = '#building-b1 .witnesses';
    assert.match(await words(page, `${beside} [data-says="supports"]`), /1 号施工升降机：停靠到过 9 层，至少已浇筑 8 层 · 相符.*2024年8月30日 13:30/);
    assert.match(await words(page, `${beside} [data-says="contradicts"]`), /吊钩到过 12 米，至多 4 层 · 不符/);
    assert.match(await words(page, '#building-b1 .milestones [data-says="supports"]'), /旁证 1 号施工升降机：相符/);
    assert.equal(await page.locator('#building-b2 .witnesses').count(), 0);
  });

  test('what is raised is said on top of the devices, with what was measured and since when', async (t) => {
    const { page } = await visit(t, 'troubled');
    const alert = async (which) => (await words(page, which)).replace(/\s+/g, ' ');
    assert.match(await alert('.alert[data-level="alarm"][data-alert="limit"]'), /报警.*1 号施工升降机.*升降机超载：升降机载重 2,140 kg，上限 2,000 kg/);
    assert.match(await alert('.alert[data-level="alarm"][data-alert="limit"]'), /自 2024年8月30日 13:41.*时有时无/);
    assert.match(await alert('.alert[data-level="warning"] >> nth=0'), /slab.*混凝土里温减混凝土表温 26\.5 °C，上限 25 °C/);
    assert.match(await alert('.alert[data-level="warning"] >> nth=1'), /夜间噪声超标.*58 dB，上限 55 dB（每天 22:00 至 06:00）/);
    assert.match(await alert('.alert[data-level="warning"] >> nth=2'), /降温过快：混凝土里温 24 小时变化 -2\.4 °C，下限 -2 °C/);
    assert.match(await alert('.alert[data-alert="silence"] >> nth=0'), /塔吊风速仪.*没有消息.*最后一次消息：2024年8月30日 13:10/);
    assert.match(await alert('.alert[data-alert="silence"] >> nth=1'), /还没有消息/);
    assert.match(await alert('.alert[data-alert="part"]'), /有故障.*设备接入 modbus.*ttyUSB0.*自 2024年8月30日 13:00/);
    assert.equal(await page.locator('.alert[data-alert="part"]').count(), 1);
    await page.getByRole('button', { name: 'English' }).click();
    assert.match(await alert('.alert[data-level="warning"] >> nth=0'), /Core too warm: Concrete, core less Concrete, surface 26\.5 °C, at most 25 °C/);
  });

  test('a quiet site has no list of alerts', async (t) => {
    const { page } = await visit(t, 'rising');
    assert.match(await words(page, '.devices'), /PM10/);
    assert.equal(await page.locator('.alert-list').count(), 0);
  });

  test('a device says since when it is not well, and what was let pass, in plain words', async (t) => {
    const { page } = await visit(t, 'troubled');
    const dust = page.locator('.device', { hasText: 'packet 2 of 3' });
    assert.match(await dust.locator('.device-reason').innerText(), /自 2024年8月30日 13:20/);
    await dust.locator('.device-counts summary').click();
    assert.match((await dust.locator('.device-counts').innerText()).replace(/\s+/g, ' '),
      /3 种情况 校验码按 Modbus 计算 1,204 次 心跳 3 次 tolerated\.something_new 1 次/);
  });

  test('the latest picture opens large, with and without the storey ruler', async (t) => {
    const { page, seen } = await visit(t, 'rising');
    const shown = () => page.locator('.viewer img').getAttribute('src');
    await page.locator('.picture-open').click();
    const ruled = await shown();
    await page.locator('.viewer').getByText('叠加楼层标尺').click();
    assert.notEqual(await shown(), ruled);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.viewer', { state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.className), 'picture-open');
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('the slider walks through the days by keyboard', async (t) => {
    const { page } = await visit(t, 'rising');
    const slider = page.getByLabel('拖动看某一天');
    await slider.focus();
    await page.keyboard.press('Home');
    assert.match(await words(page, '.chart-readout'), /2024年3月3日：0 层/);
    await page.keyboard.press('ArrowRight');
    assert.match(await words(page, '.chart-readout'), /2024年3月14日：0 层/);
  });

  test('all storeys are shown when asked for', async (t) => {
    const { page } = await visit(t, 'rising');
    const storeys = page.locator('.row[data-milestone="storey_cast"]');
    assert.equal(await storeys.count(), 1);
    await page.getByRole('button', { name: '显示全部 12 层' }).click();
    assert.equal(await storeys.count(), 12);
  });

  test('English is one press away and remembered', async (t) => {
    const { page, seen } = await visit(t, 'rising');
    await page.getByRole('button', { name: 'English' }).click();
    assert.match(await words(page, '.sentence'), /structure at storey 12 of 18/);
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.reload();
    await page.getByText('structure at storey 12 of 18').waitFor();
    assert.doesNotMatch(await words(page, '.legend'), /[\u4e00-\u9fff]/);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('the box out of reach: the last state stays, with its age; then it comes back', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    await standIn.stop();
    const notice = page.locator('.notice-away');
    await notice.waitFor();
    assert.match(await words(page, '.notice-away'), /连不上工地上的盒子.*下面是.*的情况（.*(秒前|分钟前|刚刚)），不是现在的/);
    assert.match(await words(page, '.sentence'), /主体第 12 层/);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    assert.equal((await notice.boundingBox()).y, 0, 'in view wherever one is');
    await page.waitForFunction(() => /\d+ 秒前/.test(document.querySelector('.fresh').textContent));
    await standIn.restart();
    await notice.waitFor({ state: 'detached' });
    assert.match(await words(page, '.fresh'), /实时更新中/);
  });
});

describe('who may look', { concurrency: 3 }, () => {
  test('the viewer link is exchanged and leaves the address bar', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    assert.equal(page.url(), `${standIn.url}/`);
    assert.equal(await page.evaluate(() => history.length <= 2), true);
    await page.reload();
    await page.waitForSelector('.building');
  });

  test('without a link the page says how to get one', async (t) => {
    const { page } = await visit(t, 'rising', { url: 'url', wait: '.gate' });
    assert.match(await words(page), /怎样拿到链接/);
    assert.match(await words(page), /公示牌/);
    assert.equal(await page.locator('.building').count(), 0);
  });

  test('a used-up link is told as such', async (t) => {
    const { page, standIn } = await visit(t, 'rising', { url: 'url', wait: '.gate' });
    await page.goto(`${standIn.url}/?signin=wrong`);
    await page.getByText('这个链接用不了').waitFor();
    assert.equal(page.url(), `${standIn.url}/`);
    await page.goto(`${standIn.url}/?signin=once-too-often`);
    await page.getByText('试错的次数太多').waitFor();
  });

  test('a session that ends brings the page for link-seekers', async (t) => {
    const { page, standIn } = await visit(t, 'rising');
    standIn.forgetSessions();
    standIn.change(() => undefined);
    await page.waitForSelector('.gate');
  });

  test('signing out ends it', async (t) => {
    const { page } = await visit(t, 'rising', { url: 'signInUrl' });
    assert.match(await words(page, '.topbar'), /李阿姨/);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForSelector('.gate');
  });
});

describe('the supervision group', { concurrency: 3 }, () => {
  test('confirms, and sees the new status', async (t) => {
    const { page, standIn, seen } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const topping = row(page, 'topping_out');
    assert.match(await topping.innerText(), /待佐证/);
    const labels = await topping.locator('.thumbnail-label').allInnerTexts();
    assert.deepEqual(labels, ['之前', '之后'], 'the picture before it was so stands beside the one after');
    await topping.getByRole('button', { name: '确认', exact: true }).click();
    await topping.getByText('写进记录后不能删除').waitFor();
    await topping.getByRole('button', { name: '确认并写进记录' }).click();
    await topping.locator('.result-good').waitFor();
    assert.match(await topping.locator('.result-good').innerText(), /已写进记录第 \d+ 条，现在是“已确认”/);
    await page.waitForSelector('.row[data-milestone="topping_out"][data-status="confirmed"]');
    assert.match(await topping.innerText(), /监督小组 确认/);
    assert.deepEqual(standIn.asked, [
      { building: 'b1', milestone: 'topping_out', storey: 0, act: 'confirm', comment: '' },
    ]);
    assert.deepEqual(seen, { faults: [], elsewhere: [] });
  });

  test('opens the document of a claim, which who only looks is told of', async (t) => {
    const { page } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const link = row(page, 'zero_level').getByRole('link', { name: '打开所附文件' });
    assert.equal(await link.getAttribute('href'), `/api/v1/documents/${'5d'.repeat(32)}`);
    const neighbour = await visit(t, 'topped_out');
    assert.match(await row(neighbour.page, 'zero_level').innerText(), /附有文件（记录里留指纹）/);
    assert.equal(await neighbour.page.locator('a[href*="documents"]').count(), 0);
  });

  test('a dispute without a reason is not sent; with one it is', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const topping = row(page, 'topping_out');
    await topping.getByRole('button', { name: '有异议' }).click();
    await topping.getByRole('button', { name: '提交异议' }).click();
    assert.match(await topping.locator('.result-bad').innerText(), /必须写明原因/);
    await topping.getByLabel('请写明哪里不对').fill('   ');
    await topping.getByRole('button', { name: '提交异议' }).click();
    assert.deepEqual(standIn.asked, []);
    await topping.getByLabel('请写明哪里不对').fill('女儿墙还没有浇');
    await topping.getByRole('button', { name: '提交异议' }).click();
    await page.waitForSelector('.row[data-milestone="topping_out"][data-status="disputed"]');
    assert.equal(standIn.asked[0].comment, '女儿墙还没有浇');
  });

  test('a refusal is told in the row, and what was written stays', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const topping = row(page, 'topping_out');
    await topping.getByRole('button', { name: '有异议' }).click();
    await topping.getByLabel('请写明哪里不对').fill('日期不对');
    standIn.refuseWith({ status: 403, title: 'Forbidden', code: 'forbidden', detail: 'not you' });
    await topping.getByRole('button', { name: '提交异议' }).click();
    await topping.getByText('您的身份不能做这一步').waitFor();
    standIn.refuseWith({ status: 503, title: 'Not available now', code: 'clock_untrusted', detail: 'the clock' });
    await topping.getByRole('button', { name: '提交异议' }).click();
    await topping.getByText('盒子的时钟现在不准').waitFor();
    standIn.refuseWith({ status: 409, title: 'Conflict', code: 'out_of_order', detail: 'acceptance lies before topping_out' });
    await topping.getByRole('button', { name: '提交异议' }).click();
    await topping.getByText('日期先后不对，没有写进去。请核对日期，或先更正另一件。 (acceptance lies before topping_out)').waitFor();
    standIn.refuseWith({ status: 422, title: 'No', code: 'newer_than_this_page', detail: 'day lies ahead' });
    await topping.getByRole('button', { name: '提交异议' }).click();
    await topping.getByText('没有写进去：day lies ahead').waitFor();
    await standIn.stop();
    await topping.getByRole('button', { name: '提交异议' }).click();
    await topping.getByText('连不上盒子，没有写进去').waitFor();
    assert.equal(await topping.getByLabel('请写明哪里不对').inputValue(), '日期不对');
    await standIn.restart();
  });

  test('a live change does not disturb what somebody is writing', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const topping = row(page, 'topping_out');
    await topping.getByRole('button', { name: '有异议' }).click();
    await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
    await page.keyboard.type('half a ');
    standIn.change((site) => {
      site.devices[0].latest[0].value = 99;
    });
    await page.getByText('99 µg/m³').waitFor();
    await page.keyboard.type('sentence');
    assert.equal(await topping.getByLabel('请写明哪里不对').inputValue(), 'half a sentence');
  });

  test('the whole way by keyboard', async (t) => {
    const { page } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const onConfirm = () =>
      page.evaluate(() => {
        const here = document.activeElement;
        return here.closest('[data-milestone="topping_out"]') !== null && here.textContent === '确认';
      });
    let presses = 0;
    while (!(await onConfirm())) {
      presses += 1;
      assert.ok(presses < 60, 'the confirm button is not reached by Tab');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.textContent === '确认');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.tagName === 'TEXTAREA');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.row[data-milestone="topping_out"][data-status="confirmed"]');
  });

  test('pictures that did not come while one was signed out come after signing in again', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl' });
    const evidence = '**/api/v1/evidence/**';
    await page.route(evidence, (route) => route.fulfill({ status: 401 }));
    await page.reload();
    await page.waitForSelector('.curve');
    await page.getByRole('button', { name: '看当天照片' }).click();
    await page.getByRole('button', { name: '两天对比' }).click();
    await row(page, 'topping_out').scrollIntoViewIfNeeded();
    await page.locator('.picture-none').waitFor();
    await page.locator('.thumbnail-missing').first().waitFor();
    standIn.forgetSessions();
    standIn.change(() => undefined);
    await page.locator('.notice-lapsed').waitFor();
    await page.unroute(evidence);
    await signInBeside(page, standIn);
    await page.waitForFunction(() => document.querySelectorAll('.picture-none, .thumbnail-missing').length === 0);
    for (const where of ['.picture', '.pictures-shown', '.compare', '.thumbnail']) {
      await page.locator(`${where} img`).first().scrollIntoViewIfNeeded();
      await page.waitForFunction((one) => document.querySelector(`${one} img`).naturalWidth > 0, where);
    }
  });

  test('who was signed out elsewhere is told, also on a site that anybody may look at', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl', open: true });
    const topping = row(page, 'topping_out');
    await topping.getByRole('button', { name: '有异议' }).click();
    await topping.getByLabel('请写明哪里不对').fill('日期不对');
    standIn.forgetSessions();
    standIn.change(() => undefined);
    await page.locator('.notice-lapsed').getByText('登录已失效').waitFor();
    await signInBeside(page, standIn);
    await topping.getByRole('button', { name: '提交异议' }).click();
    await page.waitForSelector('.row[data-milestone="topping_out"][data-status="disputed"]');
    assert.equal(standIn.asked[0].comment, '日期不对');
  });

  test('whoever signs in anew in another window goes on in this one', async (t) => {
    const { page, standIn } = await visit(t, 'topped_out', { url: 'signInUrl' });
    await signInBeside(page, standIn);
    const topping = row(page, 'topping_out');
    await topping.getByRole('button', { name: '确认', exact: true }).click();
    const sent = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/session'));
    standIn.change(() => undefined);
    await sent;
    await topping.getByRole('button', { name: '确认并写进记录' }).click();
    await page.waitForSelector('.row[data-milestone="topping_out"][data-status="confirmed"]');
  });

  test('somebody who only looks is offered no buttons', async (t) => {
    const { page } = await visit(t, 'topped_out');
    assert.equal(await page.getByRole('button', { name: '确认', exact: true }).count(), 0);
  });
});

describe('for everybody', { concurrency: 3 }, () => {
  for (const scene of ['rising', 'topped_out', 'troubled', 'empty', 'clocks']) {
    test(`${scene}: nothing to scroll sideways on a narrow telephone, nothing too small to press`, async (t) => {
      const { page } = await visit(t, scene, { url: 'signInUrl', viewport: { width: 320, height: 640 } });
      for (const width of [320, 390, 768, 1440]) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForTimeout(150);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${over} px too wide at ${width}`);
      }
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, a[href], summary, input, textarea')]
          .filter((one) => !one.matches('.skip, .toggle input'))
          .filter((one) => one.getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML.slice(0, 120)),
      );
      assert.deepEqual(small, []);
      const tiny = await page.evaluate(() =>
        [...document.querySelectorAll('main *, header *, .topbar *')]
          .filter((one) => !one.closest('svg, .visually-hidden') && [...one.childNodes].some((node) => node.nodeType === 3))
          .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 16)
          .map((one) => `${one.className}: ${one.textContent}`),
      );
      assert.deepEqual(tiny, []);
    });
  }

  test('a name that is HTML stays a name', async (t) => {
    const { page, seen } = await visit(t, 'troubled');
    assert.match(await words(page, '#building-b1 .sentence'), /<img src=x onerror=/);
    assert.match(await words(page, 'h1'), /<script>alert\(1\)<\/script>/);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.doesNotMatch(await page.title(), /^broken/);
    const faults = seen.faults.filter((fault) => !fault.includes('404'));
    assert.deepEqual({ ...seen, faults }, { faults: [], elsewhere: [] });
  });
});
