import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog, Shadow } from '../../src/core/catalog.ts'
import type { Finding } from '../../src/core/verdict.ts'
import { createImages } from '../../src/databases/pglite/images.ts'
import { openAdHocCatalog } from '../../src/databases/shadow/ad-hoc-catalog.ts'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { createSqlGate, type SqlGate, type SqlGateEvent } from '../../src/validators/sql/gate.ts'
import { sqlPolicyOptions } from '../../src/validators/sql/options.ts'

export interface GateUnderTest extends AsyncDisposable {
  readonly gate: SqlGate
  readonly catalog: Catalog
  readonly shadow: Shadow
  readonly events: SqlGateEvent[]
  /** `allow`, or the findings. */
  judge(sql: string): Promise<'allow' | readonly Finding[]>
}

/** A gate over a schema given as DDL, with the real shadow. `policy` is what the configuration would hold. */
export async function openGate(ddl: string, policy: object): Promise<GateUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-gate-'))
  const limits = { maximumMegabytes: 1_500, timeoutMilliseconds: 20_000, openMilliseconds: 240_000 }
  const images = createImages({ directory })
  const { catalog, shadow } = await openAdHocCatalog(ddl, { images, ...limits }, AbortSignal.timeout(240_000))
  const events: SqlGateEvent[] = []
  const gate = createSqlGate({
    source: 'test',
    catalog,
    shadow,
    policy: bindPolicy(sqlPolicyOptions.parse(policy), catalog),
    report: (event) => events.push(event),
  })
  return {
    gate,
    catalog,
    shadow,
    events,
    async judge(sql) {
      const verdict = await gate.validate(sql, AbortSignal.timeout(60_000))
      return verdict.kind === 'accepted' ? 'allow' : verdict.findings
    },
    async [Symbol.asyncDispose]() {
      await gate[Symbol.asyncDispose]()
      await shadow[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** `allow`, or the rules of the findings and what they say. */
export function describeVerdict(verdict: 'allow' | readonly Finding[]): string {
  return verdict === 'allow' ? verdict : verdict.map((finding) => `${finding.rule}: ${finding.message}`).join(' | ')
}
