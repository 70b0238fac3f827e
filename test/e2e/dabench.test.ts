import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { serve } from '../support/cli/sallyport-process.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { mistakesIn, readQuestions, valuesIn, type Question } from '../support/dabench/questions.ts'
import { ScriptedOpenAiServer, type ServedRequest, type ServedTurn } from '../support/http/scripted-openai-server.ts'
import { verifies } from '../support/verifies.ts'

const questionsFile = corpus('workloads/dabench/da-dev-questions.jsonl')
const labels = corpus('workloads/dabench/da-dev-labels.jsonl')
const tables = corpus('workloads/dabench/tables')
const count = Number(process.env['SALLYPORT_DABENCH_QUESTIONS'] ?? 6)

const askedIn = (text: string): string | undefined => /^#(\d+) /.exec(text)?.[1]

/** A model that writes the program for the question, and answers with what it printed. */
function modelOf(questions: readonly Question[]): (request: ServedRequest) => ServedTurn {
  return ({ body: { messages } }) => {
    const last = messages.at(-1)
    if (last?.role === 'tool') {
      const values = valuesIn(last.content ?? '')
      return { kind: 'turn', text: Array.from(values, ([name, value]) => `@${name}[${value}]`).join('\n\n') }
    }
    const question = questions.find(({ id }) => askedIn(last?.content ?? '') === String(id))
    const code = JSON.stringify({ code: question?.program ?? '' })
    return { kind: 'turn', text: '', calls: [{ name: 'run_python', arguments: code }] }
  }
}

describe.skipIf(questionsFile === null || labels === null || tables === null)('questions of DABench', () => {
  // Also where they are skipped these lines are read, without the corpus.
  const isHere = questionsFile !== null && labels !== null
  const all = isHere ? readQuestions({ questions: questionsFile, labels }) : []
  const chosen = all.slice(0, count)

  it('are sixty at least, each with labels', () => {
    expect(all.length).toBeGreaterThanOrEqual(60)
    expect(all.filter((question) => question.labels.length === 0)).toEqual([])
  })

  it(
    'are answered as they are labelled, by programs over files that were uploaded',
    async () => {
      verifies('agent.dabench')
      await using endpoint = await ScriptedOpenAiServer.start(modelOf(all))
      await using service = await serve({
        SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
        SALLYPORT_MODEL_NAME: 'scripted-1',
      })
      const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key, maxRetries: 0 })
      const mistakes: Record<string, readonly string[]> = {}
      for (const [table, questions] of Map.groupBy(chosen, (question) => question.table)) {
        const content = createReadStream(join(tables ?? '', table))
        const file = await client.files.create({ file: content, purpose: 'user_data' })
        // Questions about one table are asked one after the other in a session, as people do.
        const session = await client.post<{ readonly id: string }>('/sessions', { body: {} })
        for (const question of questions) {
          const asked = { model: 'analyst', messages: [{ role: 'user' as const, content: question.text }] }
          // Clients pass members on that they do not know.
          const own = { files: [file.id], session: session.id }
          const { choices } = await client.chat.completions.create(Object.assign(asked, own))
          const found = mistakesIn(choices[0]?.message.content ?? '', question)
          if (found.length > 0) mistakes[question.id] = found
        }
        await client.delete(`/sessions/${session.id}`)
      }
      process.stderr.write(`DABench: ${chosen.length - Object.keys(mistakes).length} of ${chosen.length} as labelled\n`)
      expect(mistakes).toEqual({})
    },
    120_000 + 15_000 * chosen.length,
  )
})
