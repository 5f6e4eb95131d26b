// The words of the contractor's programme, in both languages.

export const planZh = {
  legend: '计划进度',
  of: (zero: string, topped: string) => `施工单位的计划：${zero}做到地面（±0.00），${topped}结顶。`,
  on_plan: '进度和计划一致。',
  behind: (days: number, storeys: number) => `比计划晚 ${days} 天，少 ${storeys} 层。`,
  ahead: (days: number, storeys: number) => `比计划早 ${days} 天，多 ${storeys} 层。`,
  ended: {
    on_plan: '结顶和计划是同一天。',
    behind: (days: number) => `结顶比计划晚了 ${days} 天。`,
    ahead: (days: number) => `结顶比计划早了 ${days} 天。`,
  },
};

const days = (n: number): string => (n === 1 ? '1 day' : `${n} days`);
const storeys = (n: number): string => (n === 1 ? '1 storey' : `${n} storeys`);

export const planEn: typeof planZh = {
  legend: 'the programme',
  of: (zero, topped) => `The contractor’s programme: at ground level (±0.00) on ${zero}, topped out on ${topped}.`,
  on_plan: 'The works are as the programme has it.',
  behind: (late, short) => `${days(late)} and ${storeys(short)} behind the programme.`,
  ahead: (early, more) => `${days(early)} and ${storeys(more)} ahead of the programme.`,
  ended: {
    on_plan: 'Topped out on the day of the programme.',
    behind: (late) => `Topped out ${days(late)} later than the programme.`,
    ahead: (early) => `Topped out ${days(early)} earlier than the programme.`,
  },
};
