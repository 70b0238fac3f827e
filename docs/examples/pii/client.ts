// Asks a model through Sallyport, which sees none of the values and answers with them all the same.
import OpenAI from 'openai'

// The address and the key are all that changes in an application.
const client = new OpenAI({ baseURL: `${process.env['SALLYPORT_URL']}/v1`, apiKey: process.env['SALLYPORT_KEY'] })

const { data: stream, response } = await client.chat.completions
  .create({
    model: 'gpt-5',
    stream: true,
    safety_identifier: 'customer-17', // whose values these are: nobody else's tokens are the same
    messages: [{ role: 'user', content: 'Tell kim.wexler@hamlin.example that card 4111 1111 1111 1111 was charged.' }],
  })
  .withResponse()
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '')

const receipt = response.headers.get('x-sallyport-privacy-receipt')
const { masked } = await client.get<{ masked: { by_kind: object } }>(`/privacy/receipts/${receipt}`)
process.stdout.write(`\n${JSON.stringify(masked.by_kind)}\n`)
