import type { SqlGateEvent } from '../../../src/core/facts.ts'
import { bindTraced } from '../../../src/sources/bind-written.ts'
import type { Catalog, Shadow } from '../../../src/core/catalog.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Finding } from '../../../src/core/verdict.ts'
import { openAdHocCatalog } from '../../../src/databases/shadow/ad-hoc-catalog.ts'
import { PgliteShadow } from '../../../src/databases/shadow/pglite-shadow.ts'
import { PostgresShadow } from '../../../src/databases/shadow/postgres-shadow.ts'
import { createPostgresqlGate } from '../../../src/validators/sql/postgresql/gate.ts'
import type { SqlGate } from '../../../src/validators/sql/sql-gate.ts'
import { GateProcess } from '../../../src/validators/sql/process/gate-process.ts'
import { sqlPolicyOptions } from '../../../src/validators/sql/options.ts'
import { testImages } from '../databases/database-images.ts'

export interface GateUnderTest extends AsyncDisposable {
  readonly gate: SqlGate
  readonly catalog: Catalog
  readonly shadow: Shadow
  readonly process: GateProcess
  readonly events: SqlGateEvent[]
  /** The same gate over the same process and shadow, which remembers nothing. */
  afresh(): SqlGate
  /** `allow`, or the findings. */
  judge(sql: string): Promise<'allow' | readonly Finding[]>
}

const limits = { maximumMegabytes: 1_500, timeoutMilliseconds: 20_000, openMilliseconds: 240_000 }

/** A gate over a schema given as DDL, with the real shadow. `policy` is what the configuration would hold. */
export async function openGate(ddl: string, policy: object): Promise<GateUnderTest> {
  const options = { images: testImages(), ...limits }
  const { catalog, shadow } = await openAdHocCatalog(ddl, options, AbortSignal.timeout(240_000))
  return await gateOver({ catalog, shadow, policy })
}

/** The same over the catalog of a real server; with an address, the shadow is on a server too. */
export async function openGateOver(catalog: Catalog, policy: object, url?: string): Promise<GateUnderTest> {
  const shadow =
    url === undefined
      ? new PgliteShadow({ catalog, images: testImages(), ...limits })
      : new PostgresShadow({ catalog, url: new Secret(url), ...limits })
  await shadow.warm(AbortSignal.timeout(240_000))
  return gateOver({ catalog, shadow, policy })
}

interface Parts {
  readonly catalog: Catalog
  readonly shadow: Shadow & AsyncDisposable
  readonly policy: object
}

async function gateOver({ catalog, shadow, policy }: Parts): Promise<GateUnderTest> {
  const given = { place: 'policy', signal: AbortSignal.timeout(240_000) }
  const events: SqlGateEvent[] = []
  const process = new GateProcess({ deadlineMilliseconds: 2_000, memoryMegabytes: 256 })
  const bound = await bindTraced(sqlPolicyOptions.parse(policy), { catalog, shadow }, given)
  const afresh = (): SqlGate =>
    createPostgresqlGate({
      source: 'test',
      catalog,
      shadow,
      process,
      policy: bound,
      report: (event) => events.push(event),
    })
  const gate = afresh()
  return {
    gate,
    afresh,
    catalog,
    shadow,
    process,
    events,
    async judge(sql) {
      const verdict = await gate.validate(sql, AbortSignal.timeout(60_000))
      return verdict.kind === 'accepted' ? 'allow' : verdict.findings
    },
    async [Symbol.asyncDispose]() {
      await process[Symbol.asyncDispose]()
      await shadow[Symbol.asyncDispose]()
    },
  }
}

/** `allow`, or the rules of the findings and what they say. */
export function describeVerdict(verdict: 'allow' | readonly Finding[]): string {
  return verdict === 'allow' ? verdict : verdict.map((finding) => `${finding.rule}: ${finding.message}`).join(' | ')
}
