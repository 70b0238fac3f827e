import { describe, expect, it } from 'vitest'
import type { GroundingMode } from '../../../../src/core/grant.ts'
import { LoopShare } from '../../../../src/filters/loop-share.ts'
import { RunGrounding } from '../../../../src/gateway/ground/run-grounding.ts'
import { Answer } from '../../../../src/surfaces/answer.ts'
import { collect, delta, end, replay, toolResult } from '../../../support/agent-events.ts'
import { callGrant } from '../../../support/received-call.ts'
import { verifies } from '../../../support/verifies.ts'

const columns = ['store', 'revenue'].map((name) => ({ name, type: 'text' }))
const result = toolResult({ number: 1, table: { columns, rows: [['Berlin', 12], ['Paris', 7]], totalRows: 2 } }) // prettier-ignore
const lie = 'Berlin has a revenue of 9,999.'
const flooded = `${'Berlin has 12. '.repeat(401)}${lie}`
const padded = `${'So it is. '.repeat(4_000)}${lie}`

const groundingOf = (mode: GroundingMode) => {
  const messages = [{ role: 'user', content: 'How are the stores?' }] as const
  return new RunGrounding({ messages, grant: { ...callGrant, grounding: mode } }, new LoopShare())
}

/** What stands behind the words of an answer, where text alone is read. */
async function behind(words: string): Promise<string> {
  const answer = new Answer(0)
  const told = groundingOf('annotate').told(replay([result, delta(words, 2), end()]))
  for (const event of await collect(told)) answer.take(event)
  const options = { tableRows: 0, linkFor: () => null, mentionsFiles: false }
  return answer.appendix('| a | b |\n|---|---|\n| 1 | 2 |', options).map(({ text }) => text).join('') // prettier-ignore
}

describe('an answer that is longer than what is compared', () => {
  it.each([
    ['true figures before a false one', flooded],
    ['words before a false figure', padded],
  ])('says so behind its words, also where nothing before that is doubted: %s', async (_, words) => {
    verifies('groundedness.partly')
    expect(await behind(words)).toContain('> The answer is longer than what is compared: its first 400 figures')
  })

  it('is withheld where doubted figures are', async () => {
    for (const words of [flooded, padded]) {
      const { review } = groundingOf('block').review
      await expect(review?.(words, true)).rejects.toMatchObject({
        code: 'refused',
        message: 'The answer was withheld: it is longer than what is compared of one.',
      })
    }
  })

  it('is not told beside a call, where only what is borne out is', async () => {
    const { mayTell } = groundingOf('block').review
    expect(await mayTell?.(padded)).toBe(false)
    expect(await mayTell?.('So it is.')).toBe(true)
  })

  it('is no other one that is short', async () => {
    expect(await behind('Berlin has 12.')).toBe('')
  })
})
