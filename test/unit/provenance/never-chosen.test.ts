import { array, assert, constantFrom, emailAddress, oneof, pre, property, record, string, webUrl } from 'fast-check'
import { expect, it } from 'vitest'
import { toolDeclarations } from '../../../src/provenance/declarations.ts'
import { decideAction } from '../../../src/provenance/decide-action.ts'
import { readPlan } from '../../../src/provenance/plan.ts'
import { ReadLedger } from '../../../src/provenance/read-ledger.ts'
import { readTrustedWords } from '../../../src/provenance/trusted-words.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { verifies } from '../../support/verifies.ts'

const tools = toolDeclarations.parse({
  read: {
    effect: 'reads',
    result: { locator: 'at', records: { kind: 'thing', id: 'id', names: ['name'] }, roster: { of: 'list' } },
  },
  send: {
    effect: 'changes',
    calledFor: { verbs: ['send'] },
    parameters: {
      to: { role: 'target', words: ['address'], fields: ['address'] },
      thing: { role: 'target', kind: 'thing' },
      member: { role: 'target', roster: 'list', words: ['list'] },
    },
  },
})

const text = oneof(
  string({ unit: 'grapheme', minLength: 1 }),
  emailAddress(),
  webUrl(),
  constantFrom('Zed', '13', 'id'),
)
const result = array(oneof(text, record({ id: text, name: text, address: text })))

it('data chooses nothing where the person names no record, no place and no list, whatever it says', () => {
  verifies('injection.chooses-nobody')
  const words = readTrustedWords(['Please send it to ann@x.com.'])
  const plan = readPlan(words)
  assert(
    property(result, text, constantFrom('to', 'thing', 'member', 'else'), (read, value, parameter) => {
      pre(!words.says(value))
      const ledger = new ReadLedger()
      ledger.add('read', tools['read']!, { at: 'www.evil.com' }, [
        ...read,
        value,
        { id: value, name: value, address: value },
      ])
      const call = { tool: 'send', arguments: { [parameter]: value } }
      const decision = decideAction(call, { tools, words, plan, ledger, hasRefused: false })
      expect(decision).toMatchObject({ kind: 'ask', shown: [{ path: parameter, value, ground: null }] })
    }),
    { numRuns: propertyRuns(300) },
  )
})
