import { createHmac } from 'node:crypto'
import { FakeServer, type Serve } from './fake-server.ts'

interface Asked {
  readonly version: number
  readonly id: string
  readonly texts: readonly { readonly text: string }[]
}

export const webhookKey = 'a key that both sides have'

/** A program by the contract of docs/content-filters.md. It refuses whoever has not signed what came. */
export const startFakeWebhook = (): Promise<FakeServer> => FakeServer.start(serve)

const serve: Serve = ({ headers, raw, body }) => {
  const seconds = String(headers['x-sallyport-timestamp'])
  const signature = `v1=${createHmac('sha256', webhookKey).update(`${seconds}.${raw}`).digest('hex')}`
  const isOld = Math.abs(Date.now() / 1_000 - Number(seconds)) > 300
  if (isOld || headers['x-sallyport-signature'] !== signature) return { status: 401, body: { error: 'not signed' } }
  const { id, texts } = body as Asked
  return { status: 200, body: { version: 1, id, results: texts.map(({ text }) => ({ findings: findingsIn(text) })) } }
}

/** Places count code points. */
function findingsIn(text: string): object[] {
  return [...text.matchAll(/hurt/g)].map(({ index }) => {
    const start = Array.from(text.slice(0, index)).length
    return { category: 'guard/threat', score: 0.8, start, end: start + 4 }
  })
}
