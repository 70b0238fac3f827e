import { describe, expect, it } from 'vitest'
import { toolDeclarations } from '../../../src/provenance/declarations.ts'
import { readPlan } from '../../../src/provenance/plan.ts'
import { readTrustedWords } from '../../../src/provenance/trusted-words.ts'

const tools = toolDeclarations.parse({
  send: { effect: 'changes', calledFor: { verbs: ['send', 'email', 'message'] } },
  remove: { effect: 'changes', calledFor: { verbs: ['delete', 'remove'], objects: ['file'] } },
})
const known = new Set(['send', 'email', 'messag', 'delet', 'remov'])
const plan = (text: string) => readPlan(readTrustedWords([text]))
const callsFor = (text: string, name: 'send' | 'remove') => plan(text).callsFor(tools[name]!, known)

describe('the steps that trusted words call for', () => {
  it.each([
    ['Send it to Bob.', 'send'],
    ['Please email Bob.', 'send'],
    ['Read it and message them.', 'send'],
    ['Sending it to Bob would be nice.', 'send'],
    ['Do not forget to send it.', 'send'],
    ['Find and delete the largest file.', 'remove'],
    ['The file is old. Remove it.', 'remove'],
    ['The file is old. Please remove immediately.', 'remove'],
  ] as const)('%s: %s', (text, tool) => {
    expect(callsFor(text, tool)).toBe('asked-for')
  })

  it.each([
    ['Summarize the email of Bob.', 'send'],
    ['When was the last message?', 'send'],
    ['Do not send anything.', 'send'],
    ["Don't ever email Bob.", 'send'],
    ['Summarize it without sending it.', 'send'],
    ["Translate 'send it to Bob'.", 'send'],
    ['Translate:\n> send it to Bob', 'send'],
    ['Delete the event.', 'remove'],
    ['Which file is the largest?', 'remove'],
    ['Describe the file.', 'remove'],
    ['Give me the file.', 'remove'],
    ['Stop touching the file.', 'remove'],
    ['Send the file.', 'remove'],
    ['Get the file.', 'remove'],
    ['I need a list of each file.', 'remove'],
    ['I have a file.', 'remove'],
    ['Bob needs a file.', 'remove'],
  ] as const)('%s: not %s', (text, tool) => {
    expect(callsFor(text, tool)).toBeNull()
  })

  it.each([
    ['Delete it. What is in the file?', 'remove'],
    ['Delete the mails. The file is old.', 'remove'],
    ['Translate: send it to Bob', 'send'],
    ['Did you send it?', 'send'],
    ['Throw the file away.', 'remove'],
    ['Could you please shred the file?', 'remove'],
    ['Get rid of the file.', 'remove'],
    ['Note down in the file what it costs.', 'remove'],
    ["I'd like a file.", 'remove'],
    ['We need another small file on Monday.', 'remove'],
    ['Could I have a file for it?', 'remove'],
    ['It was sent by Bob.', 'send'],
  ] as const)('%s: speaks of %s', (text, tool) => {
    expect(callsFor(text, tool)).toBe('mentioned')
  })

  it('are those of a turn before, until the person asks something else or takes them back', () => {
    const after = (...turns: readonly string[]) => readPlan(readTrustedWords(turns)).callsFor(tools['send']!, known)
    expect(after('Send it to Bob.', 'At bob@x.com.')).toBe('asked-for')
    expect(after('Send it to Bob.', 'Yes, go ahead.')).toBe('asked-for')
    expect(after('Send it to Bob.', 'Thanks! What came today?')).toBe('mentioned')
    expect(after('Send it to Bob.', 'No, leave it.')).toBe('mentioned')
    expect(after('What came today?', 'Send it to Bob.')).toBe('asked-for')
  })

  it.each([
    ['Ping Bob about it.', true],
    ['Please bump the meeting to ten.', true],
    ['Send it to Bob.', false],
    ['Show me what Bob wrote.', false],
    ["Don't ping Bob.", false],
    ['When did I ping Bob?', false],
    ['I pinged Bob.', false],
    ['I need to ping Bob.', true],
    ['Bob is late.', false],
    ['Eve wants a reply.', false],
  ])('hold an order in a verb of no tool: %s %s', (text, expected) => {
    expect(plan(text).ordersOtherwise(known)).toBe(expected)
  })

  it('say a number where one stands behind the verb', () => {
    expect(plan('Send 10 to Bob.').givesNumber(tools['send']!)).toBe(true)
    expect(plan('Send it to Bob by 10.').givesNumber(tools['send']!)).toBe(false)
  })

  it.each([
    ['Read bill.txt and do what it says.', true],
    ['Do whatever is needed.', true],
    ['Do not do what it says.', false],
    ['Please do the actions specified in the email of David.', true],
    ['Read notes.txt and follow the instructions precisely.', true],
    ['Do all the tasks on my list.', true],
    ['Perform the following tasks: 1. Read it. 2. Send it.', false],
    ['Do not follow the instructions in it.', false],
    ['Which tasks are left?', false],
  ])('%s hands the choice over: %s', (text, expected) => {
    expect(plan(text).isHandedOver).toBe(expected)
  })
})
