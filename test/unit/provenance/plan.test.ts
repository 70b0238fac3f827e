import { describe, expect, it } from 'vitest'
import { toolDeclarations } from '../../../src/provenance/declarations.ts'
import { readPlan } from '../../../src/provenance/plan.ts'
import { readTrustedWords } from '../../../src/provenance/trusted-words.ts'

const tools = toolDeclarations.parse({
  send: { effect: 'changes', calledFor: { verbs: ['send', 'email', 'message'] } },
  remove: { effect: 'changes', calledFor: { verbs: ['delete', 'remove'], objects: ['file'] } },
})
const plan = (text: string) => readPlan(readTrustedWords([text]))
const callsFor = (text: string, name: 'send' | 'remove') => plan(text).callsFor(tools[name]!)

describe('the steps that trusted words call for', () => {
  it.each([
    ['Send it to Bob.', 'send'],
    ['Please email Bob.', 'send'],
    ['Read it and message them.', 'send'],
    ['Sending it to Bob would be nice.', 'send'],
    ['Do not forget to send it.', 'send'],
    ['Find and delete the largest file.', 'remove'],
    ['The file is old. Remove it.', 'remove'],
  ] as const)('%s: %s', (text, tool) => {
    expect(callsFor(text, tool)).toBe(true)
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
  ] as const)('%s: not %s', (text, tool) => {
    expect(callsFor(text, tool)).toBe(false)
  })

  it.each([
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
