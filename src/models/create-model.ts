import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { ServiceError } from '../core/errors.ts'
import { contextTokensOf } from './catalog.ts'
import type { Model } from './model.ts'
import type { ModelOptions } from './options.ts'
import { createDemoModel } from './providers/demo/demo-model.ts'
import type { OpenAiModelOptions } from './providers/openai/openai-model.ts'

export const openAiBaseUrl = 'https://api.openai.com/v1'

/** Which provider `auto` stands for with these settings. */
export function providerOf(options: ModelOptions): 'demo' | 'openai' {
  if (options.provider !== 'auto') return options.provider
  const configured = [options.base_url, options.api_key, options.name].some((value) => value !== undefined)
  return configured ? 'openai' : 'demo'
}

/** The model these settings describe. Throws `invalid-config` where a setting is missing; opens no connection. */
export function createModel(options: ModelOptions): Model {
  if (providerOf(options) === 'demo') return createDemoModel()
  if (options.name === undefined) {
    throw new ServiceError('invalid-config', 'model.name is not set', {
      advice: 'Set model.name (SALLYPORT_MODEL_NAME) to a name that GET {base_url}/models lists.',
    })
  }
  const baseUrl = (options.base_url ?? openAiBaseUrl).replace(/\/+$/, '')
  if (options.api_key === undefined && baseUrl === openAiBaseUrl) {
    throw new ServiceError('invalid-config', 'model.api_key is not set, and api.openai.com needs one', {
      advice: 'Set model.api_key (SALLYPORT_MODEL_API_KEY), or model.base_url for another endpoint.',
    })
  }
  const contextTokens = options.context_tokens ?? contextTokensOf(options.name)
  return createLateOpenAiModel({
    name: options.name,
    baseUrl,
    apiKey: options.api_key ?? null,
    timeoutMilliseconds: options.timeout_ms,
    idleTimeoutMilliseconds: options.idle_timeout_ms,
    retries: options.retries,
    outputTokenField: outputTokenField(options.output_token_field, baseUrl),
    ...(contextTokens === null ? {} : { contextTokens }),
  })
}

/** The client is a large library: it is loaded with the first turn. */
function createLateOpenAiModel(options: OpenAiModelOptions): Model {
  const load = onceUntilFailure(async () => {
    const { createOpenAiModel } = await import('./providers/openai/openai-model.ts')
    return createOpenAiModel(options)
  })
  return {
    id: options.name,
    scripted: false,
    ...(options.contextTokens === undefined ? {} : { contextTokens: options.contextTokens }),
    async *turn(request, signal) {
      yield* (await load()).turn(request, signal)
    },
  }
}

function outputTokenField(
  setting: ModelOptions['output_token_field'],
  baseUrl: string,
): 'max_tokens' | 'max_completion_tokens' {
  if (setting !== 'auto') return setting
  return baseUrl === openAiBaseUrl ? 'max_completion_tokens' : 'max_tokens'
}
