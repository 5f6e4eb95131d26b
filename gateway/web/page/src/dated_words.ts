// The words of the forms by which dates come into the record.

import { useWords } from './i18n';

interface DatedWords {
  title: string;
  more: string;
  done: (index: number | null) => string;
}

const zh = {
  record: {
    title: '登记一个日期',
    more: '凭文件登记。监督小组确认以后，法定时限才按这个日期算。登错了就再登记一次，监督小组会看到两个日期。',
    done: (n: number | null) => (n === null ? '已登记，等监督小组确认。' : `已登记为记录第 ${n} 条，等监督小组确认。`),
  } as DatedWords,
  claim: {
    title: '申报一个节点',
    more: '申报以后，盒子会和照片、升降机、塔吊的记录对照，再由监督小组确认。附上验收单、隐蔽工程记录等文件更容易核对。报错了就再报一次，两次都留在记录里。',
    done: (n: number | null) => (n === null ? '已申报，等监督小组确认。' : `已申报为记录第 ${n} 条，等监督小组确认。`),
  } as DatedWords,
  of: '对象',
  what: '事项',
  storey: '第几层',
  day: '日期',
  document: '文件（PDF、JPEG、PNG，8 MB 以内）',
  documentOptional: '文件，可不附（PDF、JPEG、PNG，8 MB 以内）',
  comment: '说明，可不填（只给登录的人看）',
  send: '写进记录',
  dayMissing: '请选好日期。',
  documentMissing: '请选好日期和文件。',
  tooLarge: '文件超过 8 MB。请压缩或分开以后再传。',
  wrongKind: '只收 PDF、JPEG、PNG 文件。',
  unreadable: '暂时读不到事项清单，请刷新页面再试。',
};

type Spoken = typeof zh;

const en: Spoken = {
  record: {
    title: 'Record a date',
    more: 'By a document. Clocks run on it once the supervision group has confirmed it. A wrong one is recorded again; the group sees both.',
    done: (n) => (n === null ? 'Recorded; the group confirms it.' : `Recorded as event ${n}; the group confirms it.`),
  },
  claim: {
    title: 'Claim a milestone',
    more: 'The box holds a claim against pictures, hoists and cranes; then the supervision group confirms it. A document (an acceptance sheet, say) makes it easier to check. A wrong one is claimed again; both stay in the record.',
    done: (n) => (n === null ? 'Claimed; the group confirms it.' : `Claimed as event ${n}; the group confirms it.`),
  },
  of: 'Of',
  what: 'What',
  storey: 'Storey',
  day: 'Date',
  document: 'Document (PDF, JPEG, PNG, up to 8 MB)',
  documentOptional: 'Document, if there is one (PDF, JPEG, PNG, up to 8 MB)',
  comment: 'A word, if you like (for people who signed in)',
  send: 'Write into the record',
  dayMissing: 'Choose a date.',
  documentMissing: 'Choose a date and a document.',
  tooLarge: 'The file is larger than 8 MB. Make it smaller, or split it.',
  wrongKind: 'PDF, JPEG or PNG only.',
  unreadable: 'The list cannot be read just now; reload the page.',
};

export const useDatedWords = (): Spoken => (useWords().lang === 'en' ? en : zh);
