// What the box's refusals say to people, by their codes (openapi.yaml, Problem).

// Programs tell these apart, people need not: the door or the rules say so, the store or the rules.
const notYoursZh = '您的身份不能做这一步，没有写进去。';
const changedZh = '情况刚刚变了，没有写进去。请看一下最新状态。';
const notYoursEn = 'You may not do this; nothing was recorded.';
const changedEn = 'Things have just changed; nothing was recorded. Please look at the newest status.';

export const refusalsZh = {
  signed_out: '登录已失效，没有写进去，写的内容还在。请到本页最上面再登录一次。',
  forbidden: notYoursZh,
  not_their_part: notYoursZh,
  second_person: '登记文件的人不能自己确认，没有写进去。请另一位同事核对后确认。',
  conflict: changedZh,
  status_changed: changedZh,
  counted_already: '这一天已经登记过，没有写进去。请改为更正那一条。',
  out_of_order: '日期先后不对，没有写进去。请核对日期，或先更正另一件。',
  not_topped_out: '还有楼栋没有结顶记录，没有写进去。请先把结顶报上来并确认。',
  in_future: '这一天还没有到，没有写进去。请到了那天再登记。',
  due_too_early: '期限早于提出问题的那一天，没有写进去。请改一个日期。',
  no_picture: '这台相机还没有照片，请等第一张到了再试。',
  user_exists: '这个登录名已经有人用了。',
  last_operator: '至少要留一位运维人员。请先让另一个人当运维。',
  clock_untrusted: '盒子的时钟现在不准，不能确认和登记，没有写进去。等时钟校准后再试。',
  read_only: '盒子现在只能看，不能写，没有写进去。请联系运维人员。',
  full: '盒子的磁盘满了，没有写进去。请联系运维人员。',
  image_damaged: '这个文件不是能用的升级程序：不完整、被改动过，或者格式不对。请重新下载，或者向厂家再要一份。',
  image_signature: '这个程序没有签名，或者不是认可的厂家签的，不能用。请向厂家要签过名的程序。',
  image_board: '这个程序是给另一种传感器的，不能用。请选同一板型的程序。',
  image_counter: '这个程序的安全计数太低，或者没有安全计数，不能用。请用更新的程序。',
  unavailable: '盒子暂时写不了，没有写进去。请稍后再试。',
  internal: '盒子自己出了错，没有写进去。请稍后再试。',
  too_many: '操作太快了，没有写进去。请等一会儿再试。',
  too_large: '内容太大，没有写进去。',
};

export type RefusalCode = keyof typeof refusalsZh;

export const refusalsEn: Record<RefusalCode, string> = {
  signed_out: 'You are signed out; nothing was recorded, and what you wrote is still here. Sign in again at the top of the page.',
  forbidden: notYoursEn,
  not_their_part: notYoursEn,
  second_person: 'Whoever recorded a document cannot confirm it; nothing was recorded. Let a second person look at it.',
  conflict: changedEn,
  status_changed: changedEn,
  counted_already: 'That day has a count already; nothing was recorded. Correct that one.',
  out_of_order: 'The days are in the wrong order; nothing was recorded. Check the day, or have the other put right first.',
  not_topped_out: 'A building has no topping-out yet; nothing was recorded. Have that claimed and confirmed first.',
  in_future: 'That day lies ahead; nothing was recorded. Record it when it is reached.',
  due_too_early: 'The due day is before the finding was raised; nothing was recorded. Choose another day.',
  no_picture: 'There is no picture of this camera yet; try again when the first has come.',
  user_exists: 'Somebody has this sign-in name already.',
  last_operator: 'One operator must stay. Make somebody else one first.',
  clock_untrusted: 'The box’s clock is not trusted now; nothing was recorded. Try again when it is set.',
  read_only: 'The box can only be read now; nothing was recorded. Tell the operator.',
  full: 'The box’s disk is full; nothing was recorded. Tell the operator.',
  image_damaged: 'This file is no image that could be used: it is incomplete, was changed, or has another format. Fetch it again, or ask its maker.',
  image_signature: 'This image is not signed, or not by a maker that is trusted here; it cannot be used. Ask its maker for a signed one.',
  image_board: 'This image is for another kind of sensor node; it cannot be used. Choose one for this board.',
  image_counter: 'The security counter of this image is too low, or missing; it cannot be used. Use a newer one.',
  unavailable: 'The box cannot write at the moment; nothing was recorded. Try again later.',
  internal: 'The box itself failed; nothing was recorded. Try again later.',
  too_many: 'Too much at once; nothing was recorded. Wait a little and try again.',
  too_large: 'This is too large; nothing was recorded.',
};
