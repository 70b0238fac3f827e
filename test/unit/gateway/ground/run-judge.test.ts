import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { GroundingMode } from '../../../../src/core/grant.ts'
import type { ReceivedCall } from '../../../../src/core/model-call.ts'
import { Secret } from '../../../../src/core/secret.ts'
import { LoopShare } from '../../../../src/filters/loop-share.ts'
import { RunGrounding } from '../../../../src/gateway/ground/run-grounding.ts'
import { RunJudging, type PassJudged } from '../../../../src/gateway/ground/run-judge.ts'
import { judgeOptions } from '../../../../src/gateway/options.ts'
import { collect, delta, end, replay, toolResult } from '../../../support/agent-events.ts'
import { callGrant } from '../../../support/received-call.ts'

const columns = ['store', 'revenue'].map((name) => ({ name, type: 'text' }))
const result = toolResult({ number: 3, table: { columns, rows: [['Berlin', 12], ['Paris', 7]], totalRows: 2 } }) // prettier-ignore
const words = 'Berlin has a revenue of 12. Paris has overtaken Berlin since then. Nobody asked the customers.'
const credential = new Secret('sp-key')

interface Question {
  readonly documents: readonly { readonly title: string; readonly text: string }[]
  readonly request: readonly string[]
  readonly sentences: readonly { readonly text: string }[]
}
const questionIn = ({ body }: ReceivedCall): Question => {
  const { messages } = JSON.parse(body?.toString('utf8') ?? '') as { messages: readonly { content: string }[] }
  return JSON.parse(messages[1]?.content ?? '') as Question
}

/** What passes calls on to a judge that says this of the sentences, in their order. */
function judgeSaying(...said: readonly string[]): { readonly asked: ReceivedCall[]; readonly pass: PassJudged } {
  const asked: ReceivedCall[] = []
  const pass: PassJudged = async (call, deliver) => {
    asked.push(call)
    const verdicts = said.map((verdict, at) => ({
      sentence: at + 1,
      verdict,
      document: verdict === 'supported' ? null : 1,
    }))
    const message = { role: 'assistant', content: JSON.stringify({ verdicts }) }
    const body = Buffer.from(JSON.stringify({ choices: [{ index: 0, finish_reason: 'stop', message }] }))
    await deliver({ status: 200, headers: [], body })
  }
  return { asked, pass }
}

interface Setup {
  readonly mode?: GroundingMode
  readonly pass: PassJudged | null
  readonly options?: object
  readonly channel?: 'http' | 'cli'
}

function groundingBy({ mode = 'annotate', pass, options = {}, channel = 'http' }: Setup): RunGrounding {
  const judging = new RunJudging(judgeOptions.parse({ model: 'small', runs: true, ...options }))
  if (pass !== null) judging.askBy(pass)
  const messages = [{ role: 'user', content: 'How are the stores?' }] as const
  const judge = judging.of({ credential, channel }, new AbortController().signal)
  return new RunGrounding({ messages, grant: { ...callGrant, grounding: mode } }, new LoopShare(), judge)
}

async function groundingOf(setup: Setup, answer = words, ending: 'answer' | 'steps' = 'answer') {
  const events = [result, delta(answer, 2), end({ ending } as object)]
  const last = (await collect(groundingBy(setup).told(replay(events)))).at(-1)
  return last?.type === 'end' ? (last.grounding ?? null) : null
}

describe('a judge of what an answer of the analyst says without figures', () => {
  it('is asked about those sentences alone, with the results that its reader was shown, for whoever asks', async () => {
    const { asked, pass } = judgeSaying('contradicted', 'not-found')
    const { marks = [], notes } = (await groundingOf({ pass })) ?? {}
    expect(marks.map(({ text, kind, verdict, reason }) => [text, kind, verdict, reason])).toEqual([
      ['12', 'number', 'cell', expect.any(String)],
      ['Paris has overtaken Berlin since then.', 'statement', 'contradicted', 'A model that judges finds that run3 says otherwise.'],
      ['Nobody asked the customers.', 'statement', 'unsupported', 'A model that judges finds it in no result of this run.'],
    ]) // prettier-ignore
    for (const { start, end: behind, text } of marks) expect(words.slice(start, behind)).toBe(text)
    expect(notes).toEqual([])
    expect(asked.map(questionIn)).toMatchObject([
      {
        documents: [{ title: 'run3', text: 'store,revenue\nBerlin,12\nParis,7' }],
        request: ['How are the stores?'],
        sentences: [{ text: 'Paris has overtaken Berlin since then.' }, { text: 'Nobody asked the customers.' }],
      },
    ])
    expect(asked).toMatchObject([{ credential, api: 'chat-completions', facts: { model: 'small', streamed: false } }])
  })

  it('is not asked where there is nothing to ask, nobody wants it, or the answer was cut short', async () => {
    const { asked, pass } = judgeSaying()
    await groundingOf({ pass }, 'Berlin has a revenue of 12.')
    await groundingOf({ pass }, words, 'steps')
    await groundingOf({ pass, options: { runs: false } })
    await groundingOf({ pass, mode: 'off' })
    await collect(groundingBy({ pass }).told(replay([delta('There is nothing in it.', 1), end()])))
    expect(asked).toEqual([])
  })

  it.each([
    ['fewer verdicts than sentences', judgeSaying('supported').pass, {}, 'the judge gave no verdict that can be read'],
    ['a word of its own', judgeSaying('supported', 'fine').pass, {}, 'the judge gave no verdict that can be read'],
    ['nothing', async () => undefined, {}, 'the judge could not be asked (internal)'],
    [
      'a refusal',
      async () => {
        throw new ServiceError('forbidden', 'no')
      },
      {},
      'the judge could not be asked (forbidden)',
    ],
    [
      'an error of its own',
      async () => {
        throw new TypeError('no')
      },
      {},
      'the judge could not be asked (internal)',
    ],
    ['no way to be asked', null, {}, 'the judge could not be asked (model-unavailable)'],
    [
      'more sentences than it may',
      judgeSaying().pass,
      { maximum_sentences: 1 },
      'the answer has 2 sentences, of at most 1',
    ],
  ] as const)('has not judged where there is %s', async (_, pass, options, why) => {
    const { marks, notes } = (await groundingOf({ pass, options })) ?? {}
    expect(marks?.map(({ kind }) => kind)).toEqual(['number'])
    expect(notes).toEqual([`Not judged: ${why}.`])
  })

  it('has not judged what is longer than it reads, and is not asked by whoever has no key', async () => {
    const { asked, pass } = judgeSaying('supported', 'supported')
    const printed = { text: 'x'.repeat(2_000), truncated: false }
    const long = toolResult({ number: 4, tool: 'run_python', cell: { stdout: printed, stderr: printed, results: [], artifacts: [] } as never }) // prettier-ignore
    const events = [result, long, delta(words, 2), end()]
    const last = (await collect(groundingBy({ pass, options: { maximum_characters: 1_000 } }).told(replay(events)))).at(
      -1,
    )
    expect(last).toMatchObject({
      grounding: { notes: ['Not judged: there are more than 1000 characters to be read.'] },
    })
    expect(await groundingOf({ pass, channel: 'cli' })).toMatchObject({
      notes: ['Not judged: the judge could not be asked (model-unavailable).'],
    })
    expect(asked).toEqual([])
  })

  it('has its doubts told to the model, and is asked about an answer once', async () => {
    const { asked, pass } = judgeSaying('contradicted', 'supported')
    const grounding = groundingBy({ pass, mode: 'regenerate' })
    const { review } = grounding.review
    await collect(grounding.told(replay([result])))
    expect(await review?.(words, true)).toBe(
      '- "Paris has overtaken Berlin since then.": A model that judges finds that run3 says otherwise.',
    )
    expect(await review?.(words, false)).toBeNull()
    const told = await collect(grounding.told(replay([delta(words, 2), end()])))
    expect(told.at(-1)).toMatchObject({ grounding: { marks: [{ kind: 'number' }, { kind: 'statement' }] } })
    expect(asked).toHaveLength(1)
  })

  it('withholds what it doubts, and what it has not judged, where the group withholds', async () => {
    for (const [said, message] of [
      [
        ['contradicted', 'supported'],
        'The answer was withheld: it has one figure that the results of this run do not bear out.',
      ],
      [['supported'], 'The answer was withheld: it could not be judged.'],
    ] as const) {
      const grounding = groundingBy({ pass: judgeSaying(...said).pass, mode: 'block' })
      await collect(grounding.told(replay([result])))
      await expect(grounding.review.review?.(words, false)).rejects.toMatchObject({ code: 'refused', message })
    }
  })
})
