// The words of the form by which households are counted.

import { useWords } from './i18n';

const zh = {
  title: '登记户数',
  more: '只填户数，不填是谁。回迁、登记的期限要看还有多少户在等。',
  of: '对象',
  counted: '统计日期',
  awaitingReturn: '等待回迁（户）',
  housed: '已回迁（户）',
  awaitingRegistration: '等待登记（户）',
  document: '文件，可不附（PDF、JPEG、PNG，8 MB 以内）',
  send: '写进记录',
  correct: '更正这一天的户数',
  corrects: (n: number) => `这一天已有统计（记录第 ${n} 条）。更正会另写一条，原来那条仍然看得到。`,
  lacks: '请选好日期，三个数都填整数，没有就填 0。',
  tooLarge: '文件超过 8 MB。请压缩或分开以后再传。',
  done: (n: number) => `已写进记录第 ${n} 条。`,
};

type Spoken = typeof zh;

const en: Spoken = {
  title: 'Count households',
  more: 'Numbers only, not who they are. Whether return and registration are done hangs on how many wait.',
  of: 'Of',
  counted: 'Counted on',
  awaitingReturn: 'Awaiting return',
  housed: 'Returned',
  awaitingRegistration: 'Awaiting registration',
  document: 'Document, if there is one (PDF, JPEG, PNG, up to 8 MB)',
  send: 'Write into the record',
  correct: 'Correct the count of this day',
  corrects: (n) => `A count of this day stands as event ${n}. A correction is another event; the first one stays to be seen.`,
  lacks: 'Choose a day and give three whole numbers; 0 where there is none.',
  tooLarge: 'The file is larger than 8 MB. Make it smaller, or split it.',
  done: (n) => `Written as event ${n}.`,
};

export const useHouseholdWords = (): Spoken => (useWords().lang === 'en' ? en : zh);
