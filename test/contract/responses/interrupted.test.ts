import { describe, expect, it } from 'vitest'
import { key, startService } from '../../support/http/http-service.ts'
import { lab, waiting } from '../../support/http/response-lab.ts'
import { sentEvents, typesOf } from '../../support/http/response-events.ts'
import { verifies } from '../../support/verifies.ts'
import { killOwner } from '../storage-history-contract.ts'

describe('a response whose process is gone', () => {
  it('has failed, and says so behind every event that was told', async () => {
    verifies('responses.interrupted')
    const { answer } = waiting()
    await using it = await lab({ answer })
    const begun = (await (await it.ask({ background: true })).json()) as { readonly id: string }
    await killOwner(it.kept.storage, begun.id.replace('resp_', 'run_'))
    await using other = await startService({ responseHistory: it.kept.history })
    const ask = (query = '') =>
      fetch(`${other.url}/v1/responses/${begun.id}${query}`, { headers: { authorization: `Bearer ${key}` } })
    const read = async () => ((await (await ask()).json()) as { readonly status: string }).status
    await expect.poll(read).toBe('failed')
    const events = await sentEvents(await ask('?stream=true&starting_after=57'))
    expect(typesOf(events)).toEqual(['error', 'response.failed'])
    expect(events.map((event) => event.sequence_number)).toEqual([58, 59])
    expect(JSON.stringify(events)).toContain('interrupted')
  })
})
