// The words of checking the record oneself, in both languages.

import type { Fault } from './verify/check';

export const checkZh = {
  title: '自己核对',
  more: '由您自己的手机或电脑来算：记录是不是用公告栏上那把公钥签的，有没有被改过。想更放心，可以请监督小组在别的电脑上用核对程序再查一遍。',
  fingerprint: '公告栏上的公钥指纹',
  fingerprintMore: '请照公告栏上的纸抄 32 位，不要从本页抄。只需填一次，留在您这台设备里。',
  fingerprintBad: '指纹应是 32 位，只有数字和字母 a 到 f，请对照公告栏再看一遍。',
  keep: '记住这个指纹',
  known: '您填过的指纹：',
  change: '重新填写',
  which: '核对哪一条',
  check: '现在核对',
  checking: '正在核对……',
  unreachable: '没有取到记录，这次没法核对，请稍后再试。',
  signed: (size: number) => `签名对得上：共 ${size} 条记录，用公告栏上的公钥签过名。`,
  included: (index: number) => `您选的第 ${index} 号记录在里面，内容和本页显示的一样。`,
  consistent: (size: number) => `上次核对时的 ${size} 条记录原样都在，之后只是往后添。`,
  first: '这是您第一次核对，已经记下现在的样子，下次来会自动对比。',
  notKept: '这个浏览器不保存数据，下次来没法和这次对比。',
  faults: {
    key: '公钥和您填的指纹对不上。先看看有没有抄错；没有抄错，就请监督小组查问，设备是不是换过公钥。',
    signature: '签名对不上，这份记录不可信。请告诉监督小组。',
    rewritten: '和您上次核对的记录对不上：以前的内容被改过。请告诉监督小组。',
    shorter: '记录比您上次核对时还少：可能取到的是旧的一份，也可能有人删了。过一会儿再试；还是这样，请告诉监督小组。',
    absent: '您选的这条和签过名的记录对不上。请告诉监督小组。',
    differs: '您选的这条，记录里写的和本页显示的不一样。请告诉监督小组。',
  } as Record<Fault, string>,
};

export const checkEn: typeof checkZh = {
  title: 'Check it yourself',
  more: 'Your own device works out whether the record is signed with the key on the notice board, and whether anything was changed. To be surer still, have the supervision group check it with the verifier on another computer.',
  fingerprint: 'Fingerprint of the key, from the notice board',
  fingerprintMore: 'Copy the 32 digits from the sheet on the board, not from this page. Once is enough; this device keeps it.',
  fingerprintBad: 'A fingerprint has 32 digits, 0 to 9 and a to f. Look at the notice board again.',
  keep: 'Keep this fingerprint',
  known: 'The fingerprint you gave: ',
  change: 'Give it again',
  which: 'Which entry',
  check: 'Check now',
  checking: 'Checking…',
  unreachable: 'The record could not be fetched, so nothing was checked. Try again later.',
  signed: (size) => `The signature holds: ${size} entries, signed with the key on the notice board.`,
  included: (index) => `Entry ${index}, which you chose, is among them and says what this page shows.`,
  consistent: (size) => `The ${size} entries of your last check are all there unchanged; the rest was added after them.`,
  first: 'This was your first check. What is there now is kept here, and compared next time.',
  notKept: 'This browser keeps nothing, so the next visit cannot compare.',
  faults: {
    key: 'The key does not fit the fingerprint you gave. See whether it was copied rightly; if it was, ask the supervision group whether the key was changed.',
    signature: 'The signature does not hold; this record cannot be trusted. Tell the supervision group.',
    rewritten: 'This is not what you checked last time: the past was changed. Tell the supervision group.',
    shorter: 'There are fewer entries than at your last check: an old copy, or some were removed. Try again later; if it stays so, tell the supervision group.',
    absent: 'The entry you chose does not fit the signed record. Tell the supervision group.',
    differs: 'The record says something else of this entry than this page shows. Tell the supervision group.',
  },
};
