import { ChatOpenAI } from '@langchain/openai'

const analyst = new ChatOpenAI({
  model: 'analyst',
  apiKey: process.env.SALLYPORT_KEY,
  configuration: { baseURL: 'http://127.0.0.1:8080/v1' },
})
for await (const chunk of await analyst.stream('Which product categories bring the most margin?')) {
  process.stdout.write(chunk.text)
}
