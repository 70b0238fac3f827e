import { describe, expect, it } from 'vitest'
import { calls, clientsOf, startModerated, type ModeratedService } from '../support/moderation/moderated-service.ts'
import { watchedThresholds } from '../support/moderation/watched-thresholds.ts'
import { writes } from '../support/moderation/written-answers.ts'

const both = (toxicity: object) => ({
  callers: {
    version: 3,
    inbound: { toxicity, pii: { action: 'allow' } },
    outbound: { toxicity, pii: { action: 'allow' }, link: { action: 'allow' } },
  },
})
const block = both({ action: 'block', threshold: 0.7 })

const sentence = 'The harbour was calm that day and nobody said a word about it. '
const harmless = sentence.repeat(10)

function letWrite(service: ModeratedService, text: string) {
  const pieces = text.match(/[^]{1,7}/g) ?? []
  for (const upstream of [service.openai, service.anthropic]) upstream.answer = (request) => writes(request, { pieces })
}

describe.each(Object.entries(calls))('thresholds in force, %s', (_title, call) => {
  it('decide in the place of those of the configuration, and stand in the notice', async () => {
    const { thresholds } = watchedThresholds({ toxicity: 0.55 })
    await using service = await startModerated({ profiles: block, thresholds })
    await expect(call(clientsOf(service), 'Answer me, you landlubber.')).rejects.toMatchObject({ status: 400 })
    expect(service.told).toMatchObject([
      { action: 'block', profile: { name: 'callers', version: 3 }, tuning: { revision: 9, canary: 'rol_1' } },
    ])
  })

  it('are told of each decision by what score it was made, also where nothing was done', async () => {
    const { thresholds, decided } = watchedThresholds()
    await using service = await startModerated({ profiles: block, thresholds })
    letWrite(service, `${harmless}They called him a landlubber. ${harmless}`)
    await call(clientsOf(service), 'What did they call him?')
    const toxicity = { rule: 'toxicity', threshold: 0.7, effective: 'allow', detectors: ['words@7'], isBound: false }
    await expect.poll(() => decided.length).toBe(2)
    expect(decided).toMatchObject([
      { direction: 'inbound', action: 'allow', group: 'default', scores: [{ ...toxicity, score: 0 }] },
      { direction: 'outbound', action: 'allow', group: 'default', scores: [{ ...toxicity, score: 0.6 }] },
    ])
    expect(new Set(decided.map(({ id }) => id)).size).toBe(2)
    expect(service.told.every(({ findings }) => findings.length > 0)).toBe(true)
  })

  it('are handed the words that were decided about, and those that were withheld', async () => {
    const { thresholds, decided } = watchedThresholds()
    await using service = await startModerated({ profiles: block, thresholds })
    letWrite(service, `${harmless}You scurvyrogue! ${harmless}`)
    await call(clientsOf(service), 'What did they call him?')
    await expect.poll(() => decided.length).toBe(2)
    const [asked, answered] = decided
    const words = (of: typeof asked) => of?.texts.map(({ text, from, to }) => text.slice(from, to)).join('') ?? ''
    expect(words(asked)).toContain('What did they call him?')
    expect(words(answered)).toContain('You scurvyrogue!')
    expect(answered).toMatchObject({ action: 'block', scores: [{ score: 0.9, effective: 'block' }] })
  })
})

describe('what is decided by thresholds in force', () => {
  it('is a bound where an answer was cut off: what was not read could have been more', async () => {
    const { thresholds, decided } = watchedThresholds()
    await using service = await startModerated({ profiles: block, thresholds })
    letWrite(service, `${harmless}You scurvyrogue! ${harmless}`)
    const clients = clientsOf(service)
    await calls['messages, streamed']?.(clients, 'What did they call him?')
    await calls['messages']?.(clients, 'What did they call him?')
    await expect.poll(() => decided.length).toBe(4)
    const answers = decided.filter(({ direction }) => direction === 'outbound')
    expect(answers.map(({ scores }) => scores?.[0]?.isBound)).toEqual([true, false])
  })

  it('has no words where none are kept', async () => {
    const { thresholds, decided } = watchedThresholds({ keepsTexts: false })
    await using service = await startModerated({ profiles: block, thresholds })
    await calls['messages']?.(clientsOf(service), 'What did they call him?')
    await expect.poll(() => decided.map(({ texts }) => texts)).toEqual([[], []])
  })
})
