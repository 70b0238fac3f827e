import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { createKeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { openTemporaryStorage } from '../../support/storage/open-temporary.ts'

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } }))
  return lines.join('')
}

describe('the log', () => {
  it.each([
    ['a Secret', { value: new Secret('hunter2hunter2') }],
    ['a member named like a secret', { api_key: 'hunter2hunter2' }],
    ['a nested one', { headers: { authorization: 'hunter2hunter2' } }],
    ['a connection string in an error', { error: new Error('postgresql://me:hunter2hunter2@host/db is down') }],
    ['a header quoted by a cause', { error: new Error('x', { cause: new Error('Bearer hunter2hunter2') }) }],
  ])('does not show %s', (_, fields) => {
    expect(logged((log) => log.warn(fields, 'something'))).not.toContain('hunter2')
  })

  it.each([
    ['a password', 'postgresql://me:qzhunter2hunter2@host/db'],
    ['a key', 'sk-qzhunter2hunter2'],
    ['a header', 'Bearer qzhunter2hunter2'],
  ])('shows no part of %s that stands where a long text is cut', (_what, secret) => {
    const at = secret.indexOf('qzhunter2')
    for (const kept of [2, 4, 7]) {
      const error = new Error(`${'x'.repeat(4_000 - at - kept - 1)} ${secret} is refused`)
      expect(logged((log) => log.warn({ error }, 'something'))).not.toContain('qz')
    }
  })

  it('does not show a key inside a message', () => {
    expect(logged((log) => log.warn('rejected sk-hunter2hunter2'))).not.toContain('hunter2')
  })

  it('S15: shows which sandbox it was: its id does not look like a key, which stays hidden', () => {
    const line = logged((log) => log.warn(`sbx-0123456789abcdef was lost to sp-${'k'.repeat(43)}`))
    expect(line).toContain('sbx-0123456789abcdef was lost to [secret]')
    expect(line).not.toContain('kkk')
  })

  it('S15: hides every key that the service makes, wherever it stands, and the id of nothing else', async () => {
    const storage = await openTemporaryStorage()
    const store = createKeyStore({ storage: async () => storage })
    const made = await Promise.all(Array.from({ length: 20 }, () => store.create('caller', 'default')))
    for (const { key, stored } of made) {
      const ids = `sbx-${randomBytes(8).toString('hex')} isolate-${randomUUID()} session_${randomUUID()} ${stored.id}`
      const line = logged((log) => log.warn(`${ids} "${key.reveal()}",${key.reveal()}`))
      expect(JSON.parse(line)).toMatchObject({ msg: `${ids} "[secret]",[secret]` })
    }
  })

  it('keeps the message, the code and the kind of an error', () => {
    const line = JSON.parse(
      logged((log) => log.error({ error: Object.assign(new TypeError('broken'), { code: 'E1' }) }, 'x')),
    )
    expect(line.error).toMatchObject({ type: 'TypeError', message: 'broken', code: 'E1' })
  })

  it('S6: escapes what a viewer of the log would act on, and keeps no more than a part of a long text', () => {
    const lines: string[] = []
    const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } })
    log.error({ error: new Error(`bad\u001b[2J\u009b31m\u202eevil\u2028${'x'.repeat(100_000)}`) }, 'a run failed')
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not be there
    expect(lines.join('')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/)
    expect((JSON.parse(lines[0] ?? '') as { error: { message: string } }).error.message).toContain('\u202eevil')
    expect(lines.join('').length).toBeLessThan(20_000)
  })

  it('shows a person the message and what was behind it', () => {
    const lines: string[] = []
    const log = createLog({
      level: 'info',
      destination: { write: (line: string) => void lines.push(line) },
      format: () => 'lines',
    })
    log.warn({ error: new Error('Bearer hunter2hunter2 was refused') }, 'a sandbox could not be had')
    log.info('loading orders')
    expect(lines).toEqual(['· a sandbox could not be had: Bearer [secret] was refused\n', '· loading orders\n'])
  })
})
