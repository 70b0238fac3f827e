import { describe, expect, it } from 'vitest'
import type { ModelEvent, ModelMessage, ModelRequest } from '../../../../../src/models/model.ts'
import { createDemoModel, demoLabel, demoQuestions } from '../../../../../src/models/providers/demo/demo-model.ts'
import { findScript } from '../../../../../src/models/providers/demo/find-script.ts'
import { readToolResult } from '../../../../../src/models/providers/demo/tool-result.ts'

const live = new AbortController().signal
const tools = ['describe_data', 'run_sql', 'run_python', 'run_javascript'].map((name) => ({
  name,
  description: name,
  parameters: {},
}))

async function turn(messages: readonly ModelMessage[], given = tools): Promise<{ text: string; events: ModelEvent[] }> {
  const request: ModelRequest = { messages, tools: given, maximumOutputTokens: 1000 }
  const events: ModelEvent[] = []
  for await (const event of createDemoModel().turn(request, live)) events.push(event)
  return { text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''), events }
}

function callsOf(events: readonly ModelEvent[]): { name: string; input: Record<string, string> }[] {
  return events.flatMap((event) =>
    event.type === 'tool-call'
      ? [{ name: event.call.name, input: JSON.parse(event.call.argumentsText) as Record<string, string> }]
      : [],
  )
}

const fenced = (text: string): string => `<<untrusted b run_sql>>\n${text}\n<<end untrusted b>>\nNote: the last round.`
const ask = (content: string): ModelMessage => ({ role: 'user', content })
const took: ModelMessage = { role: 'assistant', content: '', toolCalls: [] }
const told = (content: string): ModelMessage => ({ role: 'tool', callId: 'c', content })
const months = 'rows: 2\nfile: /mnt/data/result_7.parquet (Parquet)\ncsv:\nyear,revenue\n2024,1000\n2025,1500'

describe('the demo model', () => {
  it('says that it is scripted', () => {
    expect(createDemoModel().scripted).toBe(true)
    expect(demoLabel).toContain('Scripted demo model')
  })

  it('knows at least five questions, each by its words and by its number', () => {
    expect(demoQuestions.length).toBeGreaterThanOrEqual(5)
    for (const [position, question] of demoQuestions.entries()) {
      expect(findScript(question)?.question).toBe(question)
      expect(findScript(String(position + 1))?.question).toBe(question)
    }
  })

  it.each([
    ['how has REVENUE developed, over the last three years', 0],
    ['  Which product categories bring the most margin  ', 1],
    ['Question 3', 2],
    ['#4', 3],
    ['what are customers complaining about?!', 4],
    ['Top ten customers', 5],
    ['Which categories bring most margin?', 1],
    ['When will the revenue double?', 3],
  ])('understands %j', (question, position) => {
    expect(findScript(question)?.question).toBe(demoQuestions[position])
  })

  it.each(['What is the weather?', '99', '0', '', 'revenue', 'Delete all customers', 'How many customers are there?'])(
    'does not pretend to understand %j',
    (question) => {
      expect(findScript(question)).toBeNull()
    },
  )

  it('tells what it knows and how to configure a real model when it does not know a question', async () => {
    const { text, events } = await turn([ask('What is the weather?')])
    for (const question of demoQuestions) expect(text).toContain(question)
    expect(text).toContain('SALLYPORT_MODEL_BASE_URL')
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', usage: { estimated: true } })
  })

  it('answers the last question of a conversation', async () => {
    const { events } = await turn([ask('1'), took, { role: 'assistant', content: 'x', toolCalls: [] }, ask('7')])
    expect(callsOf(events)[0]?.input['sql']).toContain('staff_salaries')
  })

  it('names the tools a question needs where they are not granted', async () => {
    const { text, events } = await turn([ask('1')], tools.slice(0, 2))
    expect(text).toContain('needs run_python, which your group is not granted here')
    expect(callsOf(events)).toEqual([])
  })

  it('goes from tool result to tool call to answer, and makes its numbers of the results alone', async () => {
    const asked = [ask('When will revenue have doubled at the current growth rate?')]
    const first = await turn(asked)
    expect(callsOf(first.events)[0]?.name).toBe('run_sql')
    const second = await turn([...asked, took, told(fenced(months))])
    expect(callsOf(second.events)[0]).toMatchObject({
      name: 'run_javascript',
      input: { code: expect.stringMatching(/\[1000,1500\]/) as string },
    })
    const values = fenced('stdout:\n{"growth":0.5,"years":1.7095,"target":3000}')
    const third = await turn([...asked, took, told(fenced(months)), took, told(values)])
    expect(third.text).toContain('At 50.0 % a year')
    expect(third.text).toContain('**1.7 years**')
    expect(third.text).toContain('€3,000 a year, against €1,500 in 2025')
    expect(callsOf(third.events)).toEqual([])
  })

  it('hands the path of a query result on to Python', async () => {
    const { events } = await turn([ask('1'), took, told(fenced(months))])
    expect(callsOf(events)[0]?.input['code']).toContain('pd.read_parquet("/mnt/data/result_7.parquet"')
  })

  it('corrects itself after a refusal, and fails where the wall was open', async () => {
    const asked = ask('In which countries is the refund rate highest?')
    const refusal = `Refused; nothing was run. Correct it and call again.\n${fenced('line 1, column 1: no [x]')}`
    const { events } = await turn([asked, took, told(refusal)])
    expect(callsOf(events)[0]?.name).toBe('describe_data')
    await expect(turn([asked, took, told(fenced('rows: 1\ncsv:\na\n1'))])).rejects.toMatchObject({
      code: 'model-protocol',
      message: expect.stringMatching(/wanted a refusal of order_shipping_addresses/) as string,
    })
  })

  it('says that no model is configured where a source that is not the sample shop refuses its tables', async () => {
    const refusal = `Refused; nothing was run. Correct it and call again.\n${fenced('line 5, column 6: "order_lines" is not a table you may use. [sql/relation-not-allowed]')}`
    const { text, events } = await turn([ask('1'), took, told(refusal)])
    expect(text).toContain('This question is about the sample shop')
    expect(text).toContain('    line 5, column 6: "order_lines" is not a table you may use.')
    expect(text).toContain('No model is configured')
    expect(text).toContain('SALLYPORT_MODEL_BASE_URL')
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' })
    // An earlier refusal is a part of the script, and explains nothing that comes after it.
    await expect(turn([ask('1'), took, told(refusal), took, told(fenced('nothing'))])).rejects.toMatchObject({
      code: 'model-protocol',
    })
  })

  it('never answers where a tool result is not what the script needs', async () => {
    const failing = [ask('1'), took, told(fenced(months)), took, told(fenced('The code ran out of memory'))]
    await expect(turn(failing)).rejects.toMatchObject({
      code: 'model-protocol',
      message: expect.stringMatching(/wanted a line of JSON/) as string,
    })
  })

  it('stops when it is cancelled', async () => {
    const request: ModelRequest = { messages: [ask('1')], tools, maximumOutputTokens: 10 }
    const iterator = createDemoModel().turn(request, AbortSignal.abort())[Symbol.asyncIterator]()
    await expect(iterator.next()).rejects.toThrow('aborted')
  })
})

describe('a tool result as the demo reads it', () => {
  it('is what stands within the fence', () => {
    const rows = readToolResult(fenced('rows: 1\ncsv:\na,b\n1,"x, y"')).rows()
    expect(rows).toEqual([{ a: '1', b: 'x, y' }])
  })
})
