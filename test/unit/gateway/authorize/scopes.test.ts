import { describe, expect, it } from 'vitest'
import { defaultKeyScopes, keyScopes } from '../../../../src/core/key-scopes.ts'
import type { Principal } from '../../../../src/core/principal.ts'
import { requireScope } from '../../../../src/gateway/authorize/scopes.ts'
import { verifies } from '../../../support/verifies.ts'

const holder: Principal = { id: 'k1', kind: 'api-key', group: 'default' }

describe('the scopes of a key', () => {
  it.each(keyScopes)('that has only %s allow that and nothing else', (scope) => {
    verifies('keys.scopes')
    const allowed = keyScopes.filter((asked) => {
      try {
        requireScope({ ...holder, scopes: [scope] }, asked)
        return true
      } catch {
        return false
      }
    })
    expect(allowed).toEqual([scope])
  })

  it('that names none are all but those that decide over others', () => {
    verifies('keys.scopes')
    for (const scope of defaultKeyScopes) expect(() => requireScope(holder, scope)).not.toThrow()
    const others = keyScopes.filter((scope) => !defaultKeyScopes.includes(scope))
    expect(others).toEqual(['approve', 'admin'])
    for (const scope of others) expect(() => requireScope(holder, scope)).toThrow(`it has no scope "${scope}"`)
  })

  it('that are none allow nothing', () => {
    for (const scope of keyScopes) expect(() => requireScope({ ...holder, scopes: [] }, scope)).toThrow(/no scope/)
  })

  it('are not asked of the operator at the command line', () => {
    for (const scope of keyScopes) {
      expect(() => requireScope({ id: 'local', kind: 'operator', group: 'operator' }, scope)).not.toThrow()
    }
  })
})
