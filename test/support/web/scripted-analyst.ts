import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScriptedOpenAiServer, type ServedRequest, type ServedTurn } from '../http/scripted-openai-server.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const call = (name: string, args: object): ServedTurn => ({
  kind: 'turn',
  text: 'I look.',
  calls: [{ name, arguments: JSON.stringify(args) }],
})

const chart = `import json
import matplotlib.pyplot as plt
import pandas as pd
sales = pd.read_csv("/mnt/data/sales.csv")
plt.bar(sales["region"], sales["amount"])
plt.title("Sales by region")
print(json.dumps({"total": int(sales["amount"].sum())}))`

const page = `open("/mnt/data/report.html", "w").write(
  '<h1 id="seen">A report</h1><p id="run">still</p>'
  '<script>document.getElementById("run").textContent = "run"</script>'
  '<img src="https://elsewhere.example/pixel.png"><form action="https://elsewhere.example"><button>Send</button></form>'
)
print("made")`

/** Programs and statements by a word of the question, and what is said when they have run. */
export const scripted = {
  chart: { calls: call('run_python', { code: chart }), answer: 'All regions together sold {{run1:/total}}.' },
  orders: {
    calls: call('run_sql', {
      sql: 'SELECT status, count(*) AS orders FROM orders GROUP BY status ORDER BY orders DESC, status',
    }),
    answer: 'The most frequent status has {{run1:/rows/0/orders}} orders.',
  },
  reach: {
    calls: call('run_sql', { sql: 'SELECT name, email FROM customers ORDER BY id LIMIT 4' }),
    answer: 'They are in the table.',
  },
  reviews: {
    calls: call('run_sql', { sql: 'SELECT rating, count(*) AS reviews FROM reviews GROUP BY rating ORDER BY rating' }),
    answer: 'That is all.',
  },
  report: { calls: call('run_python', { code: page }), answer: 'The report is made.' },
  endless: { calls: call('run_python', { code: 'while True:\n    pass' }), answer: 'Never.' },
} as const

interface ScriptedAnalystOptions {
  readonly settings?: object
  readonly answering?: () => void
}

/**
 * A model that does what the question has a word for: a chart of `sales.csv`, orders by their status, addresses of customers, reviews by their rating, a page, a program without end. `environment`
 * is that of a service over the sample shop which asks it, with `settings` beside. `answering` is told when the last thing that is said
about a question is about to be sent.
 */
export async function startScriptedAnalyst({ settings = {}, answering = () => {} }: ScriptedAnalystOptions = {}) {
  const endpoint = await ScriptedOpenAiServer.start((request) => {
    const turn = turnFor(request)
    if (turn.kind === 'turn' && turn.calls === undefined) answering()
    return turn
  })
  const file = join(temporaryFolder('web-'), 'sallyport.yaml')
  writeFileSync(file, JSON.stringify({ sources: { shop: { database: { kind: 'sample' } } }, ...settings }))
  return {
    environment: {
      SALLYPORT_CONFIG: file,
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
    },
    [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
  }
}

function turnFor({ body: { messages } }: ServedRequest): ServedTurn {
  const at = messages.findLastIndex(({ role }) => role === 'user')
  const question = messages[at]?.content ?? ''
  const found = Object.entries(scripted).find(([word]) => question.includes(word))?.[1]
  if (found === undefined) return { kind: 'turn', text: 'I do not know.' }
  return messages.slice(at).some(({ role }) => role === 'tool') ? { kind: 'turn', text: found.answer } : found.calls
}
