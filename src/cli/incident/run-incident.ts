import type { Variables } from '../../config/environment.ts'
import type { OnActivity } from '../../core/activity.ts'
import { startClassifier, type Classifier } from './classifier.ts'
import { drawPictures, openExample } from './example.ts'
import { startGuard } from './guard.ts'
import { outcomeOf, patienceMilliseconds, type Outcome } from './outcome.ts'
import type { BeforeAndAfter } from './outcome-table.ts'
import type { Target } from './request.ts'
import { straightAt, through } from './targets.ts'
import { throwTraffic } from './throw-traffic.ts'
import { planTraffic, type TrafficOptions } from './traffic.ts'

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
    const ended = await throwTraffic(traffic, { target, patienceMilliseconds }, signal)
    return outcomeOf(ended, await classifier.counts())
  }
  const withoutGuard = async (): Promise<Outcome> => {
    await using classifier = await startClassifier(example, variables, signal)
    return await strike('straight at the classifier', classifier, straightAt(classifier))
  }
  const withGuard = async (): Promise<Outcome> => {
    await using classifier = await startClassifier(example, variables, signal)
    await using guard = await startGuard({ example, classifier, variables }, signal)
    return await strike('through Sallyport', classifier, through(guard))
  }
  return { without: await withoutGuard(), guarded: await withGuard() }
}
