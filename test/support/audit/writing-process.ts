import { createSigner } from '../../../src/telemetry/audit/checkpoint.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'

// Writes so many facts on a trail, some at once, as one of several processes: PATH NAME COUNT ROTATE_BYTES SEED.
const [path = '', name = '', count = '0', rotateBytes = '0', seed = ''] = process.argv.slice(2)
const signer = createSigner(Buffer.from(seed, 'hex'))
{
  await using trail = await AuditTrail.open(path, { signer, rotateBytes: Number(rotateBytes) })
  for (let from = 0; from < Number(count); from += 50) {
    const numbers = Array.from({ length: Math.min(50, Number(count) - from) }, (_, index) => from + index)
    await Promise.all(numbers.map((number) => trail.append({ event: 'test', requestId: `${name}-${number}` })))
  }
}
