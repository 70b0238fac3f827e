import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSigner } from '../../src/telemetry/audit/checkpoint.ts'
import { AuditTrail } from '../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../src/telemetry/audit/verify.ts'
import { figure, report, timed } from './figures.ts'

const events = 100_000
const atOnce = 50
const rounds = 5

/** What a trail has of a call that is passed on. */
const fact = (number: number) => ({
  event: 'call',
  requestId: `9b2f6c1e-0000-4000-8000-${String(number).padStart(12, '0')}`,
  api: 'chat-completions',
  principal: 'k1',
  group: 'default',
  upstream: 'openai',
  model: 'gpt-5',
  bodyDigest: 'f'.repeat(64),
})

async function write(path: string, signer: ReturnType<typeof createSigner>): Promise<void> {
  await using trail = await AuditTrail.open(path, { signer, rotateBytes: 16 * 1024 * 1024 })
  for (let from = 0; from < events; from += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => trail.append(fact(from + index))))
  }
}

/** The least that a check of bytes can do: read each file and hash it once. */
function hashOnce(folder: string): void {
  for (const name of readdirSync(folder)) {
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest()
  }
}

/** Writing and checking a trail of 100,000 events over several files, with its signatures. */
export async function benchAudit(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'))
  try {
    const [path, signer] = [join(folder, 'audit.jsonl'), createSigner(Buffer.alloc(32, 7))]
    const written = await timed(1, () => write(path, signer))
    const checked = await timed(rounds, async () => {
      const verdict = await verifyAuditTrail(path, { keys: [signer.key] })
      if (verdict.kind !== 'intact') throw new Error('the trail that was measured is not whole')
    })
    const hashed = await timed(rounds, async () => hashOnce(folder))
    const perSecond = (samples: readonly number[]) => samples.map((milliseconds) => (events / milliseconds) * 1_000)
    report('audit', {
      'audit.append': figure(perSecond(written), { unit: 'per second' }),
      'audit.verify_100000': figure(checked, { reference: { name: 'reading and hashing it once', samples: hashed } }),
      'audit.verify': figure(perSecond(checked), { unit: 'per second' }),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
