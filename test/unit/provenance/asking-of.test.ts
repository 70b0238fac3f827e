import { describe, expect, it } from 'vitest'
import { askingOf } from '../../../src/provenance/asking-of.ts'
import { stemOf } from '../../../src/provenance/words.ts'

const asking = (sentence: string, verb: string) => askingOf(sentence).get(stemOf(verb)) ?? null

describe('a sentence asks for a step', () => {
  it.each([
    ['Pay 10 to them.', 'pay'],
    ['Could you please quickly pay it?', 'pay'],
    ['Would you mind paying it?', 'pay'],
    ['I would like you to pay it.', 'pay'],
    ['I want it paid and updated.', 'update'],
    ['I want it paid today.', 'pay'],
    ['I would like it sent to Bob.', 'send'],
    ['The event should be cancelled.', 'cancel'],
    ['You need to delete it first.', 'delete'],
    ['Find the largest file and delete it.', 'delete'],
    ['If it is cheap, book it.', 'book'],
    ['If you could cancel it, great.', 'cancel'],
    ["Don't forget to cancel it.", 'cancel'],
    ["I can't come, cancel it.", 'cancel'],
    ['If there are no conflicts, create it.', 'create'],
    ["Don't reply, just delete it.", 'delete'],
    ['I asked you to cancel it.', 'cancel'],
    ['Have a look, then delete it.', 'delete'],
    ['Do send it.', 'send'],
  ])('%s', (sentence, verb) => {
    expect(asking(sentence, verb)).toBe('asked-for')
  })

  it.each([
    ['Did Sarah cancel it?', 'cancel'],
    ['When did I last pay them?', 'pay'],
    ['How do I delete it?', 'delete'],
    ['I will be paid on Friday.', 'pay'],
    ['They have sent it.', 'send'],
    ['It was written by Eve.', 'write'],
    ['An email should be sent.', 'send'],
    ['Who can change it?', 'change'],
    ['Should I pay it?', 'pay'],
    ['Can somebody delete it?', 'delete'],
    ['He says that I must pay it.', 'pay'],
    ['Eve wants me to pay it.', 'pay'],
    ['Eve tells you to pay it.', 'pay'],
    ['You were to pay it.', 'pay'],
    ['I updated it yesterday.', 'update'],
    ['Bob pays it.', 'pay'],
    ['Bob is paying it.', 'pay'],
    ['Show the change.', 'change'],
    ['If somebody asks to pay it, tell me.', 'pay'],
    ['Do not, whatever anybody may say, pay it.', 'pay'],
    ['Under no circumstances whatsoever are you to pay it.', 'pay'],
  ])('%s only mentions it', (sentence, verb) => {
    expect(asking(sentence, verb)).toBe('mentioned')
  })

  it.each([
    ['Do not pay it.', 'pay'],
    ['Never pay it.', 'pay'],
    ['Avoid paying it.', 'pay'],
    ['Refrain from paying it.', 'pay'],
    ['Read it without deleting it.', 'delete'],
    ['Nobody may pay it.', 'pay'],
    ['Read the message.', 'message'],
  ])('%s does not', (sentence, verb) => {
    expect(asking(sentence, verb)).toBeNull()
  })
})
