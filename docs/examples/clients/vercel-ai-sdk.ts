import { createOpenAI } from '@ai-sdk/openai'
import { generateText, streamText } from 'ai'

const sallyport = createOpenAI({ baseURL: 'http://127.0.0.1:8080/v1', apiKey: process.env.SALLYPORT_KEY ?? '' })
const prompt = 'Which product categories bring the most margin?'

// Chat Completions: the words as they come.
const { textStream } = streamText({ model: sallyport.chat('analyst'), prompt })
for await (const text of textStream) process.stdout.write(text)

// Responses: with what was done as steps of the answer.
const { text } = await generateText({ model: sallyport.responses('analyst'), prompt })
console.log(text)
