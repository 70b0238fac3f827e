import { FakeServer } from '../filters/remote/fake-server.ts'

interface Asked {
  readonly id: string
  readonly texts: readonly { readonly text: string }[]
}

/** A detector of toxicity as a program of its own, for which texts say themselves how harmful they are: `score 0.62`. */
export const startScoringWebhook = (): Promise<FakeServer> =>
  FakeServer.start(({ body }) => {
    const { id, texts } = body as Asked
    return { status: 200, body: { version: 1, id, results: texts.map(({ text }) => ({ findings: findingsIn(text) })) } }
  })

function findingsIn(text: string): object[] {
  return Array.from(text.matchAll(/score (0\.\d{1,3}|1)/g), ([, score]) => {
    return { category: 'toxicity', score: Number(score) }
  })
}
