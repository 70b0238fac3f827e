import { longestTimer } from '../core/longest-timer.ts'
import type { Model } from '../models/model.ts'
import type { ModelOptions } from '../models/options.ts'
import type { Probe } from './sallyport.ts'

interface ModelProbeParts {
  readonly config: { readonly model: ModelOptions }
  readonly model: Model
}

/** Asks the model for a word. An endpoint that only keeps its connection alive is never silent: it is given an end here. */
export function modelProbe({ config, model }: ModelProbeParts): Probe {
  const { base_url: address = 'its default address', max_output_tokens: mostTokens } = config.model
  return {
    name: 'Model answers',
    sandbox: false,
    run: async (signal) => {
      if (model.scripted) {
        const detail = 'the scripted demo model; set model.base_url and model.name for a real one'
        return { passed: true, detail, fix: null }
      }
      const started = performance.now()
      const patience = AbortSignal.timeout(patienceOf(config.model))
      try {
        await oneTurn(model, Math.min(64, mostTokens), AbortSignal.any([signal, patience]))
        return { passed: true, detail: `${model.id} at ${address}, ${sinceThen(started)} ms`, fix: null }
      } catch (thrown) {
        if (signal.aborted || !patience.aborted) throw thrown
        const detail = `${model.id} keeps its connection open, and ended no answer within ${sinceThen(started)} ms`
        return { passed: false, detail, fix: 'Look at the model behind the endpoint, or raise model.timeout_ms.' }
      }
    },
  }
}

async function oneTurn(model: Model, maximumOutputTokens: number, signal: AbortSignal): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'Answer with the word ready.' }]
  // A turn that throws nothing has ended.
  for await (const _event of model.turn({ messages, tools: [], maximumOutputTokens }, signal)) continue
}

/** Milliseconds in which every attempt can begin, and the last one fall silent. */
function patienceOf({ timeout_ms: begin, idle_timeout_ms: silence, retries }: ModelOptions): number {
  return Math.min(longestTimer, begin * (retries + 1) + silence)
}

function sinceThen(started: number): number {
  return Math.round(performance.now() - started)
}
