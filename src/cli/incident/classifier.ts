import { z } from 'zod'
import type { Variables } from '../../config/environment.ts'
import { exampleEnvironment, type Example } from './example.ts'
import { startProgram, type StartedProgram } from './started-program.ts'

const countsSchema = z.object({
  received: z.int(),
  classified: z.int(),
  failed: z.int(),
  longest_queue: z.int(),
  cost: z.int(),
  queue: z.int(),
})

/** What the service itself has counted since it began; `cost` in millionths of the currency. */
export type ClassifierCounts = z.infer<typeof countsSchema>

/** The service of the example, which nobody guards. */
export interface Classifier extends Pick<StartedProgram, 'pid'>, AsyncDisposable {
  readonly origin: string
  readonly key: string
  counts(): Promise<ClassifierCounts>
}

/** Milliseconds that it may take to say its counts: it may be busy with other things. */
const countsPatience = 60_000

/** Starts it on a free port. Rejects with `service-unavailable` where it does not start. */
export async function startClassifier(
  { folder, python }: Example,
  variables: Variables,
  signal: AbortSignal,
): Promise<Classifier> {
  const key = 'key-of-the-classifier'
  const started = await startProgram(
    [python, 'service.py', '--port', '0'],
    {
      folder,
      environment: exampleEnvironment(variables, { CLASSIFIER_KEY: key }),
      stream: 'stderr',
      ready: /Running on (http:\S+)/,
    },
    signal,
  )
  const origin = started.match[1] ?? ''
  return {
    pid: started.pid,
    origin,
    key,
    counts: async () => {
      const answer = await fetch(`${origin}/counts`, { signal: AbortSignal.timeout(countsPatience) })
      return countsSchema.parse(await answer.json())
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  }
}
