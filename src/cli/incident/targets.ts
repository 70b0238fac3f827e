import type { Classifier } from './classifier.ts'
import type { Guard } from './guard.ts'
import type { Target } from './request.ts'

const wrong = 'sp-nobody-has-this-key'

/** The classifier itself, which knows one key. */
export function straightAt({ origin, key }: Classifier): Target {
  return { ...placeOf(origin), base: '', keys: { caller: key, bot: key, wrong } }
}

/** The classifier, as callers of a Sallyport in front of it reach it. */
export function through({ origin, keys }: Guard): Target {
  return { ...placeOf(origin), base: '/endpoints/classifier', keys: { ...keys, wrong } }
}

function placeOf(origin: string): Pick<Target, 'host' | 'port'> {
  const { hostname, port } = new URL(origin)
  return { host: hostname, port: Number(port) }
}
