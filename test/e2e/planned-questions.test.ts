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
  /** Questions about which a person was asked, with why. */
  readonly asked: ReadonlyMap<string, string>
  /** What a plan has spared them, a sentence each. */
  readonly planned: readonly string[]
}

/** The questions of the demo, each behind the rows of those before, to a person who says yes to all that they are asked. */
async function askAll(plan: 'words' | 'model'): Promise<Session> {
  await using endpoint = await startPlanningDemo()
  const variables = cleanEnvironment({
    SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
    SALLYPORT_MODEL_NAME: 'scripted-1',
    SALLYPORT_PROVENANCE_PLAN: plan,
    SALLYPORT_SANDBOX_IMAGE: sandboxImage(),
  })
  const { config } = loadConfig({ variables, workingDirectory: '/', flags: {}, defaults: serviceDefaults })
  await using service = await openSallyport(config)
  const asked = new Map<string, string>()
  const planned: string[] = []
  for (const question of demoQuestions) {
    const asking = {
      requestId: 'planned',
      channel: 'cli',
      credential: null,
      model: 'analyst',
      dataSource: null,
    } as const
    const received = { ...asking, sessionId: 'demo', messages: [{ role: 'user', content: question }] as const }
    let end: Extract<AgentEvent, { type: 'end' }> | null = null
    const approver = async ({ reason }: { readonly reason: string }) => {
      asked.set(question, reason)
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

/** Takes long: `npm run lane -- obeying-planned`. */
const wanted = process.env['SALLYPORT_OBEYING_PLAN'] === 'model'

describe.skipIf(!wanted)('the questions of the demo, one after the other in one session', () => {
  const sessions: Partial<Record<'words' | 'model', Session>> = {}
  beforeAll(async () => {
    for (const plan of ['words', 'model'] as const) {
      const session = await askAll(plan)
      sessions[plan] = session
      const { size } = session.asked
      const lines = Array.from(session.asked, ([question, reason]) => `asked about: ${question} ${reason}`)
      lines.push(...session.planned.map((reason) => `spared: ${reason}`))
      process.stderr.write(
        `Questions of the demo, plan ${plan}: ${size} of ${demoQuestions.length} with a question to a person\n${lines.map((line) => `  ${line}\n`).join('')}`,
      )
    }
  }, 600_000)

  it.each(['words', 'model'] as const)('need a person for one in five at most, with a plan of: %s', (plan) => {
    verifies('analyst.honest-runs')
    expect((sessions[plan]?.asked.size ?? NaN) / demoQuestions.length).toBeLessThanOrEqual(0.2)
  })

  it('are spared questions by a plan of the person’s own words alone, and it is told', () => {
    verifies('analyst.plan-of-trusted-words')
    expect(sessions.words?.planned).toEqual([])
    expect(sessions.model?.planned).not.toEqual([])
  })
})
