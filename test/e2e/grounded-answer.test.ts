import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanEnvironment, sallyport } from '../support/cli/sallyport-process.ts'
import { liedQuestion, liedStatement, liesAbout, truthAbout, type Lie } from '../support/grounding/lies.ts'
import { ScriptedOpenAiServer } from '../support/http/scripted-openai-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

describe('ask, of a model that lies in ten ways', () => {
  it('shows each lie as doubted behind the answer, and where its truth is from', async () => {
    verifies('groundedness.marks')
    const told: Lie[] = []
    await using endpoint = await ScriptedOpenAiServer.start((request, position) => {
      if (position === 0) {
        const calls = [{ name: 'run_sql', arguments: JSON.stringify({ sql: liedStatement }) }]
        return { kind: 'turn', text: 'I look it up.', calls }
      }
      const result = request.body.messages.findLast(({ role }) => role === 'tool')?.content ?? ''
      told.push(...liesAbout(result))
      return { kind: 'turn', text: [truthAbout(result), ...told.map(({ text }) => text)].join('\n\n') }
    })
    const file = join(temporaryFolder('grounded-'), 'sallyport.yaml')
    writeFileSync(file, JSON.stringify({ sources: { shop: { database: { kind: 'sample' } } } }))
    const environment = cleanEnvironment({
      SALLYPORT_CONFIG: file,
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
    })
    const { code, stdout, stderr } = await sallyport(['ask', liedQuestion], { environment })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const [words = '', doubts = ''] = stdout.split('The results of this run speak against:\n')
    expect(told).toHaveLength(10)
    const lines = doubts.split('\n').flatMap((line) => /^[✗?] (.+?) {2}\S/.exec(line)?.[1] ?? [])
    const unmarked = told.filter(({ text }) => !lines.some((line) => text.includes(line)))
    expect(unmarked).toEqual([])
    for (const { text } of told) expect(words).toContain(text)
    expect(stderr).toMatch(/✓ \d+ {2}filled in from orders, row 1 of run1\n/)
  })
})
