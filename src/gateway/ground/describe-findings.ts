import type { AnswerGrounding } from '../../core/answer-grounding.ts'

const most = 20

/** What a model is told of an answer of its own that its results do not bear out. */
export function describeFindings({ marks, unfilled }: AnswerGrounding): string {
  const figures = marks.map(({ text, reason }) => `- "${text}": ${reason}`)
  const references = unfilled.map(({ text, why }) => `- ${text} names no value: ${why}.`)
  const found = [...figures, ...references]
  const more = found.length > most ? [`- and ${found.length - most} more`] : []
  return [...found.slice(0, most), ...more].join('\n')
}
