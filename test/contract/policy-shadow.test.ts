import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { ShadowNotice } from '../../src/core/facts.ts'
import type { Decided } from '../../src/gateway/authorize/decide.ts'
import { shippedBundle } from '../../src/gateway/authorize/open-policy.ts'
import { openShadow } from '../../src/gateway/authorize/shadow/open-shadow.ts'
import { ShadowThread } from '../../src/gateway/authorize/shadow/shadow-thread.ts'
import { grantInput } from '../support/policy/inputs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

let stack = new AsyncDisposableStack()
afterEach(async () => {
  await stack.disposeAsync()
  stack = new AsyncDisposableStack()
})

const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
const inForce: Decided<'grant'> = {
  kind: 'decision',
  name: 'grant',
  revision: 'r1',
  milliseconds: 0,
  output: { allow: true, rules: [], restrict: [] },
}

/** A shadow over this file, what it tells of itself, and what it says of one question. */
function shadowOf(bundle: string) {
  const opened: unknown[] = []
  let told: (notice: ShadowNotice) => void = () => undefined
  const shadow = stack.use(
    openShadow({
      bundle,
      everyMilliseconds: 60_000,
      deadlineMilliseconds: 10_000,
      onOpened: (fault) => opened.push(fault),
      onCompared: (notice) => told(notice),
    }),
  )
  const compared = (input = grantInput()) =>
    new Promise<ShadowNotice>((resolve) => {
      told = resolve
      shadow.compare({ principal, requestId: 'r1' }, input, inForce)
    })
  return { opened, shadow, compared }
}

describe('a shadow bundle', () => {
  it('is asked in a thread of its own, opened once', async () => {
    const { opened, shadow, compared } = shadowOf(fileURLToPath(shippedBundle))
    await shadow.prepare()
    expect([await compared(), await compared()]).toMatchObject([
      { result: 'same', shadow: { outcome: 'allowed', revision: expect.stringMatching(/^rules-/) } },
      { result: 'same' },
    ])
    expect(opened).toEqual([null])
  })

  it('whose rules compute for too long loses its thread, and the next question has another', async () => {
    verifies('policy.shadow')
    const thread = stack.use(await ShadowThread.open(fileURLToPath(shippedBundle)))
    const late = new AbortController()
    const lost = ['grant', 'grant'].map(() => thread.evaluate('grant', grantInput(), late.signal))
    late.abort()
    const ended = { status: 'rejected', reason: expect.objectContaining({ message: expect.stringContaining('ended') }) }
    expect(await Promise.allSettled(lost)).toEqual([ended, ended])
    const next = await thread.evaluate('grant', grantInput(), new AbortController().signal)
    expect(next).toMatchObject({ value: { allow: true } })
  })

  it.each([
    ['is not there', () => undefined, 'not-here.tar.gz'],
    ['is none', (path: string) => writeFileSync(path, 'no archive'), 'it is no gzipped archive'],
  ])('that %s is said, once for as long as it stays so, and is asked nothing', async (_what, write, why) => {
    verifies('policy.shadow')
    const path = join(temporaryFolder('policy-'), 'not-here.tar.gz')
    write(path)
    const { opened, shadow, compared } = shadowOf(path)
    await shadow.prepare()
    expect([await compared(), await compared()]).toMatchObject([{ result: 'fault' }, { result: 'fault' }])
    expect(opened).toHaveLength(1)
    expect(String(opened[0])).toContain(why)
  })
})
