import { beforeAll, describe, expect, it } from 'vitest'
import { openSallyport } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load.ts'
import { serviceDefaults } from '../../src/config/service-defaults.ts'
import type { AgentEvent } from '../../src/core/events.ts'
import { demoQuestions } from '../../src/models/providers/demo/demo-model.ts'
import { startPlanningDemo } from '../support/provenance/planning-demo.ts'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'
import { sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { verifies } from '../support/verifies.ts'

const live = new AbortController().signal

interface Session {
  /** Questions about which a person was asked. */
  readonly asked: ReadonlySet<string>
  /** What a plan has spared them, a sentence each. */
  readonly planned: readonly string[]
}

/** The questions of the demo, each behind the rows of those before, to a person who says yes to all that they are asked. */
async function askAll(plan: 'words' | 'model', questions: readonly string[]): Promise<Session> {
  await using endpoint = await startPlanningDemo()
  const variables = cleanEnvironment({
    SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
    SALLYPORT_MODEL_NAME: 'scripted-1',
    SALLYPORT_PROVENANCE_PLAN: plan,
    SALLYPORT_SANDBOX_IMAGE: sandboxImage(),
  })
  const { config } = loadConfig({ variables, workingDirectory: '/', flags: {}, defaults: serviceDefaults })
  await using service = await openSallyport(config)
  const asked = new Set<string>()
  const planned: string[] = []
  for (const question of questions) {
    const asking = { requestId: 'planned', channel: 'cli', credential: null, model: 'analyst', dataSource: null } as const
    const received = { ...asking, sessionId: 'demo', messages: [{ role: 'user', content: question }] as const }
    let end: Extract<AgentEvent, { type: 'end' }> | null = null
    const approver = async () => {
      asked.add(question)
      return 'allowed' as const
    }
    for await (const event of service.answer(received, { files: [], approver }, live)) {
      if (event.type === 'end') end = event
    }
    expect(end).toMatchObject({ ending: 'answer' })
    for (const { outcome, reason } of end?.held ?? []) if (outcome === 'planned') planned.push(reason)
  }
  return { asked, planned }
}

/** In `npm test` those that need no program; the lane has all. */
const isWhole = process.env['SALLYPORT_OBEYING_PLAN'] === 'model'
const questions = isWhole ? demoQuestions : demoQuestions.filter((_, at) => [2, 5].includes(at))

describe('honest questions, one after the other in one session', () => {
  const sessions: Partial<Record<'words' | 'model', Session>> = {}
  beforeAll(async () => {
    for (const plan of ['words', 'model'] as const) {
      const session = await askAll(plan, questions)
      sessions[plan] = session
      process.stderr.write(
        `Questions of the demo in one session, plan ${plan}: ${session.asked.size} of ${questions.length} with a question to a person${session.planned.map((reason) => `\n  planned: ${reason}`).join('')}\n`,
      )
    }
  }, 300_000)

  it('are asked about without a plan where words do not name a table', () => {
    expect(sessions.words?.asked.size).toBeGreaterThan(0)
    expect(sessions.words?.planned).toEqual([])
  })

  it('are asked about less with a plan of a person’s own words, and it is told', () => {
    verifies('analyst.plan-of-trusted-words')
    expect(sessions.model?.asked.size).toBeLessThan(sessions.words?.asked.size ?? 0)
    expect(sessions.model?.planned).not.toEqual([])
    if (isWhole) expect((sessions.model?.asked.size ?? NaN) / questions.length).toBeLessThanOrEqual(0.2)
  })
})
