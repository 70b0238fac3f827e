import OpenAI, { toFile } from 'openai'

const client = new OpenAI({ baseURL: 'http://127.0.0.1:8080/v1', apiKey: process.env.SALLYPORT_KEY })

const file = await client.files.create({
  file: await toFile(Buffer.from('region,mail\nnorth,ann@example.com\n'), 'sales.csv'),
  purpose: 'user_data',
})
const conversation = await client.conversations.create({ metadata: { team: 'north' } })

// Members of ours stand beside OpenAI's.
const question = {
  model: 'analyst',
  messages: [{ role: 'user' as const, content: 'How many rows has sales.csv?' }],
  files: [file.id],
  conversation: conversation.id,
}
const answer = await client.chat.completions.create(question)
console.log(answer.choices[0]?.message.content)

const { data } = await client.conversations.items.list(conversation.id)
console.log(data.length)
