import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Variables } from '../../config/environment.ts'
import type { OnActivity } from '../../core/activity.ts'
import { startClassifier, type Classifier } from './classifier.ts'
import { drawPictures, openExample } from './example.ts'
import { startGuard } from './guard.ts'
import { outcomeOf, patienceMilliseconds, type Outcome } from './outcome.ts'
import type { BeforeAndAfter } from './outcome-table.ts'
import type { Target } from './request.ts'
import { throwTraffic } from './throw-traffic.ts'
import { planTraffic, type Planned, type TrafficOptions } from './traffic.ts'

export interface IncidentParts {
  readonly variables: Variables
  readonly onActivity: OnActivity
}

/** How much of the customer's traffic was invalid, in percent. */
export const invalidPercent = 95

/**
 * Throws the same traffic at the classifier twice: straight, and through a Sallyport in front of another one that is fresh.
 * Rejects with `service-unavailable` where one of them does not start.
 */
export async function runIncident(
  options: Omit<TrafficOptions, 'invalidPercent'>,
  { variables, onActivity }: IncidentParts,
  signal: AbortSignal,
): Promise<BeforeAndAfter> {
  const example = await openExample(signal)
  const pictures = await drawPictures(example, { seed: options.seed, variables }, signal)
  const traffic = planTraffic(pictures, { ...options, invalidPercent })
  const strike = async (way: string, classifier: Classifier, target: Target): Promise<Outcome> => {
    using _ = onActivity(`${traffic.length.toLocaleString('en')} requests ${way}`)
    return await struck(traffic, { classifier, target }, signal)
  }
  const straight = async (): Promise<Outcome> => {
    await using classifier = await startClassifier(example, variables, signal)
    const keys = { caller: classifier.key, bot: classifier.key, wrong: wrongKey }
    return await strike('straight at the classifier', classifier, { ...placeOf(classifier.origin), base: '', keys })
  }
  const through = async (): Promise<Outcome> => {
    await using stack = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'sallyport-incident-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const classifier = stack.use(await startClassifier(example, variables, signal))
    const guard = stack.use(await startGuard({ example, classifier, folder, variables }, signal))
    const keys = { ...guard.keys, wrong: wrongKey }
    return await strike('through Sallyport', classifier, {
      ...placeOf(guard.origin),
      base: '/endpoints/classifier',
      keys,
    })
  }
  return { without: await straight(), guarded: await through() }
}

const wrongKey = 'sp-nobody-has-this-key'

function placeOf(origin: string): Pick<Target, 'host' | 'port'> {
  const { hostname, port } = new URL(origin)
  return { host: hostname, port: Number(port) }
}

async function struck(
  traffic: readonly Planned[],
  { classifier, target }: { readonly classifier: Classifier; readonly target: Target },
  signal: AbortSignal,
): Promise<Outcome> {
  const ended = await throwTraffic(traffic, { target, patienceMilliseconds }, signal)
  return outcomeOf(ended, await classifier.counts())
}
