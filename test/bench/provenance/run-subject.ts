/** Runs of a build, for the time that they take in its process: `node run-subject.ts CHECKOUT`, the model at BENCH_MODEL_URL. */
import { serveSubject } from '../subject.ts'
import { answer, openProduct } from './runs.ts'

await serveSubject(async (product) => {
  const sallyport = await openProduct(product, process.env['BENCH_MODEL_URL'] ?? '')
  const run = async (): Promise<void> => {
    let ending = ''
    for await (const event of answer(sallyport, new AbortController().signal)) {
      if (event.type === 'end') ending = event.ending
    }
    if (ending !== 'answer') throw new Error(`The run ended with ${ending}.`)
  }
  return {
    jobs: {
      runs: async () => {
        for (let count = 0; count < 5; count += 1) await run()
      },
    },
  }
})
