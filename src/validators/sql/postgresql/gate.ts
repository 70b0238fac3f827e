import type { PlanEstimate } from '../../../core/statement.ts'
import type { SqlGateEvent } from '../../../core/facts.ts'
import type { Catalog, Resolution, ResolveOptions, Shadow } from '../../../core/catalog.ts'
import type { Finding } from '../../../core/verdict.ts'
import type { Vetted } from '../../../core/vetted.ts'
import { vet } from '../../vet.ts'
import type { Validator } from '../../validator.ts'
import { RecentCache } from '../cache.ts'
import type { Examined, Known } from './examine.ts'
import { proveUses } from './columns/prove-uses.ts'
import { unsteadyRows } from './columns/unsteady-rows.ts'
import { createFunctionPolicy } from './functions/function-policy.ts'
import { reviewedMajors } from './functions/function-list.ts'
import { KnownResolutions } from './known-resolutions.ts'
import { KnownTemplates } from './known-templates.ts'
import { placeFindings } from '../location.ts'
import { failedAsDates, readAsDates } from './names/ambiguous-dates.ts'
import { findSchemas } from './functions/find-schemas.ts'
import { GateProcess, type ExamineOutcome } from '../process/gate-process.ts'
import { sqlGateOptions, type SqlGateOptions } from '../options.ts'
import type { SqlPolicy } from '../policy.ts'
import { refused, refusedWith, start, type SqlVerdict } from '../refusals.ts'
import { checkResolution, explainFailure } from './names/resolution-rules.ts'
import { ServiceError } from '../../../core/errors.ts'

export interface SqlGateDependencies {
  /** Data source the verdicts are for. */
  readonly source: string
  readonly catalog: Catalog
  readonly shadow: Shadow
  readonly policy: SqlPolicy
  /** Group of callers the policy is for; `default` where it is for all. */
  readonly group?: string
  readonly options?: SqlGateOptions
  /** A process shared with other gates; one of its own otherwise. */
  readonly process?: GateProcess
  /** EXPLAIN of a vetted text, where the source has it. */
  readonly estimate?: (statement: Vetted<'sql'>, signal: AbortSignal) => Promise<PlanEstimate>
  /** Told of what an operator should know: a second reading, a crash, a hang. */
  readonly report?: (event: SqlGateEvent) => void
}

export interface SqlGate extends Validator<'sql'>, AsyncDisposable {
  /** Resident bytes of the process that parses. */
  readonly residentBytes: number
}

const dependentMessage =
  'A SELECT with aggregate-only columns depends on the statement around it. Join or group instead of correlating.'
/** Longest text whose verdict is remembered, in UTF-16 code units. */
const maximumRemembered = 8_192

/** The gate of one data source under one policy. Every step fails closed; a crash or a hang of any is a refusal. */
export function createSqlGate(dependencies: SqlGateDependencies): SqlGate {
  const options = dependencies.options ?? sqlGateOptions.parse({})
  const { major } = dependencies.catalog.dialect
  if (!reviewedMajors.includes(major)) {
    const known = reviewedMajors.join(', ')
    throw new ServiceError(
      'invalid-config',
      `PostgreSQL ${major} has no reviewed list of functions; known are ${known}.`,
    )
  }
  const owned = dependencies.process === undefined
  const process =
    dependencies.process ??
    new GateProcess({ deadlineMilliseconds: options.deadline_ms, memoryMegabytes: options.memory_mb })
  const key = `${dependencies.policy.version}:${major}:${JSON.stringify(options)}`
  process.addProfile(key, { policy: dependencies.policy, major, options })
  process.start()
  const steps = new GateSteps(dependencies, { process, key, options })
  return {
    language: 'sql',
    validate: (source, signal) => steps.validate(source, signal),
    get residentBytes() {
      return process.residentBytes
    },
    async [Symbol.asyncDispose]() {
      if (owned) await process[Symbol.asyncDispose]()
    },
  }
}

/** What passed every check but the planner's. */
interface Allowed extends Pick<Examined, 'shown' | 'plan'> {
  readonly resolution: Resolution
}

/** The plan of every statement that has a template. */
const noPlan: Examined['plan'] = { masks: [], residue: null, guards: [], audits: [] }

class GateSteps {
  readonly #given: SqlGateDependencies
  readonly #process: GateProcess
  readonly #key: string
  readonly #options: SqlGateOptions
  readonly #functions
  readonly #verdicts: RecentCache<SqlVerdict>
  readonly #resolutions: KnownResolutions
  readonly #templates: KnownTemplates

  constructor(given: SqlGateDependencies, made: { process: GateProcess; key: string; options: SqlGateOptions }) {
    this.#given = given
    this.#process = made.process
    this.#key = made.key
    this.#options = made.options
    this.#functions = createFunctionPolicy(given.catalog.dialect.major, given.policy)
    this.#verdicts = new RecentCache(made.options.cache_entries)
    this.#resolutions = new KnownResolutions(made.options.cache_entries)
    this.#templates = new KnownTemplates(made.options)
  }

  async validate(source: string, signal: AbortSignal): Promise<SqlVerdict> {
    signal.throwIfAborted()
    if (this.#given.shadow.fingerprint !== this.#given.catalog.fingerprint) {
      return refused('sql/schema-changed', 'The schema of the data source changed while it was checked. Try again.')
    }
    const known = this.#verdicts.get(source)
    if (known !== undefined) return known
    const { verdict, isLasting } = await this.#decide(source, signal)
    if (isLasting && source.length <= maximumRemembered) this.#verdicts.set(source, verdict)
    return verdict
  }

  async #decide(source: string, signal: AbortSignal): Promise<{ verdict: SqlVerdict; isLasting: boolean }> {
    const similar = this.#templates.find(source)
    if (similar !== null)
      return this.#plan({ shown: similar.canonical, resolution: similar.resolution, plan: noPlan }, signal)
    const outcome = await this.#examine(source, signal)
    if (outcome === null) return { verdict: this.#unresolved(source), isLasting: false }
    // What another dialect's examination says is no answer to this gate's question.
    if (
      outcome.kind === 'crashed' ||
      outcome.kind === 'hung' ||
      outcome.kind === 'translated' ||
      outcome.kind === 'open'
    ) {
      const kind = outcome.kind === 'hung' ? 'hung' : 'crashed'
      this.#report(`gate-${kind}`, source)
      const message =
        'This statement could not be checked: it is too complex for the parser. Write it in a simpler form.'
      return { verdict: refused(`sql/gate-${kind}`, message), isLasting: false }
    }
    if (outcome.kind === 'refused') {
      const disagrees = outcome.findings.some((finding) => finding.rule === 'sql/second-opinion')
      if (disagrees) this.#report('second-opinion-disagrees', source)
      return { verdict: outcome, isLasting: true }
    }
    if (outcome.value.secondOpinion === 'cannot-parse') this.#report('second-opinion-cannot-parse', source)
    return this.#resolve(source, outcome.value, signal)
  }

  /** Examined twice where the types of arguments have to say which function a name means. */
  async #examine(source: string, signal: AbortSignal, outputs?: Known['outputs']): Promise<ExamineOutcome | null> {
    const outcome = await this.#process.examine(this.#key, { source, outputs }, signal)
    if (outcome.kind !== 'open') return outcome
    const { policy, shadow } = this.#given
    const schemas = await findSchemas(outcome.open, { policy, shadow, source }, signal).catch(() => null)
    signal.throwIfAborted()
    if (schemas === null) return null
    if ('rule' in schemas) return { kind: 'refused', findings: [schemas] }
    return this.#process.examine(this.#key, { source, schemas, outputs }, signal)
  }

  async #resolve(source: string, examined: Examined, signal: AbortSignal) {
    const { policy } = this.#given
    const resolved = await this.#ask(examined.canonical, examined.shape, signal)
    if (resolved === null) return { verdict: this.#unresolved(source), isLasting: false }
    const isFailed = resolved.kind === 'failed'
    const asDates = isFailed
      ? failedAsDates(examined.dates, resolved.failure)
      : readAsDates(examined.dates, resolved.resolution)
    if (asDates.length > 0) return { verdict: refusedWith(placeFindings(source, asDates)), isLasting: true }
    if (isFailed) {
      return {
        verdict: refusedWith([explainFailure(resolved.failure, { ...examined, source }, policy)]),
        isLasting: true,
      }
    }
    const { resolution, forms } = resolved
    const given = { policy, functions: this.#functions, guards: examined.plan.guards }
    const findings = checkResolution(resolution, examined, given)
    if (findings.length > 0) return { verdict: refusedWith(findings), isLasting: true }
    const ask: Parameters<typeof proveUses>[2]['ask'] = (text, shape, asked) => this.#ask(text, shape, signal, asked)
    const proof = await proveUses(resolution, examined, { policy, functions: this.#functions, ask })
    if (proof.kind === 'refused') return { verdict: refusedWith(proof.findings), isLasting: true }
    const dependent = await this.#checkAudits(examined, signal)
    if (dependent.length > 0) return { verdict: refusedWith(dependent), isLasting: true }
    if (proof.kind === 'passed') return this.#hide(source, { resolution, ...examined }, proof.outputs, signal)
    const { shown, plan, template } = examined
    this.#templates.remember(source, template, { resolution, forms })
    return this.#plan({ shown, plan, resolution }, signal)
  }

  /** Examined again for a text in which what is passed on is hidden. */
  async #hide(source: string, before: Examined & Allowed, outputs: Known['outputs'], signal: AbortSignal) {
    const again = await this.#examine(source, signal, outputs)
    if (again?.kind !== 'examined' || again.value.canonical !== before.canonical)
      return { verdict: this.#unresolved(source), isLasting: false }
    const { shown, plan } = again.value
    return this.#plan({ shown, plan, resolution: before.resolution }, signal)
  }

  /** An audit that does not stand alone would ask about other rows than the statement aggregates. */
  async #checkAudits({ plan, shape }: Examined, signal: AbortSignal): Promise<Finding[]> {
    for (const [index, { text }] of plan.audits.entries()) {
      const answer = await this.#ask(text, `audit:${index}:${shape}`, signal)
      const message = answer?.kind === 'resolved' ? unsteadyRows(answer.resolution, this.#given.policy) : null
      if (message !== null) return [{ rule: 'sql/aggregate-form', ...start, message }]
      const isAlone =
        answer?.kind === 'resolved' &&
        answer.resolution.relations.every((name) => this.#given.policy.relations.has(name))
      if (!isAlone) return [{ rule: 'sql/aggregate-form', ...start, message: dependentMessage }]
    }
    return []
  }

  async #ask(statement: string, shape: string, signal: AbortSignal, asked?: ResolveOptions) {
    const known = this.#resolutions.find(shape, statement)
    if (known !== null) return { kind: 'resolved', ...known } as const
    try {
      const answer = await this.#given.shadow.resolve(statement, signal, asked)
      if (answer.kind === 'failed') return answer
      return { kind: 'resolved', ...this.#resolutions.remember(shape, statement, answer.resolution) } as const
    } catch (thrown) {
      if (signal.aborted) throw thrown
      return null
    }
  }

  #unresolved(source: string): SqlVerdict {
    this.#report('shadow-failed', source)
    return refused('sql/not-resolved', 'The statement could not be checked against the schema. Try again.')
  }

  async #plan(allowed: Allowed, signal: AbortSignal) {
    const { relations, columns, functions } = allowed.resolution
    const { source, policy, estimate, group = 'default' } = this.#given
    const { audits, masks } = allowed.plan
    const { rowLimit, maximumBytes, timeoutMilliseconds, inheritance } = policy
    const vetted = vet('sql', allowed.shown, {
      source,
      relations,
      columns,
      functions,
      rowLimit: rowLimit + 1,
      masks,
      ...(maximumBytes === null ? {} : { maximumBytes }),
      ...(timeoutMilliseconds === null ? {} : { timeoutMilliseconds }),
      ...(inheritance === null || relations.length === 0 ? {} : { inheritance }),
      ...(audits.length === 0 ? {} : { audit: { group, minimum: policy.minimumGroupSize, sets: audits } }),
    })
    const accepted: SqlVerdict = { kind: 'accepted', value: vetted }
    if (estimate === undefined) return { verdict: accepted, isLasting: true }
    const plan = await estimate(vetted, signal).catch((thrown: unknown) => {
      if (thrown instanceof ServiceError && thrown.code === 'query-failed') return thrown
      throw thrown
    })
    if (plan instanceof ServiceError)
      return { verdict: refused('sql/cannot-be-planned', plan.message), isLasting: false }
    const stranger = plan.relations.find((relation) => !relations.includes(relation))
    if (stranger !== undefined) {
      return { verdict: refused('sql/plan-differs', 'The plan reads a table that was not resolved.'), isLasting: false }
    }
    const maximumCost = Math.min(this.#options.maximum_cost, policy.maximumCost ?? Infinity)
    if (plan.cost <= maximumCost) return { verdict: accepted, isLasting: true }
    const message = `The planner expects a cost of ${Math.round(plan.cost)}; at most ${maximumCost} is allowed. Filter more or aggregate.`
    return { verdict: refused('sql/too-expensive', message), isLasting: false }
  }

  #report(kind: SqlGateEvent['kind'], statement: string): void {
    this.#given.report?.({ kind, source: this.#given.source, statement })
  }
}
