import { Sallyport, SallyportError } from 'sallyport/client'

const client = new Sallyport({ baseUrl: 'http://127.0.0.1:8080', apiKey: process.env.SALLYPORT_KEY ?? '' })

// A program, as it speaks. Leaving the loop ends it.
for await (const event of client.programs.executeStream({ code: 'print(6 * 7)' })) {
  if (event.type === 'output') console.log(event.text.trim())
}

// A chart and a file that it makes, by links that live for minutes.
const code = `
import pandas as pd, matplotlib.pyplot as plt
sales = pd.DataFrame({"month": ["Jan", "Feb"], "sales": [3, 5]})
sales.to_csv("sales.csv", index=False)
plt.bar(sales.month, sales.sales); plt.show()`
const run = await client.programs.execute({ code, files: true })
const chart = await client.download(run.results[0]?.png_url ?? '')
const made = await client.download(run.files[0]?.url ?? '')
console.log(chart.headers.get('content-type'), (await made.text()).split('\n')[0])

// A statement through the gate, and why another one is refused.
const { rows } = await client.sql.run({ statement: 'SELECT count(*) FROM products' })
console.log(rows)
try {
  await client.sql.run({ statement: 'DROP TABLE products' })
} catch (error) {
  if (error instanceof SallyportError) console.log(error.code, error.problem?.findings?.[0]?.message)
}

// A question to the analyst.
const question = 'Which product categories bring the most margin?'
const answer = await client.chat.complete({ model: 'analyst', messages: [{ role: 'user', content: question }] })
console.log(answer.choices[0]?.message.content)

// What was wrong with it, or that nothing was.
const said = await client.feedback.give({ about: answer.id, verdict: 'up' })
console.log(said.verdict)
