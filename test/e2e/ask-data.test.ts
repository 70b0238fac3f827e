import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { corpus } from '../support/corpora/corpora.ts'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { ScriptedOpenAiServer, type ServedRequest } from '../support/http/scripted-openai-server.ts'
import { verifies } from '../support/verifies.ts'

const table = corpus('workloads/dabench/tables/test_ave.csv')
const labels = corpus('workloads/dabench/da-dev-labels.jsonl')

const code = `import pandas as pd
passengers = pd.read_csv("/mnt/data/test_ave.csv")
print(len(passengers), "passengers")
float(round(passengers["Fare"].mean(), 2))`

/** What the tool gave back, out of the message the endpoint was sent. */
function toolResult(request: ServedRequest): string {
  return request.body.messages.findLast((message) => message.role === 'tool')?.content ?? ''
}

describe.skipIf(table === null || labels === null)('ask --data', () => {
  it('computes with pandas over a real CSV in gVisor, for a model behind an OpenAI-compatible endpoint', async () => {
    verifies('ask.data')
    await using endpoint = await ScriptedOpenAiServer.start((request, position) =>
      position === 0
        ? { kind: 'turn', text: 'I compute it.', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] }
        : { kind: 'turn', text: `The mean fare is ${/value:\n(\S+)/.exec(toolResult(request))?.[1]}.` },
    )
    const {
      code: exit,
      stdout,
      stderr,
    } = await sallyport(['ask', 'What is the mean fare?', '--data', table ?? '', '--output', 'json'], {
      environment: cleanEnvironment({ SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl, SALLYPORT_MODEL_NAME: 'scripted-1' }),
    })
    expect({ exit, stderr }).toMatchObject({ exit: 0 })

    // The expected value is the corpus's own label, so neither the code nor this test can have made it up.
    const [label] = readFileSync(labels ?? '', 'utf8')
      .split('\n')
      .map((line) => JSON.parse(line || '{}') as Label)
    const expected = label?.common_answers[0]?.[1] ?? ''
    expect(expected).toBe('34.65')
    expect(JSON.stringify(JSON.parse(stdout))).toContain(`The mean fare is ${expected}.`)

    const [first, second] = endpoint.requests
    expect(first?.body.messages[0]?.content).toContain('/mnt/data/test_ave.csv')
    expect(first?.body.messages[0]?.content).toContain('Fare')
    expect(toolResult(second!)).toContain('passengers')
    expect(toolResult(second!)).toMatch(/<<untrusted [0-9a-f]{24} /)
  })
})

interface Label {
  readonly common_answers: readonly (readonly [string, string])[]
}
