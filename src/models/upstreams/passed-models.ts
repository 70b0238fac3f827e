import { ServiceError } from '../../core/errors.ts'
import type { CallTarget } from '../../core/model-call.ts'
import type { UpstreamsOptions } from './options.ts'

/** A model that is served by passing calls on. */
export interface PassedModel extends CallTarget {
  /** As callers name it. */
  readonly id: string
  readonly kind: 'openai' | 'anthropic'
  readonly model: string
}

/** The models of the configuration by the name callers ask for. Throws `invalid-config` for a name with two upstreams. */
export function passedModels(options: UpstreamsOptions): ReadonlyMap<string, PassedModel> {
  const models = new Map<string, PassedModel>()
  for (const [upstream, { kind, models: names }] of Object.entries(options)) {
    const pairs = Array.isArray(names) ? names.map((name) => [name, name] as const) : Object.entries(names)
    for (const [id, given] of pairs) {
      const { name: model = id, price } = typeof given === 'string' ? { name: given, price: undefined } : given
      const other = models.get(id)
      if (other !== undefined) {
        const message = `The model "${id}" stands under upstreams.${other.upstream} and upstreams.${upstream}.`
        throw new ServiceError('invalid-config', message, {
          advice: 'Give one of them another name: {NAME: NAME-AT-THE-UPSTREAM}.',
        })
      }
      const priced = price === undefined ? {} : { price }
      models.set(id, { id, kind, upstream, model, renamed: id !== model, ...priced })
    }
  }
  return models
}
