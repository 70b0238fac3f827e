import { readFileSync } from 'node:fs'
import type { Catalog, ResolveOptions, Shadow } from '../../../src/core/catalog.ts'
import { bindTraced } from '../../../src/sources/bind-written.ts'
import { createPostgresqlGate } from '../../../src/validators/sql/postgresql/gate.ts'
import type { GateProcess } from '../../../src/validators/sql/process/gate-process.ts'
import type { SqlGate } from '../../../src/validators/sql/sql-gate.ts'
import { sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { attackLists, type AttackListName } from './attack-lists.ts'

type Answer = Awaited<ReturnType<Shadow['resolve']>>

/** What a real shadow was asked and what it answered, one object a line; the catalog of its schema in the first. */
export function recordingOf(list: AttackListName): URL {
  return new URL(`../../attack/${list}-shadow.jsonl`, import.meta.url)
}

/** Asks a real shadow and keeps what it answers. */
export class ShadowRecorder {
  readonly #answers = new Map<string, string>()
  readonly #catalog: Catalog
  readonly shadow: Shadow

  constructor(catalog: Catalog, shadow: Shadow) {
    this.#catalog = catalog
    this.shadow = {
      fingerprint: shadow.fingerprint,
      resolve: async (statement, signal, asked) => {
        const answer = await shadow.resolve(statement, signal, asked)
        this.#answers.set(keyOf(statement, asked), JSON.stringify({ statement, asked, answer }))
        return answer
      },
    }
  }

  /** The text of the recording. */
  get text(): string {
    const { dialect, relations, fingerprint } = this.#catalog
    const catalog = { dialect, relations, fingerprint, schemaStatements: [] } satisfies Catalog
    const sorted = [...this.#answers].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line)
    return [JSON.stringify(catalog), ...sorted, ''].join('\n')
  }
}

/** The gate of an attack list over what was recorded; what was not is an analysis that fails. */
export async function openRecordedGate(list: AttackListName, process: GateProcess): Promise<SqlGate> {
  const [first = '', ...lines] = readFileSync(recordingOf(list), 'utf8').trim().split('\n')
  const catalog = JSON.parse(first) as Catalog
  const answers = new Map(
    lines.map((line) => {
      const { statement, asked, answer } = JSON.parse(line) as Recorded
      return [keyOf(statement, asked), answer]
    }),
  )
  const shadow: Shadow = {
    fingerprint: catalog.fingerprint,
    resolve: async (statement, _signal, asked) => {
      const answer = answers.get(keyOf(statement, asked))
      if (answer === undefined) throw new Error(`not recorded: ${statement}`)
      return answer
    },
  }
  return gateOfAttacks(list, { catalog, shadow, process })
}

interface Recorded {
  readonly statement: string
  readonly asked?: ResolveOptions
  readonly answer: Answer
}

interface GateParts {
  readonly catalog: Catalog
  readonly shadow: Shadow
  readonly process: GateProcess
}

/** The gate that the rows of a list are judged by. */
export async function gateOfAttacks(list: AttackListName, { catalog, shadow, process }: GateParts): Promise<SqlGate> {
  const given = { place: 'policy', signal: AbortSignal.timeout(240_000) }
  const policy = await bindTraced(sqlPolicyOptions.parse(attackLists[list].policy), { catalog, shadow }, given)
  return createPostgresqlGate({ source: 'test', catalog, shadow, process, policy })
}

function keyOf(statement: string, asked: ResolveOptions | undefined): string {
  return JSON.stringify([statement, asked ?? null])
}
