import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compact, tokensOf, type LongConversation, type Round } from '../../../src/agent/compaction.ts'
import { runAgent } from '../../../src/agent/run.ts'
import type { ConversationMessage } from '../../../src/core/request.ts'
import { createDetectorsFor } from '../../../src/gateway/privacy/detect/detectors.ts'
import { TokenKeys } from '../../../src/gateway/privacy/keys/token-keys.ts'
import { createPrivateModelFor, type ModelCaller } from '../../../src/gateway/privacy/private-model.ts'
import { privacyOptions } from '../../../src/gateway/privacy/profiles/options.ts'
import type { Model, ModelMessage, ModelRequest } from '../../../src/models/model.ts'
import { createFence } from '../../../src/text/untrusted.ts'
import { bindTool } from '../../../src/tools/bound-tool.ts'
import { createFakeModel, type FakeTurn } from '../../support/fake-model.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { verifies } from '../../support/verifies.ts'

const live = new AbortController().signal
const fence = createFence(() => 'b0undary')
const within = (tokens: number) => ({ tokens, fence })

function callsRound(place: number, results: readonly string[], text = ''): Round {
  const calls = results.map((_result, index) => ({
    callId: `call_${place}_${index}`,
    name: 'run_sql',
    argumentsText: `{"sql":"SELECT ${place}, ${index}"}`,
  }))
  const reports = results.map((result, index) => ({
    callId: `call_${place}_${index}`,
    content: fence.wrap('run_sql', result),
    preview: `${fence.wrap('run_sql', result.slice(0, 20))}\n[more]`,
    leftOut: '[left out]',
    line: `run_sql: ${result.slice(0, 10)}`,
    correctable: false,
  }))
  return { kind: 'calls', turn: { text, calls }, reports, note: place % 2 === 0 ? `Note: ${place}.` : null }
}

const words = fc.string({ unit: fc.constantFrom('a', 'é', '界', '\n', ' '), maxLength: 300 })
const message = fc.record({ role: fc.constantFrom('user', 'assistant', 'system'), content: words })
const conversations: fc.Arbitrary<LongConversation> = fc
  .record({
    system: words,
    before: fc.array(message, { maxLength: 8 }),
    question: words,
    results: fc.array(fc.array(words, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
    nudges: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  })
  .map(({ system, before, question, results, nudges }) => {
    const said: ConversationMessage[] = [...(before as ConversationMessage[]), { role: 'user', content: question }]
    const rounds = results.flatMap((texts, place): Round[] => {
      const round = callsRound(place, texts)
      return nudges[place] === true ? [{ kind: 'nudge', text: 'Go on.' }, round] : [round]
    })
    return { system, said, rounds }
  })

/** Each call is followed by its results, one for one and in order. */
function expectPairs(messages: readonly ModelMessage[]): void {
  let open: string[] = []
  for (const each of messages) {
    if (each.role === 'tool') expect(each.callId).toBe(open.shift())
    else expect(open).toEqual([])
    if (each.role === 'assistant') open = each.toolCalls.map(({ callId }) => callId)
  }
  expect(open).toEqual([])
}

describe('a conversation that is longer than its model takes', () => {
  it('is shortened to fit, keeps calls with their results, the question and the last step, and is never cut where it fits', () => {
    verifies('agent.compaction')
    let shortened = 0
    fc.assert(
      fc.property(conversations, fc.integer({ min: 5, max: 105 }), (conversation, percent) => {
        const whole = compact(conversation, within(Number.POSITIVE_INFINITY)) ?? []
        const tokens = (tokensOf(whole) * percent) / 100
        const messages = compact(conversation, within(tokens))
        if (tokensOf(whole) <= tokens) expect(messages).toEqual(whole)
        if (tokensOf(whole) <= tokens || messages === null) return
        shortened += 1
        expect(tokensOf(messages)).toBeLessThanOrEqual(tokens)
        expectPairs(messages)
        expect(messages).toContainEqual(conversation.said.at(-1))
        expect(messages[0]?.content.startsWith(conversation.system)).toBe(true)
        const instructions = conversation.said.filter(({ role }) => role === 'system')
        expect(messages.slice(1).filter(({ role }) => role === 'system')).toEqual(instructions)
        const last = conversation.rounds.at(-1)
        if (last?.kind !== 'calls') return
        const lastCall = messages.findLast((each) => each.role === 'assistant')
        expect(lastCall).toMatchObject({ content: last.turn.text, toolCalls: last.turn.calls })
        if (last.note !== null) expect(messages.at(-1)?.content.endsWith(last.note)).toBe(true)
      }),
      { numRuns: propertyRuns(500) },
    )
    expect(shortened).toBeGreaterThan(propertyRuns(500) / 10)
  })

  it('is shortened alike each time, and more where there is less room', () => {
    fc.assert(
      fc.property(conversations, fc.nat(1_500), fc.nat(300), (conversation, tokens, less) => {
        const messages = compact(conversation, within(tokens))
        expect(compact(conversation, within(tokens))).toEqual(messages)
        if (messages === null) expect(compact(conversation, within(tokens - less))).toBeNull()
      }),
      { numRuns: propertyRuns(200) },
    )
  })

  it('loses results of old steps first, then what was said before, then old steps, then results of the last', () => {
    const long = 'x'.repeat(400)
    const conversation: LongConversation = {
      system: 'S',
      said: [
        { role: 'user', content: `old question\n${'q'.repeat(900)}` },
        { role: 'assistant', content: 'old answer' },
        { role: 'user', content: 'question' },
      ],
      rounds: [callsRound(1, [long]), callsRound(3, [long])],
    }
    const size = tokensOf(compact(conversation, within(Number.POSITIVE_INFINITY)) ?? [])
    const stages: string[] = []
    for (let tokens = Math.ceil(size); tokens > 0; tokens -= 1) {
      const text = JSON.stringify((compact(conversation, within(tokens)) ?? []).slice(1))
      const said = text.includes('qqq') ? 'whole' : text.includes('The beginning of 913') ? 'beginning' : 'none'
      const stage = `${said}, ${text.split('[more]').length - 1} previews, ${text.split('[left out]').length - 1} left out, ${text.split('call_1').length - 1} old`
      if (text !== '[]' && stage !== stages.at(-1)) stages.push(stage)
    }
    expect(stages).toEqual([
      'whole, 0 previews, 0 left out, 2 old',
      'whole, 1 previews, 0 left out, 2 old',
      'beginning, 1 previews, 0 left out, 2 old',
      'none, 1 previews, 0 left out, 2 old',
      'none, 0 previews, 0 left out, 0 old',
      'none, 1 previews, 0 left out, 0 old',
      'none, 0 previews, 1 left out, 0 old',
    ])
    const least = compact(conversation, within(130)) ?? []
    expect(least[0]?.content).toContain('Earlier messages of the conversation were left out.')
    expect(least[0]?.content).toContain('<<untrusted b0undary steps>>\nrun_sql: xxxxxxxxxx\n<<end')
    expect(compact(conversation, within(20))).toBeNull()
  })
})

/** Values that no model may see, each as rows of a query would hold them. */
const values = ['kim.wexler@hamlin.example', '4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00', '+49 170 1234567']

describe('a run that has grown long', () => {
  const tool = (results: readonly string[]) => {
    let calls = 0
    return bindTool({
      name: 'run_sql',
      description: 'Runs SQL.',
      input: z.strictObject({}),
      independent: true,
      source: () => null,
      execute: async () => {
        const forModel = results[calls] ?? ''
        calls += 1
        const result = {
          kind: 'result',
          forModel,
          summary: 'done',
          ranIn: 'test',
          cell: null,
          table: null,
          artifacts: [],
        } as const
        return { ...result, savedAs: `result_${calls}.parquet` }
      },
    })
  }

  async function requestsOf(
    results: readonly string[],
    contextTokens: number,
    modelFor: (model: Model) => Model = (model) => model,
  ): Promise<{ readonly requests: readonly ModelRequest[]; readonly ending: unknown }> {
    const turns: FakeTurn[] = [...results.map(() => ({ calls: [{ name: 'run_sql', arguments: {} }] })), { text: 'ok' }]
    const model = createFakeModel(turns, { contextTokens })
    const settings = {
      model: modelFor(model),
      tools: [tool(results)],
      fence,
      dataSource: 'shop',
      files: [],
      revealSql: 'never',
      budget: { maximumSteps: 20, maximumTokens: 1e9, wallMilliseconds: 60_000, maximumCorrections: 2 },
      conversation: [{ role: 'user', content: 'How many?' }],
      maximumOutputTokens: 500,
      maximumResultCharacters: 4_000,
    } as const
    let ending: unknown
    for await (const event of runAgent(settings, live)) if (event.type === 'end') ending = event
    return { requests: model.requests, ending }
  }

  it('tells of each result that was shortened where all of it is', async () => {
    const results = [1, 2, 3].map((place) => `rows of ${place}\n${'one, two\n'.repeat(300)}`)
    const { requests, ending } = await requestsOf(results, 2_900)
    expect(ending).toMatchObject({ ending: 'answer' })
    const told = requests.at(-1)?.messages.filter(({ role }) => role === 'tool') ?? []
    expect(told[0]?.content).toMatch(/^<<untrusted b0undary run_sql>>\nrows of 1\none, two\n/)
    expect(told[0]?.content).toMatch(
      /one, two\n<<end untrusted b0undary>>\n\[The beginning of 2,710 characters\. All of it is in \/mnt\/data\/result_1\.parquet\.\]$/,
    )
    expect(told.at(-1)?.content).toContain('rows of 3\none, two')
    for (const { messages, tools, maximumOutputTokens } of requests) {
      expect(tokensOf(messages, tools) + maximumOutputTokens).toBeLessThanOrEqual(2_900)
    }
  })

  it('goes by what the provider counts, where that is more than the estimate', async () => {
    const results = Array.from({ length: 4 }, (_value, place) => `rows of ${place}\n${'one, two\n'.repeat(100)}`)
    const shown = async (tokens: number) => {
      const turns: FakeTurn[] = [
        { calls: results.map(() => ({ name: 'run_sql', arguments: {} })), tokens },
        { text: 'ok' },
      ]
      const model = createFakeModel(turns, { contextTokens: 3_000 })
      const events = runAgent(
        {
          model,
          tools: [tool(results)],
          fence,
          dataSource: 'shop',
          files: [],
          revealSql: 'never',
          budget: { maximumSteps: 20, maximumTokens: 1e9, wallMilliseconds: 60_000, maximumCorrections: 2 },
          conversation: [{ role: 'user', content: 'How many?' }],
          maximumOutputTokens: 500,
          maximumResultCharacters: 4_000,
        },
        live,
      )
      for await (const event of events) expect(event.type).not.toBe('tool-failure')
      return tokensOf(model.requests[1]?.messages ?? [])
    }
    const estimated = await shown(1)
    expect(await shown(1_500)).toBeLessThan(estimated)
  })

  it('ends with a sentence where nothing makes it fit', async () => {
    verifies('agent.too-long')
    const { requests, ending } = await requestsOf([], 300)
    expect(requests).toEqual([])
    expect(ending).toMatchObject({ ending: 'failed', code: 'payload-too-large' })
    expect(ending).toMatchObject({
      message: expect.stringMatching(/do not fit in the 300 tokens.*model\.context_tokens/) as string,
    })
  })

  it('shows a model that things are hidden from no half of a value, wherever it is shortened', async () => {
    verifies('agent.compaction-masks')
    const options = privacyOptions.parse({})
    const privateModelFor = createPrivateModelFor({
      options,
      detectorsFor: createDetectorsFor(options),
      tokenKeys: async () => new TokenKeys(Buffer.alloc(32, 7)),
    })
    const caller = { principal: { id: 'k1', kind: 'api-key', group: 'default' }, grant: { privacyProfile: 'default' } }
    const hidden = (model: Model) => privateModelFor(model, caller as ModelCaller)
    const row = fc
      .tuple(fc.nat(12), fc.constantFrom(...values))
      .map(([blanks, value]) => `${' x'.repeat(blanks)} ${value} end`)
    // Four of five that are drawn have room for all. This one is shortened where there is room for a part of it, which depends on
    // how long the instructions are.
    const long = Array.from({ length: 60 }, (_, at) => `${' x'.repeat(at % 13)} ${values[at % values.length]} end`)
    let isShortened = false
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 20, maxLength: 60 }),
        fc.integer({ min: 1_400, max: 4_000 }),
        async (rows, room) => {
          const results = [0, 1, 2].map((start) => rows.slice(start).join('\n'))
          const { requests } = await requestsOf(results, room, hidden)
          const seen = requests.map(({ messages }) => JSON.stringify(messages)).join('\n')
          isShortened ||= seen.includes('The beginning of')
          expect(seen).not.toMatch(/kim\.|wexler|hamlin|4111|1111|DE89|3704|0532|170 12/)
        },
      ),
      { numRuns: 16, examples: [1_800, 2_100, 2_400, 2_700, 3_000].map((room) => [long, room]) },
    )
    expect(isShortened).toBe(true)
  })
})
