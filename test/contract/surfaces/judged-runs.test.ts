import { describe, expect, it } from 'vitest'
import { saying } from '../../support/grounding/documents/scripted-answers.ts'
import { canaries } from '../../support/http/upstream/canaries.ts'
import { UpstreamServer } from '../../support/http/upstream/upstream-server.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'
import { verifies } from '../../support/verifies.ts'

const groups = {
  open: { models: ['*'], tools: ['run_python'] },
  describing: { models: ['analyst'], tools: ['run_python'] },
}
const words = 'Customers came back sooner than ever. Deliveries are late.'
const call = { name: 'run_python', arguments: JSON.stringify({ code: 'print("All orders arrived.")' }) }

interface Completion {
  readonly choices: readonly { readonly message: { readonly content: string } }[]
  readonly sallyport?: { readonly grounding?: { readonly marks: readonly object[]; readonly notes: readonly string[] } }
}

const judged = (verdicts: readonly object[]) => saying(JSON.stringify({ verdicts }))
const contradicted = judged([
  { sentence: 1, verdict: 'not-found', document: null },
  { sentence: 2, verdict: 'supported', document: 1 },
])

describe('answers of a service whose judge is a model of one of its upstreams', () => {
  it('have behind their words what it doubts, by a call of its own of whoever asks, or that it was not asked', async () => {
    verifies('groundedness.judged-runs')
    await using upstream = await UpstreamServer.start({ kind: 'openai' })
    upstream.answer = contradicted
    const first = { kind: 'openai', base_url: upstream.baseUrl, models: ['gpt-5'], api_key: { env: 'FIRST_KEY' } }
    await using service = await SurfaceService.start(
      { upstreams: { first }, sources: {}, gateway: { groups, judge: { model: 'gpt-5', runs: true } } },
      { variables: { FIRST_KEY: canaries.key } },
    )
    const ask = async (group: 'open' | 'describing'): Promise<Completion> => {
      service.script([
        { kind: 'turn', calls: [call] },
        { kind: 'turn', text: words },
      ])
      const messages = [{ role: 'user', content: 'How is business?' }]
      const response = await service.post('/v1/chat/completions', await service.key(group), {
        model: 'analyst',
        messages,
      })
      return (await response.json()) as Completion
    }
    const { choices, sallyport } = await ask('open')
    expect(choices[0]?.message.content).toContain(
      '> - **Customers came back sooner than ever.**: A model that judges finds it in no result of this run',
    )
    expect(sallyport?.grounding?.marks).toMatchObject([{ kind: 'statement', verdict: 'unsupported' }])
    const asked = JSON.parse(upstream.requests[0]?.body.toString('utf8') ?? '') as { messages: { content: string }[] }
    expect(JSON.parse(asked.messages[1]?.content ?? '')).toMatchObject({
      documents: [{ title: 'run1', text: 'All orders arrived.\n' }],
      request: ['How is business?'],
      sentences: [{ number: 1 }, { number: 2 }],
    })
    // Whose group may not use the model gets no verdict of it.
    const other = await ask('describing')
    expect(other.choices[0]?.message.content).toMatch(/\n> Not judged: the judge could not be asked \([a-z-]+\)\.$/m)
    expect(upstream.requests).toHaveLength(1)
    await service.close()
    const calls = service.audit().filter(({ fact }) => JSON.stringify(fact).includes('gpt-5'))
    expect(calls.length).toBeGreaterThan(0)
  })
})
