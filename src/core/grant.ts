import type { LimitCeilings } from './requested-limits.ts'

/** Tools that a model is given for a group that says nothing about them. */
export const defaultToolNames = ['describe_data', 'run_sql', 'run_python', 'run_javascript'] as const

/** Names of the tools a model can be given. */
export const modelToolNames = [...defaultToolNames, 'extract_values'] as const

export type ModelToolName = (typeof modelToolNames)[number]

/** What a group can be granted: the tools of a model, and what only callers run who bring their own program. */
export const toolNames = [...modelToolNames, 'run_shell'] as const

export type ToolName = (typeof toolNames)[number]

/** What to do with an answer whose figures its run's results do not bear out. `regenerate` asks the model once more, `block` withholds what is no better then. */
export const groundingModes = ['off', 'annotate', 'regenerate', 'block'] as const

export type GroundingMode = (typeof groundingModes)[number]

/** What ends an agent's run, whichever comes first. */
export interface AgentBudget {
  /** Model turns. */
  readonly maximumSteps: number
  /** Input plus output tokens over all turns, as the provider counts them. */
  readonly maximumTokens: number
  /** Input tokens over all turns; absent where nothing holds them but those of both directions. */
  readonly maximumInputTokens?: number
  /** Output tokens over all turns; absent where nothing holds them but those of both directions. */
  readonly maximumOutputTokens?: number
  /** Output tokens that a call is given which does not say how many; absent where it goes on without a limit. */
  readonly answerTokens?: number
  /** Wall time of the whole run in milliseconds. */
  readonly wallMilliseconds: number
  /** What its programs may take in sandboxes together, milliseconds; absent where nothing holds them but the wall time. */
  readonly maximumSandboxMilliseconds?: number
  /** The most that a run may cost, millionths of the currency of the model's price; absent where nothing holds it but the tokens. */
  readonly maximumCost?: number
  /** How often a refused source may be corrected before the run ends. */
  readonly maximumCorrections: number
}

/** What policy allows this principal. Asked for once, then travels with the request; nobody asks back later. */
export interface Grant {
  readonly models: readonly string[]
  /** Tools that a provider may run by itself, and kinds of addresses that it may fetch, in calls that are passed on. */
  readonly hostedTools: readonly string[]
  readonly tools: readonly ToolName[]
  /** Guarded endpoints, by name, and operations of them, as `NAME.OPERATION`. */
  readonly endpoints: readonly string[]
  /** Names of data sources. */
  readonly dataSources: readonly string[]
  readonly budget: AgentBudget
  /** The most that may be asked of a sandbox. */
  readonly sandboxCeilings: LimitCeilings
  /** Name of the filter profile for everything that leaves. */
  readonly filterProfile: string
  /** Name of the profile of what is hidden from a model that calls are passed on to; null hides nothing. */
  readonly privacyProfile: string | null
  /** Name of the filter profile for the content of calls that are passed on, and of their answers; null filters nothing. */
  readonly callFilterProfile: string | null
  /** Are calls of tools decided about that models of upstreams ask its clients to make, and held? */
  readonly actions: 'off' | 'shadow' | 'enforce'
  /** What becomes of an answer whose figures its results do not bear out? */
  readonly grounding: GroundingMode
  /** May an answer repeat the SQL that was run? */
  readonly revealSql: 'never' | 'on-request' | 'always'
  /** In whose kept conversations it may look for a value, and which of them it may forget. */
  readonly findValues: 'none' | 'own' | 'group' | 'all'
  /** Which targets of a route by tiers it is for; null for none. */
  readonly tier: string | null
  /** Targets that rules leave of a route, in the order in which they are asked, by the route's name; absent where they say nothing. */
  readonly routeOrders: Readonly<Record<string, readonly string[]>>
  /** May it see which target of a route was taken, and why? */
  readonly showRoutes: boolean
  /** May it read the metrics of the process, which show what all callers do? */
  readonly metrics: boolean
}
