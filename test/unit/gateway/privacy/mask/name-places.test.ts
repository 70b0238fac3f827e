import { describe, expect, it } from 'vitest'
import { NamePlaces } from '../../../../../src/gateway/privacy/mask/name-places.ts'

/** Asks of the stretch of a text that stands in brackets, which are taken out. */
function ask(question: 'isData' | 'isName' | 'isAccount', marked: string, label: string | null = null): boolean {
  const [start, end] = [marked.indexOf('⟦'), marked.indexOf('⟧') - 1]
  const text = marked.replace('⟦', '').replace('⟧', '')
  return new NamePlaces(text, label)[question]({ start, end })
}

describe('a word in a text', () => {
  it.each([
    '⟦Zyanka⟧',
    'ask ⟦Zyanka⟧ now',
    '_⟦Zyanka⟧_',
    'a __⟦Zyanka⟧__ b',
    '(___⟦Zyanka⟧___)',
    '`⟦Zyanka⟧`',
    'a `b` ⟦Zyanka⟧ `c`',
    '```\nlog("⟦Zyanka⟧")\n``` x',
    "```\nlog('⟦Zyanka⟧', 1)\n```",
    "```\n// it's x\nlog('a', '⟦Zyanka⟧')\n```",
    '~~~\n"⟦Zyanka⟧"\n~~~',
    '```\n"⟦Zyanka⟧"',
    '⟦Zyanka⟧. Next',
    '⟦Zyanka⟧: yes',
    'x:⟦Zyanka⟧',
    'a\n⟦Zyanka⟧\n',
    'C:\\⟦Zyanka⟧\\x',
    'a «⟦Zyanka⟧»',
    '```\nx\n``` ⟦Zyanka⟧',
    '`a\n⟦Zyanka⟧ b`',
  ])('is there for people, or as data: %j', (marked) => {
    expect(ask('isData', marked)).toBe(true)
  })

  it.each([
    '⟦Zyanka⟧_id',
    'my_⟦Zyanka⟧',
    '__⟦Zyanka⟧__init',
    'a__⟦Zyanka⟧__',
    '____⟦Zyanka⟧____',
    '_⟦Zyanka⟧',
    '⟦Zyanka⟧_',
    '⟦Zyanka⟧(x)',
    '⟦Zyanka⟧[0]',
    '⟦Zyanka⟧{}',
    '⟦Zyanka⟧<T>',
    '⟦Zyanka⟧$',
    '⟦Zyanka⟧.run',
    '⟦Zyanka⟧.2',
    '⟦Zyanka⟧._x',
    '⟦Zyanka⟧::new',
    '⟦Zyanka⟧->x',
    'x.⟦Zyanka⟧',
    'f().⟦Zyanka⟧',
    'a[0].⟦Zyanka⟧',
    'x::⟦Zyanka⟧',
    'x->⟦Zyanka⟧',
    '$⟦Zyanka⟧',
    '#⟦Zyanka⟧',
    '<⟦Zyanka⟧ />',
    '</⟦Zyanka⟧>',
    '\\⟦Zyanka⟧',
    'call `x ⟦Zyanka⟧`',
    '`⟦Zyanka⟧ x`',
    '```\nreturn ⟦Zyanka⟧\n```',
    '~~~\n⟦Zyanka⟧\n~~~',
    '```\n⟦Zyanka⟧',
    '```\n"a" ⟦Zyanka⟧ "b"\n```',
    '```\n"a ⟦Zyanka⟧\n```',
    '```\n"⟦Zyanka⟧\'\n```',
    "```\nit's ⟦Zyanka⟧'s\n```",
  ])('is one of a program: %j', (marked) => {
    expect(ask('isData', marked)).toBe(false)
    expect(ask('isName', marked)).toBe(false)
  })
})

describe('a word of sentences', () => {
  it.each([
    'I saw ⟦Mark⟧ there',
    'so ask ⟦Mark⟧.',
    'Mr. ⟦Page⟧',
    'Mr ⟦Page⟧',
    'Frau  ⟦Page⟧',
    'MME ⟦Rose⟧ MARK',
    '⟦Mark⟧ said so',
    '⟦Mark⟧ wohnt hier',
    "⟦Mark⟧'s car",
    '⟦Mark⟧’s car',
    '⟦Mark⟧, come',
    '⟦Mark⟧: hello',
    'Yes. ⟦Mark⟧ wrote',
    '- ⟦Mark⟧ asks',
    '(⟦Mark⟧ called)',
    'Dear ⟦Mark⟧,',
    'Ask ⟦Mark⟧ about it',
    'Ask ⟦Mark⟧.',
    'Go. Ask ⟦Mark⟧!',
    'one line\nthen ⟦Mark⟧ came',
    'x = 1\nthen ⟦Mark⟧ came\ny = 2',
    '{"first_name": "⟦Mark⟧"}',
    "name = '⟦Mark⟧'",
  ])('is a name where something says so: %j', (marked) => {
    expect(ask('isName', marked)).toBe(true)
  })

  it.each([
    '⟦Mark⟧ all as read',
    'Yes. ⟦Mark⟧ it',
    '⟦Mark⟧: 3',
    '⟦Mark⟧:x',
    '⟦Mark⟧,x',
    "⟦Mark⟧'sx",
    '⟦Mark⟧ Said so',
    'the ⟦Mark⟧ of',
    'the new ⟦Mark⟧ of',
    'die neue ⟦Mark⟧ ist',
    'La ⟦Rose⟧ est',
    'see 5 ⟦Mark⟧ and',
    'Home ⟦Page⟧ Settings',
    'Home ⟦Page⟧ 3',
    'My Home ⟦Page⟧, too',
    'see ⟦Page⟧ 3',
    'to-⟦Mark⟧ it',
    'to ⟦Mark⟧-it',
    'a/⟦Mark⟧ it',
    'a ⟦Mark⟧/b',
    'see ⟦Mark⟧ { }',
    'see ⟦Mark⟧ => x',
    'if (x) see ⟦Mark⟧ | y',
    'a = see ⟦Mark⟧',
    '{"title": "⟦Mark⟧"}',
    '{"first_name": ["⟦Mark⟧"]}',
    '{"first_name": "⟦Mark⟧ x"}',
    '…⟦Mark⟧ it',
    '!? ⟦Mark⟧ it',
  ])('is left where nothing does: %j', (marked) => {
    expect(ask('isName', marked)).toBe(false)
  })

  it.each([
    [null, true],
    ['content', true],
    ['text', true],
    ['input', true],
    ['output', true],
    ['value', true],
    ['refusal', true],
    ['reasoning', true],
    ['reasoning_content', true],
    ['name', true],
    ['last_name', true],
    ['titles', false],
    ['my_content', false],
    ['contents', false],
    ['action', false],
  ])('is one as the whole of a text under %s: %s', (label, expected) => {
    expect(ask('isName', '⟦Mark⟧', label)).toBe(expected)
    expect(ask('isName', '⟦Mark⟧ it', label)).toBe(false)
    expect(ask('isName', 'x ⟦Mark⟧', label)).toBe(true)
  })

  it('is looked around as far as two hundred characters of its line', () => {
    expect(ask('isName', `a = ${'b'.repeat(194)} see ⟦Mark⟧ now`)).toBe(true)
    expect(ask('isName', `a = ${'b'.repeat(193)} see ⟦Mark⟧ now`)).toBe(false)
    expect(ask('isName', `see ⟦Mark⟧ now ${'b'.repeat(195)}=`)).toBe(true)
    expect(ask('isName', `see ⟦Mark⟧ now ${'b'.repeat(194)}=`)).toBe(false)
  })
})

describe('a word in small letters', () => {
  it.each([
    '⟦zyanka⟧@host',
    'x ⟦zyanka⟧@host.example and more of a text',
    'a.⟦zyanka⟧@1',
    '/home/⟦zyanka⟧/x',
    '/home/⟦zyanka⟧',
    'home/⟦zyanka⟧ and a long text behind it',
    'C:\\Users\\⟦zyanka⟧\\x',
    '/usr/⟦zyanka⟧ x',
    'd/user/⟦zyanka⟧/',
    'PROFILES/⟦zyanka⟧/',
    'people/⟦zyanka⟧-',
    '~⟦zyanka⟧/x',
    'cd ~⟦zyanka⟧',
    '"~⟦zyanka⟧"',
  ])('is an account: %j', (marked) => {
    expect(ask('isAccount', marked)).toBe(true)
  })

  it.each([
    '⟦zyanka⟧',
    '⟦zyanka⟧@',
    '⟦zyanka⟧@ host',
    'x⟦zyanka⟧@host',
    '/homes/⟦zyanka⟧',
    'myhome/⟦zyanka⟧',
    '/home/x/⟦zyanka⟧',
    '/home ⟦zyanka⟧',
    '/home/⟦zyanka⟧2',
    '/home/⟦zyanka⟧.x',
    '/home/⟦zyanka⟧_x',
    '/home/⟦zyanka⟧-x',
    'a~⟦zyanka⟧',
  ])('is none: %j', (marked) => {
    expect(ask('isAccount', marked)).toBe(false)
  })
})
