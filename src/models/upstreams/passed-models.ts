import { ServiceError } from '../../core/errors.ts'
import type { CallTarget, PromptCounting, TokenizerName } from '../../core/model-call.ts'
import type { Ability, ModelSettings, UpstreamsOptions } from './options.ts'

/** A model that is served by passing calls on. */
export interface PassedModel extends CallTarget {
  /** As callers name it. */
  readonly id: string
  readonly kind: 'openai' | 'anthropic'
  readonly model: string
  /** What it can do; null where nobody has said. */
  readonly abilities: ReadonlySet<Ability> | null
}

/**
 * The most that a picture is: gpt-4o-mini has 2,833 and eight squares of 5,667 (platform.openai.com, "Images and vision"),
 * the models of Anthropic with the most have 4,784 (docs.claude.com, "Vision").
 */
const mostPictureTokens = { openai: 48_169, anthropic: 4_784 } as const

/** The models of the configuration by the name callers ask for. Throws `invalid-config` for a name with two upstreams. */
export function passedModels(options: UpstreamsOptions): ReadonlyMap<string, PassedModel> {
  const models = new Map<string, PassedModel>()
  for (const [upstream, { kind, models: names, chat_limit, documents }] of Object.entries(options)) {
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
      const limited = chat_limit === 'max_tokens' ? { chatLimit: chat_limit } : {}
      const reading = documents === 'send' ? { takesDocuments: true as const } : {}
      const priced = price === undefined ? {} : { price }
      const counting = countingOf(kind, model, settings)
      const abilities = settings.abilities === undefined ? null : new Set(settings.abilities)
      models.set(id, {
        id,
        kind,
        upstream,
        model,
        renamed: id !== model,
        counting,
        abilities,
        ...limited,
        ...reading,
        ...priced,
      })
    }
  }
  return models
}

/** By the names of OpenAI's models, as tiktoken has them (github.com/openai/tiktoken, model.py), also of one that was tuned. */
const tokenizers: readonly (readonly [RegExp, TokenizerName])[] = [
  [/^(?:openai\/|ft:)?(?:gpt-5|gpt-4\.[15]|gpt-4o|chatgpt-4o|gpt-oss|o[134])(?![a-z0-9])/, 'o200k_base'],
  [/^(?:openai\/|ft:)?(?:gpt-4|gpt-3\.5|gpt-35|text-embedding-(?:3|ada-002))(?=$|-)/, 'cl100k_base'],
]

function countingOf(kind: PassedModel['kind'], model: string, settings: ModelSettings): PromptCounting {
  const { tokenizer, picture_tokens, context_tokens } = settings
  const known = tokenizers.find(([pattern]) => pattern.test(model))?.[1] ?? null
  return {
    tokenizer: tokenizer === 'bytes' ? null : (tokenizer ?? (kind === 'openai' ? known : null)),
    pictureTokens: picture_tokens ?? mostPictureTokens[kind],
    contextTokens: context_tokens ?? null,
  }
}
