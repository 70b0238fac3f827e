import { ServiceError } from '../../core/errors.ts'
import type { CallTarget, PromptCounting } from '../../core/model-call.ts'
import type { ModelSettings, UpstreamsOptions } from './options.ts'

/** A model that is served by passing calls on. */
export interface PassedModel extends CallTarget {
  /** As callers name it. */
  readonly id: string
  readonly kind: 'openai' | 'anthropic'
  readonly model: string
}

/**
 * The most that a picture is: gpt-4o-mini has 2,833 and eight squares of 5,667 (platform.openai.com, "Images and vision"),
 * the models of Anthropic with the most have 4,784 (docs.claude.com, "Vision").
 */
const mostPictureTokens = { openai: 48_169, anthropic: 4_784 } as const

/** The models of the configuration by the name callers ask for. Throws `invalid-config` for a name with two upstreams. */
export function passedModels(options: UpstreamsOptions): ReadonlyMap<string, PassedModel> {
  const models = new Map<string, PassedModel>()
  for (const [upstream, { kind, models: names }] of Object.entries(options)) {
    const pairs = Array.isArray(names) ? names.map((name) => [name, name] as const) : Object.entries(names)
    for (const [id, given] of pairs) {
      const settings: ModelSettings = typeof given === 'string' ? { name: given } : given
      const { name: model = id, price } = settings
      const other = models.get(id)
      if (other !== undefined) {
        const message = `The model "${id}" stands under upstreams.${other.upstream} and upstreams.${upstream}.`
        throw new ServiceError('invalid-config', message, {
          advice: 'Give one of them another name: {NAME: NAME-AT-THE-UPSTREAM}.',
        })
      }
      const priced = price === undefined ? {} : { price }
      const counting = countingOf(kind, settings)
      models.set(id, { id, kind, upstream, model, renamed: id !== model, counting, ...priced })
    }
  }
  return models
}

function countingOf(kind: PassedModel['kind'], { picture_tokens, context_tokens }: ModelSettings): PromptCounting {
  return { pictureTokens: picture_tokens ?? mostPictureTokens[kind], contextTokens: context_tokens ?? null }
}
