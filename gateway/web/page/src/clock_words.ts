// The words of the policy's clocks in both languages; the compiler checks that the tables agree.

import { sharedClockWords } from './shared_words';

export const clocksZh = {
  ...sharedClockWords(0),
  bulletin: '进度简报（可打印）',
  articleOf: (rule: string) => `条款 ${rule}`,
  told: (n: number) => `不用日期算的 ${n} 项`,
  chainStep: { done: '已完成', open: '最晚' },
  ofPolicy: (n: number) =>
    n === 0 ? '规定本身不留余地：各步期限加起来正好是总期限。' : `规定本身留有 ${n} 天。`,
  forecast: '结顶预测',
  forecastDay: (day: string, early: string, late: string, pace: string, storeys: number) =>
    `照现在每层 ${pace} 天的速度，约 ${day} 结顶（多半在 ${early} 到 ${late} 之间；依据 ${storeys} 层）。`,
  forecastNone: {
    done: '各层都已浇筑。',
    too_few: '看到的楼层还太少，看不出速度，不作预测。',
    standing_still: '很久没有新的楼层，速度已经断了，不作预测。',
    out_of_order: '楼层的日期前后矛盾，不作预测。',
    no_clock: '时钟没有校准，不作预测。',
  } as Record<string, string>,
  households: '户数',
  numbersOnly: '只记户数，不记是谁',
  counted: (day: string) => `${day} 统计`,
  awaitingReturn: '等待回迁',
  housed: '已回迁',
  awaitingRegistration: '等待登记',
  documents: '文件登记',
  documentsMore: '由运维人员凭文件登记，监督小组确认后才算数。',
  documentsNone: '还没有登记。',
};

export const clocksEn: typeof clocksZh = {
  ...sharedClockWords(1),
  bulletin: 'Progress bulletin (to print)',
  articleOf: (rule) => `Rule ${rule}`,
  told: (n) => `${n} that no date can tell`,
  chainStep: { done: 'done', open: 'at the latest' },
  ofPolicy: (n) =>
    n === 0 ? 'The policy itself leaves nothing: its steps add up to the limit.' : `The policy itself leaves ${n} days.`,
  forecast: 'Topping-out forecast',
  forecastDay: (day, early, late, pace, storeys) =>
    `At ${pace} days a storey, about ${day} (most likely between ${early} and ${late}; from ${storeys} storeys).`,
  forecastNone: {
    done: 'All storeys are cast.',
    too_few: 'Too few storeys were seen to know the rhythm: no forecast.',
    standing_still: 'No storey for long, the rhythm is broken: no forecast.',
    out_of_order: 'The storeys’ dates contradict each other: no forecast.',
    no_clock: 'The clock is not set: no forecast.',
  },
  households: 'Households',
  numbersOnly: 'numbers only, not who',
  counted: (day) => `counted ${day}`,
  awaitingReturn: 'awaiting return',
  housed: 'returned',
  awaitingRegistration: 'awaiting registration',
  documents: 'Recorded by document',
  documentsMore: 'Recorded by the operator with a document; counts once the supervision group has confirmed it.',
  documentsNone: 'Nothing is recorded yet.',
};
