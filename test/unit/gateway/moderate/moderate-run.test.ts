import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../../src/core/events.ts'
import type { ContentNotice } from '../../../../src/core/facts.ts'
import type { Admitted } from '../../../../src/core/request.ts'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { createLeakFilter } from '../../../../src/filters/leak/leak-filter.ts'
import { namedProfiles } from '../../../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../../../src/filters/pipeline/pipeline.ts'
import type { ContentRules } from '../../../../src/gateway/authorize/content-rules.ts'
import { createModerateRun } from '../../../../src/gateway/moderate/moderate-run.ts'
import { collect, delta, end, received, replay, sqlCall, textOf, toolResult } from '../../../support/agent-events.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { createWordDetector } from '../../../support/moderation/word-detector.ts'
import { verifies } from '../../../support/verifies.ts'

const canary = 'kestrel-7Q2m9XvT41wz'
const instructions =
  'You are the harbour clerk of Port Meridian and quote berth fees in crowns, never in any other coin.'
const plain: ContentRules = async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null })

interface Given {
  readonly outbound?: object
  readonly rules?: ContentRules
  readonly fails?: () => boolean
  readonly tell?: (notice: ContentNotice) => Promise<void>
}

function moderation({ outbound = { toxicity: { action: 'block' } }, rules = plain, fails, tell }: Given = {}) {
  const told: ContentNotice[] = []
  const { profiles } = filtersOptions.parse({ profiles: { default: { version: 3, outbound } } })
  const moderate = createModerateRun({
    pipeline: createContentPipeline({
      filters: [createLeakFilter({ canaries: [canary] }), createWordDetector(fails === undefined ? {} : { fails })],
      deadlineMilliseconds: 5_000,
    }),
    profiles: namedProfiles(profiles),
    rules,
    tell: tell ?? (async (notice) => void told.push(notice)),
  })
  const request = {
    ...received({
      messages: [
        { role: 'system', content: instructions },
        { role: 'user', content: 'What does a berth cost?' },
      ],
    }),
    principal: { id: 'k1', kind: 'api-key', group: 'default' },
    grant: { filterProfile: 'default', dataSources: [] },
  } as unknown as Admitted
  const run = (events: readonly AgentEvent[]) => collect(moderate(request, replay(events), never))
  return { run, told, moderate, request }
}

const rudePlan: AgentEvent = { type: 'plan', steps: [{ text: 'Ask the scurvyrogue', status: 'pending' }] }

const lastOf = (events: readonly AgentEvent[]) => events.at(-1)

describe('a run of the own model', () => {
  it('is not read where its profile has no rule for the content of answers', () => {
    const { moderate, request } = moderation({ outbound: {} })
    const events = replay([])
    expect(moderate(request, events, never)).toBe(events)
  })

  it('leaves as it came where nothing is found, and nothing is told', async () => {
    const { run, told } = moderation()
    const events = [delta('A berth costs '), delta('4 crowns.'), sqlCall('SELECT 4'), toolResult(), end()]
    const left = await run(events)
    expect(left.filter(({ type }) => type !== 'text-delta')).toEqual(events.slice(2))
    expect(textOf(left)).toBe('A berth costs 4 crowns.')
    expect(told).toEqual([])
  })

  it.each([
    ['words', [delta('Ask me not, '), delta('you scurvy'), delta('rogue!'), end()]],
    ['code', [sqlCall("SELECT 'scurvyrogue'"), end()]],
    ['a plan', [rudePlan, end()]],
    ['a result', [toolResult({ summary: 'scurvyrogue' }), end()]],
    [
      'a cell of a table',
      [
        toolResult({ table: { columns: [{ name: 'a', type: 'text' }], rows: [[1], ['scurvyrogue']], totalRows: 2 } }),
        end(),
      ],
    ],
    ['a failure', [{ type: 'tool-failure', callId: 'c1', tool: 'run_sql', message: 'scurvyrogue' } as const, end()]],
  ])('ends where a filter withholds what it says: %s', async (_what, events) => {
    verifies('content.answers')
    const { run, told } = moderation()
    const left = await run([delta('First. '.repeat(100)), ...events])
    expect(textOf(left)).toContain('First. ')
    expect(JSON.stringify(left)).not.toMatch(/scurvy|rogue/)
    const [notice] = told
    expect(told).toMatchObject([
      {
        api: 'analyst',
        direction: 'outbound',
        action: 'block',
        profile: { name: 'default', version: 3 },
        detectors: { words: '7' },
      },
    ])
    expect(lastOf(left)).toMatchObject({
      type: 'end',
      ending: 'model-filtered',
      message: `The answer was withheld by a content filter (decision ${notice?.decision}): it holds toxicity/harassment.`,
    })
  })

  it('lets the run go at once, and counts what went in and came out', async () => {
    const { moderate, request } = moderation()
    let isLeft = false
    async function* running(): AsyncGenerator<AgentEvent> {
      try {
        yield { type: 'step-start', step: 2 }
        yield delta('Fine. '.repeat(80), 2)
        yield sqlCall('SELECT scurvyrogue')
        yield delta('never said')
      } finally {
        isLeft = true
      }
    }
    const left = await collect(moderate(request, running(), never))
    expect(isLeft).toBe(true)
    const asked = instructions.length + 'What does a berth cost?'.length
    expect(lastOf(left)).toMatchObject({
      steps: 2,
      usage: { inputTokens: Math.ceil(asked / 4), outputTokens: 120 },
    })
  })

  it('has what is masked replaced in words and in results', async () => {
    const { run } = moderation({ outbound: { toxicity: { action: 'mask' } } })
    const left = await run([delta('You scurvyrogue. '), toolResult({ summary: 'blimey, 1 row' }), end()])
    expect(textOf(left)).toBe('You [withheld]. ')
    expect(left).toContainEqual(toolResult({ summary: '[withheld], 1 row' }))
    expect(lastOf(left)).toEqual(end())
  })

  it('has a note behind it where its profile lets something pass with one, before its end', async () => {
    const { run } = moderation({ outbound: { toxicity: { action: 'annotate' } } })
    const left = await run([delta('You scurvyrogue, blimey.'), end()])
    expect(textOf(left)).toBe(
      'You scurvyrogue, blimey.\n\n> Note: this answer may hold toxicity/harassment, toxicity/profanity.\n',
    )
    expect(lastOf(left)).toEqual(end())
  })

  it('is as it was in shadow mode, and what would have been is told', async () => {
    verifies('content.shadow-changes-nothing')
    const events = [delta('You scurvyrogue.'), toolResult({ summary: 'scurvyrogue' }), end()]
    const { run, told } = moderation({ outbound: { toxicity: { action: 'block', mode: 'shadow' } } })
    expect(await run(events)).toEqual(events)
    expect(told).toMatchObject([{ action: 'allow', findings: [{ decided: 'block', effective: 'allow', count: 2 }] }])
  })

  it('is withheld where it may be asked for once more elsewhere: its programs have run', async () => {
    const { run } = moderation({ outbound: { toxicity: { action: 'regenerate' } } })
    expect(lastOf(await run([delta('You scurvyrogue.'), end()]))).toMatchObject({ ending: 'model-filtered' })
  })

  it('is withheld where a detector that has to answer does not', async () => {
    verifies('content.fails-closed')
    const { run } = moderation({ fails: () => true })
    expect(lastOf(await run([delta('Fine.'), end()]))).toMatchObject({
      ending: 'model-filtered',
      message: expect.stringContaining('a detector that has to look at it did not answer') as string,
    })
  })

  it('is made more of by rules, which see where it was found', async () => {
    verifies('content.answers')
    const seen: unknown[] = []
    const rules: ContentRules = async (verdict, _parts, about) => {
      seen.push(about)
      return {
        ...verdict,
        action: 'block',
        reason: 'Nobody is here at night.',
        rules: ['content/night'],
        revision: 'r7',
      }
    }
    const { run, told } = moderation({ outbound: { toxicity: { action: 'annotate' } }, rules })
    expect(lastOf(await run([delta('You scurvyrogue.'), end()]))).toMatchObject({
      ending: 'model-filtered',
      message: expect.stringMatching(/\): Nobody is here at night\.$/) as string,
    })
    expect(seen).toMatchObject([
      { direction: 'outbound', api: 'analyst', model: 'analyst', requestId: 'r1', channel: 'http' },
    ])
    expect(told).toMatchObject([{ action: 'block', rules: ['content/night'], revision: 'r7' }])
  })

  it('does not repeat its instructions, and no canary in parts over its words and results', async () => {
    const { run } = moderation({ outbound: { leak: { action: 'block' } } })
    const system = await run([delta(`I was told: ${instructions}`), end()])
    expect(lastOf(system)).toMatchObject({ message: expect.stringContaining('leak/system-prompt') as string })
    const parts = [delta(`${canary.slice(0, 9)} and so on. `), toolResult({ summary: canary.slice(9) }), end()]
    expect(lastOf(await run(parts))).toMatchObject({ message: expect.stringContaining('leak/canary') as string })
  })

  it('breaks off where the trail does not take what was decided', async () => {
    const tell = () => Promise.reject(new Error('the trail is full'))
    const { run } = moderation({ tell })
    await expect(run([delta('You scurvyrogue.'), end()])).rejects.toThrow('the trail is full')
  })

  it('is told of also where its caller leaves, and breaks off as it does', async () => {
    const { moderate, request, told } = moderation({ outbound: { toxicity: { action: 'annotate' } } })
    for await (const event of moderate(request, replay([toolResult({ summary: 'blimey' }), end()]), never)) {
      expect(event.type).toBe('tool-result')
      break
    }
    expect(told).toMatchObject([{ action: 'annotate' }])
    async function* broken(): AsyncGenerator<AgentEvent> {
      yield delta('Fine.')
      throw new Error('the model is gone')
    }
    await expect(collect(moderate(request, broken(), never))).rejects.toThrow('the model is gone')
  })

  it('leaves ids, pictures and names of tools as they are', async () => {
    const { run } = moderation({ outbound: { toxicity: { action: 'mask' } } })
    const call = { ...sqlCall('blimey'), callId: 'blimey' } as AgentEvent
    expect(await run([call, end()])).toEqual([{ ...sqlCall('[withheld]'), callId: 'blimey' }, end()])
  })
})
