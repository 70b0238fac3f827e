import type { SqlGateEvent } from '../../../core/facts.ts'
import type { Catalog, Resolution, ResolveOptions, Shadow } from '../../../core/catalog.ts'
import type { Finding } from '../../../core/verdict.ts'
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
import type { GateProcess, ExamineOutcome } from '../process/gate-process.ts'
import type { SqlGateOptions } from '../options.ts'
import { refused, refusedWith, start, type SqlVerdict } from '../refusals.ts'
import {
  askPlanner,
  createGate,
  gateOptions,
  startExaminer,
  uncheckable,
  vetStatement,
  type Decision,
  type SqlGate,
  type SqlGateParts,
} from '../sql-gate.ts'
import { checkResolution, explainFailure } from './names/resolution-rules.ts'
import { ServiceError } from '../../../core/errors.ts'

export interface PostgresqlGateParts extends SqlGateParts {
  readonly catalog: Catalog
  readonly shadow: Shadow
  /** Group of callers the policy is for; `default` where it is for all. */
  readonly group?: string
  /** A process shared with other gates; one of its own otherwise. */
  readonly process?: GateProcess
}

const dependentMessage =
  'A SELECT with aggregate-only columns depends on the statement around it. Join or group instead of correlating.'

/** The gate of one data source under one policy. Every step fails closed; a crash or a hang of any is a refusal. */
export function createPostgresqlGate(parts: PostgresqlGateParts): SqlGate {
  const options = gateOptions(parts.options)
  const { policy, catalog, shadow } = parts
  const { major } = catalog.dialect
  if (!reviewedMajors.includes(major)) {
    const known = reviewedMajors.join(', ')
    throw new ServiceError(
      'invalid-config',
      `PostgreSQL ${major} has no reviewed list of functions; known are ${known}.`,
    )
  }
  const examiner = startExaminer({ policy, major, options }, `postgresql-${major}`, parts.process)
  const steps = new GateSteps(parts, examiner.examine, options)
  return createGate({
    decide: (source, signal) => steps.decide(source, signal),
    hindrance: () =>
      shadow.fingerprint === catalog.fingerprint
        ? null
        : refused('sql/schema-changed', 'The schema of the data source changed while it was checked. Try again.'),
    cacheEntries: options.cache_entries,
    process: examiner,
  })
}

/** What passed every check but the planner's. */
interface Allowed extends Pick<Examined, 'shown' | 'plan'> {
  readonly resolution: Resolution
}

/** The plan of every statement that has a template. */
const noPlan: Examined['plan'] = { masks: [], residue: null, guards: [], audits: [] }

class GateSteps {
  readonly #given: PostgresqlGateParts
  readonly #examineOnce: ReturnType<typeof startExaminer>['examine']
  readonly #options: SqlGateOptions
  readonly #functions
  readonly #resolutions: KnownResolutions
  readonly #templates: KnownTemplates

  constructor(
    given: PostgresqlGateParts,
    examine: ReturnType<typeof startExaminer>['examine'],
    options: SqlGateOptions,
  ) {
    this.#given = given
    this.#examineOnce = examine
    this.#options = options
    this.#functions = createFunctionPolicy(given.catalog.dialect.major, given.policy)
    this.#resolutions = new KnownResolutions(options.cache_entries)
    this.#templates = new KnownTemplates(options)
  }

  async decide(source: string, signal: AbortSignal): Promise<Decision> {
    const similar = this.#templates.find(source)
    if (similar !== null)
      return this.#plan({ shown: similar.canonical, resolution: similar.resolution, plan: noPlan }, signal)
    const outcome = await this.#examine(source, signal)
    if (outcome === null) return { verdict: this.#unresolved(source), isLasting: false }
    if (outcome.kind === 'refused') {
      const disagrees = outcome.findings.some((finding) => finding.rule === 'sql/second-opinion')
      if (disagrees) this.#report('second-opinion-disagrees', source)
      return { verdict: outcome, isLasting: true }
    }
    if (outcome.kind !== 'examined') {
      // The examination of another dialect does not answer this gate's question.
      const kind = outcome.kind === 'hung' ? 'hung' : 'crashed'
      this.#report(`gate-${kind}`, source)
      return { verdict: uncheckable(kind), isLasting: false }
    }
    if (outcome.value.secondOpinion === 'cannot-parse') this.#report('second-opinion-cannot-parse', source)
    return this.#resolve(source, outcome.value, signal)
  }

  /** Examined twice where the types of arguments have to say which function a name means. */
  async #examine(source: string, signal: AbortSignal, outputs?: Known['outputs']): Promise<ExamineOutcome | null> {
    const outcome = await this.#examineOnce({ source, outputs }, signal)
    if (outcome.kind !== 'open') return outcome
    const { policy, shadow } = this.#given
    const schemas = await findSchemas(outcome.open, { policy, shadow, source }, signal).catch(() => null)
    signal.throwIfAborted()
    if (schemas === null) return null
    if ('rule' in schemas) return { kind: 'refused', findings: [schemas] }
    return this.#examineOnce({ source, schemas, outputs }, signal)
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

  #plan({ shown, resolution, plan: { audits, masks } }: Allowed, signal: AbortSignal): Decision | Promise<Decision> {
    const { relations, columns, functions } = resolution
    const { policy, estimate, group = 'default' } = this.#given
    const { inheritance, minimumGroupSize: minimum } = policy
    const facts = {
      relations,
      columns,
      functions,
      masks,
      ...(inheritance === null || relations.length === 0 ? {} : { inheritance }),
      ...(audits.length === 0 ? {} : { audit: { group, minimum, sets: audits } }),
    }
    const maximumCost = Math.min(this.#options.maximum_cost, policy.maximumCost ?? Infinity)
    const tooExpensive = (cost: number): string =>
      `The planner expects a cost of ${cost}; at most ${maximumCost} is allowed. Filter more or aggregate.`
    return askPlanner(vetStatement(shown, facts, this.#given), { estimate, maximumCost, tooExpensive }, signal)
  }

  #report(kind: SqlGateEvent['kind'], statement: string): void {
    this.#given.report?.({ kind, source: this.#given.source, statement })
  }
}
