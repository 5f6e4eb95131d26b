// The words of a device's last day, in both languages.

export const deviceDayZh = {
  open: '看最近一天的变化',
  loading: '正在读取……',
  failed: '暂时读不到，会自己再试。',
  none: '这一天没有读数。',
  from: (low: string, high: string) => `最低 ${low}，最高 ${high}`,
  limit: { above: (value: string) => `上限 ${value}`, below: (value: string) => `下限 ${value}` },
  gaps: (n: number) => `空白处没有数据（${n} 段）`,
  whole: '没有中断',
  join: '；',
};

export const deviceDayEn: typeof deviceDayZh = {
  open: 'See the last day',
  loading: 'Reading …',
  failed: 'It cannot be read at the moment; the page tries again.',
  none: 'Nothing was measured that day.',
  from: (low, high) => `lowest ${low}, highest ${high}`,
  limit: { above: (value) => `at most ${value}`, below: (value) => `at least ${value}` },
  gaps: (n) => (n === 1 ? 'nothing came where it is blank (1 gap)' : `nothing came where it is blank (${n} gaps)`),
  whole: 'without a gap',
  join: '; ',
};
