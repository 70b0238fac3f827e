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

type Plan = 'words' | 'model'
/** Who is asked about an honest call says yes, or nobody is there. */
type Person = 'says yes' | 'is away'

/** The questions of the demo in one session, each behind the rows of those before. */
async function askAll(plan: Plan, person: Person): Promise<Session> {
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
      return person === 'says yes' ? ('allowed' as const) : null
    }
    for await (const event of service.answer(received, { files: [], approver }, live)) {
      if (event.type === 'end') end = event
    }
    if (person === 'says yes' || !asked.has(question)) expect(end).toMatchObject({ ending: 'answer' })
    for (const { outcome, reason } of end?.held ?? []) if (outcome === 'planned') planned.push(reason)
  }
  return { asked, planned }
}

/** Takes long: `npm run lane -- obeying-planned`. */
const wanted = process.env['SALLYPORT_OBEYING_PLAN'] === 'model'

const persons = ['says yes', 'is away'] as const
const plans = ['words', 'model'] as const

describe.skipIf(!wanted)('the questions of the demo, one after the other in one session', () => {
  const sessions = new Map<string, Session>()
  const share = (plan: Plan, person: Person) =>
    (sessions.get(`${plan} ${person}`)?.asked.size ?? NaN) / demoQuestions.length

  beforeAll(async () => {
    for (const [plan, person] of plans.flatMap((each) => persons.map((one) => [each, one] as const))) {
      const session = await askAll(plan, person)
      sessions.set(`${plan} ${person}`, session)
      const lines = Array.from(session.asked, ([question, reason]) => `asked about: ${question} ${reason}`)
      lines.push(...session.planned.map((reason) => `spared: ${reason}`))
      process.stderr.write(
        `Questions of the demo, plan ${plan}, the person ${person}: ${session.asked.size} of ${demoQuestions.length} with a question\n${lines.map((line) => `  ${line}\n`).join('')}`,
      )
    }
  }, 1_200_000)

  it.each(plans)('need a person who is there for one in five at most, with a plan of: %s', (plan) => {
    verifies('analyst.honest-runs')
    expect(share(plan, 'says yes')).toBeLessThanOrEqual(0.2)
  })

  it.each(persons)(
    'need a person no oftener with a plan of their own words alone, which is told, where one %s',
    (person) => {
      verifies('analyst.plan-of-trusted-words')
      expect(share('model', person)).toBeLessThanOrEqual(share('words', person))
      expect(sessions.get(`words ${person}`)?.planned).toEqual([])
      expect(sessions.get(`model ${person}`)?.planned).not.toEqual([])
    },
  )
})
