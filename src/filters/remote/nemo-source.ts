import { z } from 'zod'
import { answerFault, formed } from './answer-faults.ts'
import type { NemoOptions } from './detector-options.ts'
import type { Verdict, VerdictSource } from './verdict-source.ts'

const who = 'NeMo Guardrails'
const leastBytes = 65_536
const bytesPerCharacter = 24
const configurationsBytes = 1_048_576

const answerOfChecks = z.object({
  status: z.enum(['passed', 'modified', 'blocked']),
  content: z.string(),
  rail: z.string().min(1).max(500).optional(),
})
const answerOfConfigurations = z.array(z.object({ id: z.string() }))

/** What the server says of a text when one of its rails has failed: it then tells it as one that is blocked. */
const failedRail = "I'm sorry, an internal error has occurred."

/**
 * `POST /v1/checks` of NeMo Guardrails 0.24, with a configuration that the server has loaded. The rails to run are always named:
 * it would pass what it has no rails for. A text is asked about alone, as the one message of its role: of several the server
 * looks at the last. A rail that failed is a fault here, and not a block.
 */
export function createNemoSource(options: NemoOptions): VerdictSource {
  const { key: token, model, config_id } = options
  const base = options.url.replace(/\/+$/, '')
  return {
    who,
    version: config_id,
    categories: [...new Set([options.category, ...Object.values(options.categories), options.changed_category])].filter(
      (category) => category !== null,
    ),
    batch: { characters: 1, texts: 1 },
    async probe(ask) {
      const url = `${base}/v1/rails/configs`
      const known = formed(who, answerOfConfigurations, await ask({ url, token, maximumBytes: configurationsBytes }))
      if (!known.some(({ id }) => id === config_id)) {
        throw answerFault(who, 'refused', `has no configuration ${config_id}`)
      }
    },
    async verdicts([text = ''], { context: { direction }, ask }) {
      const [role, rail] = direction === 'inbound' ? ['user', 'input'] : ['assistant', 'output']
      const body = { model, messages: [{ role, content: text }], guardrails: { config_id, rail_types: [rail] } }
      const maximumBytes = leastBytes + bytesPerCharacter * text.length
      const answer = await ask({ url: `${base}/v1/checks`, body, token, maximumBytes })
      return [verdictsOf(options, formed(who, answerOfChecks, answer), text)]
    },
  }
}

function verdictsOf(options: NemoOptions, answer: z.infer<typeof answerOfChecks>, text: string): Verdict[] {
  const { status, content, rail } = answer
  if (status === 'blocked') {
    if (content === failedRail) throw answerFault(who, 'failed', 'could not run one of its rails')
    if (rail === undefined) throw answerFault(who, 'unreadable-verdict', 'blocked a text and named no rail')
    const category = Object.hasOwn(options.categories, rail) ? options.categories[rail] : undefined
    return [{ category: category ?? options.category, score: 1 }]
  }
  // What it passes comes back as it was sent, so that an answer about another text is seen.
  if ((status === 'passed') !== (content === text) || rail !== undefined) {
    throw answerFault(who, 'unreadable-verdict', `answered that a text was ${status}, with content that does not fit`)
  }
  const { changed_category: category } = options
  return status === 'passed' || category === null ? [] : [{ category, score: 1 }]
}
