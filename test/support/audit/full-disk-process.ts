import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { searchAuditTrail } from '../../../src/telemetry/audit/search.ts'
import { ServiceTrail } from '../../../src/telemetry/audit/service-trail.ts'
import { AuditTrail } from '../../../src/telemetry/audit/trail.ts'
import { verifyAuditTrail } from '../../../src/telemetry/audit/verify.ts'

// What happens to a trail whose disk is full and has room again, as it was seen: FAILURE FOLDER, a folder of a small disk.

const [failure, folder] = process.argv.slice(2) as ['refuse' | 'continue', string]
const path = join(folder, 'audit.jsonl')
const filler = join(folder, 'filler')

function fill(): void {
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(filler, Buffer.alloc(bavail * bsize))
}

const faultOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (thrown: Error & { readonly code?: string }) => String(thrown.code),
  )

const seen: Record<string, unknown> = {}
const lost: string[] = []
{
  const trail = await AuditTrail.open(path)
  await using service = new ServiceTrail(trail, { failure, onLost: (_, { requestId }) => lost.push(requestId) })
  await service.append({ event: 'test', requestId: 'before' })
  fill()
  // The page that the file ends in has room for some lines.
  let acknowledged = 0
  for (; acknowledged < 1_000 && !service.isFailing; acknowledged += 1) {
    const fault = await faultOf(service.append({ event: 'test', requestId: 'filling', text: 'x'.repeat(500) }))
    if (fault !== 'none') break
  }
  seen['failing'] = service.isFailing
  seen['during'] = [
    await faultOf(service.append({ event: 'test', requestId: 'during', text: 'x'.repeat(500) })),
    await faultOf(service.available()),
  ]
  seen['meanwhile'] = (await verifyAuditTrail(path)).kind
  rmSync(filler)
  seen['available'] = await faultOf(service.available())
  seen['after'] = [await faultOf(service.append({ event: 'test', requestId: 'after' })), service.isFailing]
  seen['filled'] = acknowledged > 0
}
const events: string[] = []
const anything = { event: null, request: null, principal: null, since: null, until: null }
for await (const { entry } of searchAuditTrail(path, anything)) {
  const { event, requestId } = entry.fact
  if (requestId !== 'filling')
    events.push(
      event === 'trail-gap' ? `${event} ${JSON.stringify(entry.fact['lost'])}` : `${event} ${requestId}`.trim(),
    )
}
const verdict = (await verifyAuditTrail(path)).kind
process.stdout.write(JSON.stringify({ ...seen, lost: lost.length, events, verdict }))
