import { z } from 'zod'
import { attemptOptions } from './calls/attempts/options.ts'
import { abuseOptions } from './abuse/options.ts'
import { identityOptions } from './authenticate/options.ts'
import { Secret } from '../core/secret.ts'
import { ownModel } from '../core/own-model.ts'
import { defaultToolNames, groundingModes, toolNames } from '../core/grant.ts'
import { quotaUnits } from '../core/quotas.ts'
import { forEachLimit, type LimitName } from '../core/requested-limits.ts'

const budgetOptions = z.strictObject({
  steps: z.int().min(1).max(100).default(12).describe('Model turns of one answer.'),
  tokens: z.int().min(1_000).max(10_000_000).default(200_000).describe('Input plus output tokens of one answer.'),
  answer_tokens: z
    .int()
    .min(1)
    .max(10_000_000)
    .nullable()
    .default(null)
    .describe('Output tokens that a call passed on is given in its body where it names no limit; null gives it none.'),
  wall_ms: z.int().min(1_000).max(3_600_000).default(300_000).describe('Milliseconds of wall time of one answer.'),
  cost: z
    .int()
    .min(0)
    .max(9_000_000_000_000)
    .nullable()
    .default(null)
    .describe(
      'The most one answer of analyst may cost, in millionths of the currency of model.price, which has to be set for it; null is no limit.',
    ),
  corrections: z.int().min(0).max(20).default(3).describe('How often a refused source may be corrected.'),
})

const ceilingNotes: { readonly [Name in LimitName]?: string } = {
  wall_ms: '; null is sandbox.limits.wall_ceiling_ms',
  cpus: '; never more than the machine has',
}

const ceilingOptions = z
  .strictObject(
    forEachLimit((name, { least, most, isWhole, text }) =>
      (isWhole ? z.int() : z.number())
        .min(least)
        .max(most)
        .nullable()
        .default(null)
        .describe(`${text}${ceilingNotes[name] ?? ''}.`),
    ),
  )
  .describe(
    'The most a caller may ask of a sandbox; null is the default under sandbox.limits. A group whose ceiling is below ' +
      'a default has the ceiling for its default.',
  )

const limitOptions = z
  .strictObject({
    per: z
      .enum(['key', 'user', 'group', 'tenant'])
      .describe('Whose use is counted together; user is the person that a credential or a signed header names.'),
    unit: z
      .enum(quotaUnits)
      .describe(
        'What is counted; runs are requests at a time, money is in millionths of the currency of the prices, bytes are those asked and answered.',
      ),
    most: z.int().min(0).max(9_000_000_000_000).describe('No more than this in each window.'),
    every: z
      .string()
      .regex(/^(?:hour|day|month|[1-9]\d{0,4}[smh])$/, 'must be hour, day, month, or a number with s, m or h')
      .nullable()
      .default(null)
      .describe('hour, day and month are those of UTC; 30s, 5m or 24h slide. null, for runs alone, is while they run.'),
  })
  .refine(({ unit, every }) => (unit === 'runs') === (every === null), {
    message: 'is needed for every unit but runs, which have none',
    path: ['every'],
  })

const limitsOptions = z
  .array(limitOptions)
  .max(20)
  .default([])
  .refine((limits) => new Set(limits.map(({ per, unit, every }) => `${per} ${unit} ${every}`)).size === limits.length, {
    message: 'has two limits of the same per, unit and every',
  })
  .describe('What callers of the group may use, beyond concurrent_requests and tokens_per_day; every limit holds.')

const groupOptions = z.strictObject({
  models: z.array(z.string().min(1)).default([ownModel]).describe('Models the group may ask; "*" is all.'),
  tools: z
    .array(z.enum(toolNames))
    .default([...defaultToolNames])
    .describe(
      'Tools a model is given for the group, and languages in which its callers may run programs of their own; run_shell is for these alone.',
    ),
  hosted_tools: z
    .array(z.string().regex(/^[a-z][a-z0-9_.-]{0,63}$/))
    .default([])
    .describe(
      'Tools that a provider runs by itself, in calls that are passed on: web_search, mcp, code_interpreter, …; ' +
        'image_urls and file_urls let it fetch addresses, fallbacks lets it turn to other models.',
    ),
  endpoints: z
    .array(z.string().min(1))
    .default([])
    .describe('Guarded endpoints the group may call, by NAME, or NAME.OPERATION for one operation; "*" is all.'),
  data_sources: z.array(z.string().min(1)).default(['*']).describe('Data sources the group may ask; "*" is all.'),
  filter_profile: z.string().min(1).default('default').describe('Filter profile for everything that leaves.'),
  privacy_profile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Profile of what is hidden from models that calls are passed on to; null hides nothing.'),
  call_filter_profile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'Filter profile for the content of calls that are passed on, and of their answers; null filters nothing.',
    ),
  actions: z
    .enum(['off', 'shadow', 'enforce'])
    .default('off')
    .describe(
      'Which calls of tools models may ask clients of the group to make, by what actions.tools declares; shadow only records it.',
    ),
  reveal_sql: z
    .enum(['never', 'on-request', 'always'])
    .default('on-request')
    .describe('May an answer repeat the SQL that was run? on-request: only when the question asks for the query.'),
  grounding: z
    .enum(groundingModes)
    .default('annotate')
    .describe(
      'Figures of an answer that the results of its run do not bear out: annotate marks them, regenerate asks the model once more, block withholds an answer that then still has some; off compares nothing.',
    ),
  budget: budgetOptions.prefault({}),
  sandbox: ceilingOptions.prefault({}),
  find_values: z
    .enum(['none', 'own', 'group', 'all'])
    .default('none')
    .describe(
      'In which kept conversations keys of the group may look for a value of a person, and forget them: those of the same key, of keys of the same group, or of all.',
    ),
  tier: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and -')
    .nullable()
    .default(null)
    .describe('Which targets the group has of routes by tiers.'),
  show_routes: z
    .boolean()
    .default(false)
    .describe('Do answers say in x-sallyport-route which model of a route was asked, and why?'),
  metrics: z.boolean().default(false).describe('May keys of the group read /metrics? They show what all callers do.'),
  tenant: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .default('default')
    .describe('Whose limits per tenant the group counts against; groups may share one.'),
  end_user_secret: z
    .string()
    .min(32, 'must have at least 32 characters')
    .transform((value) => new Secret(value))
    .nullable()
    .default(null)
    .describe('What applications of the group sign with for whom they ask; null where they do not say.'),
  limits: limitsOptions,
  concurrent_requests: z.int().min(1).max(1_000).default(4).describe('Requests of one caller at the same time.'),
  tokens_per_day: z
    .int()
    .min(1_000)
    .max(1_000_000_000)
    .default(5_000_000)
    .describe('Tokens of one caller per UTC day.'),
})

/** The model that answers are held against documents by, and against results of their run. */
export const judgeOptions = z.strictObject({
  model: z
    .string()
    .min(1)
    .max(200)
    .describe('A model of an upstream of the kind openai, or a route, that takes response_format json_schema.'),
  runs: z
    .boolean()
    .default(false)
    .describe(
      'Are answers of the analyst judged, too? Their sentences without figures against the results of their run, as a call of its own of whoever asks.',
    ),
  deadline_ms: z.int().min(100).max(600_000).default(30_000).describe('Milliseconds for one answer.'),
  maximum_sentences: z.int().min(1).max(500).default(60).describe('An answer with more is not judged.'),
  maximum_characters: z
    .int()
    .min(1_000)
    .max(2_000_000)
    .default(200_000)
    .describe('Bytes of one question, documents and all; a longer one is not asked.'),
  maximum_tokens: z.int().min(64).max(32_000).default(4_096).describe('Tokens of one verdict; one cut off is none.'),
})

export type JudgeOptions = z.infer<typeof judgeOptions>

export const gatewayOptions = z
  .strictObject({
    identity: identityOptions.prefault({}),
    abuse: abuseOptions.prefault({}),
    attempts: attemptOptions.prefault({}).describe('What is done about models that fail.'),
    judge: judgeOptions
      .nullable()
      .default(null)
      .describe('A model that judges what answers say against the documents of their request; null asks none.'),
    keys_file: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'File in which earlier versions kept the keys; they are moved into the storage. null is keys.json in the state directory.',
      ),
    groups: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,63}$/), groupOptions.prefault({}))
      .default({ operator: groupOptions.parse({}), default: groupOptions.parse({}) })
      .describe('What each group of callers may do. The local command line is "operator"; keys name their group.'),
  })
  .superRefine((options, context) => {
    const groups = Object.keys(groupsInForce(options))
    const { anonymous } = options.identity
    if (anonymous !== null && (anonymous === 'operator' || !groups.includes(anonymous))) {
      const message = `must be a group of gateway.groups, and not operator`
      context.addIssue({ code: 'custom', path: ['identity', 'anonymous'], message })
    }
    for (const [name, issuer] of Object.entries(options.identity.issuers)) {
      for (const [value, group] of Object.entries(issuer.groups.map)) {
        if (groups.includes(group)) continue
        const path = ['identity', 'issuers', name, 'groups', 'map', value]
        context.addIssue({ code: 'custom', path, message: `there is no group "${group}" in gateway.groups` })
      }
    }
  })
  .describe('Who may ask what, and how much.')

export type GroupOptions = z.infer<typeof groupOptions>

/** The group for collectors of metrics: it may read them and ask nothing. */
const monitoring = groupOptions.parse({ metrics: true, models: [], tools: [], data_sources: [] })

/**
 * The groups as they are in force: `monitoring` is there unless a file names one of its own, and the person at the command line is never locked out by a file that names other groups
 * only, since whoever can run it could change the file.
 */
export function groupsInForce(options: GatewayOptions): Readonly<Record<string, GroupOptions>> {
  return { operator: groupOptions.parse({}), monitoring, ...options.groups }
}

/**
 * May a group that the configuration names ask this model? The command line's own group, which is there without being
 * named, says nothing about what a service is for.
 */
export function isGranted(model: string, { groups }: GatewayOptions): boolean {
  return Object.values(groups).some(({ models }) => models.includes(model) || models.includes('*'))
}

export type GatewayOptions = z.infer<typeof gatewayOptions>
