import { z } from 'zod'
import { filterActions } from '../../filters/profile.ts'
import { groundingModes, toolNames } from '../../core/grant.ts'
import { modelApis } from '../../core/model-call.ts'
import { toolLanguages } from '../../core/languages.ts'
import { taints } from '../../core/provenance.ts'
import { forEachLimit } from '../../core/requested-limits.ts'
// What policy is asked, and what it may answer. A member that is not listed here makes an answer a refusal: a rule that is
// misspelled must not be a rule that is not applied.

const names = z.array(z.string().min(1).max(256)).max(10_000)
const ruleId = z.string().regex(/^[a-z0-9][a-zA-Z0-9_./:-]{0,199}$/)
const rules = z.array(ruleId).max(200).describe('Ids of the rules that had a say.')
const reason = z.string().min(1).max(500).describe('For whoever asked: why not.')

const refusal = z.strictObject({ allow: z.literal(false), rules, reason })

const cost = z.number().nullable().default(null).describe('In millionths of the currency of prices.')

const budget = z.strictObject({
  steps: z.number(),
  tokens: z.number(),
  wall_ms: z.number(),
  corrections: z.number(),
  cost: cost.describe('The most that one answer of the own model may cost; null where tokens alone hold it.'),
})

/** Of what is counted there is none at least: less would be held of a limit than nothing, which gives some of it back. */
const limit = z.int().min(0)
const lowerBudget = z
  .strictObject({ steps: limit, tokens: limit, wall_ms: limit, corrections: limit, cost: limit })
  .partial()

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

const who = {
  principal: z.strictObject({
    id: z.string(),
    kind: z.string(),
    group: z.string(),
    tenant: z.string().nullable().describe("As gateway.groups names that of the caller's group."),
    end_user: z
      .string()
      .nullable()
      .default(null)
      .describe('The person for whom an application asks, as it has signed; null where it does not say.'),
  }),
  channel: z.enum(['http', 'cli']),
  time: z.strictObject({
    zone: z.string(),
    date: z.string().describe('2026-03-02'),
    weekday: z.enum(weekdays),
    hour: z.int().min(0).max(23),
    minute: z.int().min(0).max(59),
  }),
}

const grantInput = z.strictObject({
  ...who,
  granted: z
    .strictObject({
      models: names,
      tools: names,
      hosted_tools: names,
      endpoints: names,
      data_sources: names,
      languages: names,
      budget,
      sandbox: z.strictObject(forEachLimit(() => z.number())),
      filter_profile: z.string(),
      privacy_profile: z.string().nullable(),
      reveal_sql: z.enum(['never', 'on-request', 'always']),
      find_values: z.enum(['none', 'own', 'group', 'all']),
      grounding: z.enum(groundingModes).default('off'),
      tier: z.string().nullable().default(null),
      show_routes: z.boolean().default(false),
      metrics: z.boolean(),
    })
    .describe("What the configuration gives the caller's group."),
})

const restriction = z
  .strictObject({
    rule: ruleId,
    models: names.optional(),
    tools: z.array(z.enum(toolNames)).optional(),
    hosted_tools: names.optional(),
    endpoints: names.optional(),
    data_sources: names.optional(),
    languages: z.array(z.enum(toolLanguages)).optional(),
    budget: lowerBudget.optional(),
    sandbox: z
      .strictObject(forEachLimit((_name, { least, isWhole }) => (isWhole ? z.int() : z.number()).min(least).optional()))
      .optional(),
    reveal_sql: z.enum(['never', 'on-request']).optional(),
    find_values: z.enum(['none', 'own', 'group']).optional(),
    grounding: z.enum(['annotate', 'regenerate', 'block']).optional(),
    routes: z
      .record(z.string().min(1).max(256), names)
      .optional()
      .describe('What is left of the targets of a route, in the order in which they are asked.'),
    show_routes: z.literal(false).optional(),
    metrics: z.literal(false).optional(),
  })
  .describe('What is left of the grant is at most this: of lists what both have, of numbers the lower.')

export type Restriction = z.infer<typeof restriction>

const grantOutput = z.discriminatedUnion('allow', [
  z.strictObject({ allow: z.literal(true), rules, restrict: z.array(restriction).max(200) }),
  refusal,
])

/** Who a text of a request is of, as far as its place tells. */
export const textSources = ['system', 'user', 'assistant', 'tool', 'schema', 'file', 'other'] as const

/** What parts of a message can be; anything that is not listed is `other`. */
export const partKinds = ['text', 'image', 'audio', 'file', 'tool-call', 'tool-result', 'reasoning', 'other'] as const

const source = z.enum(textSources)
const count = z.int().min(0)
const effect = z.enum(['reads', 'changes'])
const decided = z.enum(['allow', 'ask'])

const payloadInput = z.strictObject({
  ...who,
  payload: z
    .strictObject({
      api: z
        .enum([...modelApis, 'analyst', 'endpoint'])
        .describe('analyst: a question to the own model; endpoint: a guarded endpoint, whose operation is the model.'),
      model: z.string().nullable(),
      streamed: z.boolean(),
      output_tokens: count.nullable(),
      choices: count,
      bytes: count,
      depth: count.describe('Of lists and objects within one another.'),
      members: count.describe('Of all lists and objects together.'),
      messages: z
        .array(z.strictObject({ role: source, characters: count, parts: z.partialRecord(z.enum(partKinds), count) }))
        .max(500)
        .describe('The first 500.'),
      message_count: count,
      texts: z.partialRecord(source, z.strictObject({ count, characters: count, longest: count, hidden: count })),
      tools: z
        .array(z.strictObject({ name: z.string().max(128), parameters: count, depth: count, characters: count }))
        .max(500)
        .describe('The first 500.'),
      tool_count: count,
      hosted_tools: z.array(z.string().max(128)).max(500),
      hits: z
        .array(z.strictObject({ pattern: z.string(), source, place: z.string().max(200), count }))
        .describe(
          'Patterns of the rules that were found: at the first 500 places, and at later ones one for each pattern and source.',
        ),
      found: z.record(z.string(), count).describe('What was hidden, by category.'),
      detections: z
        .array(
          z.strictObject({
            category: z.string(),
            source,
            place: z.string().max(200),
            count,
            score: z.number().min(0).max(1).describe('Of the surest.'),
          }),
        )
        .default([])
        .describe(
          'What detectors of the privacy profile saw, whatever became of it: at the first 500 places, and at later ones one for each category and source.',
        ),
      novelty: z
        .strictObject({
          first: z.boolean().describe('Is it the first request of the caller that this process has seen?'),
          model: z.boolean(),
          tools: count.describe('Tools that the caller has not had before.'),
          parts: count.describe('Kinds of parts that the caller has not sent before.'),
          larger: z.number().describe('Bytes over those of the largest request before; 0 for the first.'),
        })
        .describe('Against what the caller has asked before, as far as this process remembers.'),
    })
    .describe('The shape of what is about to be sent: never a value of it.'),
  profiles: z.strictObject({ filter: z.string(), privacy: z.string().nullable() }).describe('In force.'),
})

const payloadOutput = z.discriminatedUnion('allow', [
  z.strictObject({
    allow: z.literal(true),
    rules,
    demand: z
      .strictObject({ privacy_profile: z.string().min(1), filter_profile: z.string().min(1) })
      .partial()
      .optional()
      .describe('Profiles that have to be in force; each must be at least as strict as the one that is.'),
  }),
  refusal,
])

const actionInput = z.strictObject({
  ...who,
  action: z
    .strictObject({
      tool: z.enum([...toolNames, 'model-call']).describe('model-call: a tool of a caller, whose call is passed on.'),
      language: z.enum(toolLanguages).nullable(),
      source: z.string().nullable().describe('Name of the data source; null without one.'),
      tables: z.array(z.string()).describe('As the analyzer of the database resolved them: public.orders.'),
      columns: z.array(z.string()).describe('public.orders.id'),
      provenance: z.array(z.enum(taints)).describe('What the model had read; unknown is trusted as little as a row.'),
      spent: z.strictObject({ tokens: z.number(), cost }).describe('By the run, until now; no cost without a price.'),
      budget: z
        .strictObject({ cost: cost.describe('The most that the run may cost; null where nothing holds it.') })
        .default({ cost: null }),
      call: z
        .strictObject({ name: z.string().max(128), api: z.enum(modelApis), effect, decided })
        .nullable()
        .default(null)
        .describe('Of a model-call: the tool as actions.tools has it, and what is decided without rules.'),
    })
    .describe('A tool call of a model that has passed the validators and is about to run, or to be passed on.'),
})

const actionOutput = z.discriminatedUnion('allow', [
  z.strictObject({ allow: z.literal(true), rules }),
  refusal.extend({ ask: z.literal(true).optional().describe('A person has to allow it.') }),
])

/** Where texts are looked at for what they say: the APIs that models are asked by, the own model, and a check without a model. */
export const contentApis = [...modelApis, 'analyst', 'check'] as const

const score = z.number().min(0).max(1)

const contentInput = z.strictObject({
  ...who,
  content: z
    .strictObject({
      direction: z.enum(['inbound', 'outbound']).describe('inbound: what a model is sent; outbound: what it said.'),
      shape: z.strictObject({
        api: z.enum(contentApis).describe('analyst: the own model; check: no model, a check alone.'),
        model: z.string().nullable(),
        parts: count.describe('Texts that were looked at together.'),
        characters: count,
        longest: count,
      }),
      action: z.enum(filterActions).describe('What the profile came to.'),
      findings: z
        .array(
          z.strictObject({
            category: z.string(),
            detector: z.string(),
            score: score.describe('Of the surest, calibrated.'),
            count,
            action: z.enum(filterActions).describe('The most final that the profile made of one.'),
          }),
        )
        .max(1_000)
        .describe('What detectors saw, by category and detector: never a text.'),
      failures: z
        .array(
          z.strictObject({
            detector: z.string(),
            categories: z.array(z.string()),
            on_failure: z.enum(['closed', 'open']),
            why: z.enum(['deadline', 'fault', 'unreadable']),
          }),
        )
        .describe('Detectors that did not answer.'),
      detectors: z.record(z.string(), z.string()).describe('Versions by name, of those that were asked.'),
      profile: z.strictObject({ name: z.string(), version: count }),
    })
    .describe('What detectors of content found in a text, and what the profile of its group made of it.'),
})

const tightening = z
  .strictObject({
    rule: ruleId,
    action: z.enum(['annotate', 'mask', 'regenerate', 'human', 'block']),
    reason,
    categories: names.optional().describe('What it is about; without them everything that was found.'),
    least_score: score.optional().describe('What it is about: what is as sure at least.'),
  })
  .describe('An action that is wanted at least.')

export type Tightening = z.infer<typeof tightening>

const contentOutput = z.discriminatedUnion('allow', [
  z.strictObject({ allow: z.literal(true), rules, tighten: z.array(tightening).max(200) }),
  refusal,
])

/** By the name of the decision: its entry point in a bundle, what it is asked and what it may answer. */
export const decisions = {
  grant: { entryPoint: 'sallyport/grant/decision', input: grantInput, output: grantOutput },
  payload: { entryPoint: 'sallyport/payload/decision', input: payloadInput, output: payloadOutput },
  action: { entryPoint: 'sallyport/action/decision', input: actionInput, output: actionOutput },
  content: { entryPoint: 'sallyport/content/decision', input: contentInput, output: contentOutput },
} as const

export type DecisionName = keyof typeof decisions
export type DecisionInput<Name extends DecisionName> = z.infer<(typeof decisions)[Name]['input']>
export type DecisionOutput<Name extends DecisionName> = z.infer<(typeof decisions)[Name]['output']>
