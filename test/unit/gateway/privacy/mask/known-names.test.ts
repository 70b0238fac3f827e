import { describe, expect, it } from 'vitest'
import { KnownValues } from '../../../../../src/gateway/privacy/mask/known-values.ts'
import { verifies } from '../../../../support/verifies.ts'

type Kind = 'person' | 'organization' | 'location' | 'address'

/** What of a text is one of the names, whose kinds are told: `person Erika Muster`. */
function foundIn(text: string, names: readonly string[], label: string | null = null): readonly string[] {
  const known = new KnownValues()
  for (const name of names) {
    const [kind = '', ...words] = name.split(' ')
    known.add({ value: words.join(' '), category: `pii/${kind satisfies string as Kind}`, fromTurn: 1 })
  }
  return known
    .spansIn(text, Infinity, label)
    .toSorted((one, other) => one.start - other.start || one.end - other.end)
    .map(({ start, end }) => text.slice(start, end))
}

describe('a name that is known', () => {
  it.each([
    ['in capitals', 'person Erika Muster', 'Betreff: ERIKA MUSTER', 'ERIKA MUSTER'],
    ['in capitals without accents', 'person Zoë Müller', 'ZOE MÜLLER', 'ZOE MÜLLER'],
    ['in small letters', 'person Erika Muster', 'ask erika muster', 'erika muster'],
    ['with the family name first', 'person Erika Muster', 'Kundin: Muster, Erika (neu)', 'Muster, Erika'],
    ['with the family name first and in capitals', 'person Erika Muster', 'MUSTER Erika', 'MUSTER Erika'],
    ['in the usual order, found the other way round', 'person Muster, Erika', 'It is Erika Muster.', 'Erika Muster'],
    ['with an underscore', 'person Erika Muster', 'cv/Erika_Muster.pdf', 'Erika_Muster'],
    ['percent-encoded', 'person Erika Muster', 'https://x.example/?q=Erika%20Muster&n=1', 'Erika%20Muster'],
    ['with encoded letters', 'person Jörg Weiß', '/find?q=J%C3%B6rg+Wei%C3%9F', 'J%C3%B6rg+Wei%C3%9F'],
    ['with a plus', 'person Erika Muster', 'q=Muster+Erika', 'Muster+Erika'],
    ['with a hyphen', 'person Erika Muster', 'www.x.example/team/erika-muster', 'erika-muster'],
    ['with a no-break space', 'person Erika Muster', 'Erika\u00a0Muster', 'Erika\u00a0Muster'],
    ['over the end of a line', 'person Erika Muster', 'ask Erika\nMuster', 'Erika\nMuster'],
    ['before the sign of an address', 'person Erika Muster', 'muster.erika@localhost', 'muster.erika'],
    ['in a path', 'person Erika Muster', 'C:\\Users\\erika.muster\\Desktop', 'erika.muster'],
    ['as one word of a path', 'person Erika Muster', '/home/erikamuster/.ssh', 'erikamuster'],
    ['as one word, wherever it stands', 'person Erika Muster', 'frag erikamuster bitte', 'erikamuster'],
    ['as one word with umlauts spelled out', 'person Jürgen Löwe', 'an juergenloewe bitte', 'juergenloewe'],
    ['with umlauts spelled out in one word of it', 'person Jürgen Meier', 'JUERGEN MEIER', 'JUERGEN MEIER'],
    ['with umlauts of two signs spelled out', 'person Ju\u0308rgen Meier', 'JUERGEN MEIER', 'JUERGEN MEIER'],
    ['without the dots of its umlauts', 'person Jürgen Meier', 'JURGEN MEIER', 'JURGEN MEIER'],
    ['as a name for programs', 'person Erika Muster', 'const ErikaMuster = 1', 'ErikaMuster'],
    ['with umlauts spelled out', 'person Jürgen Löwe', 'juergen_loewe.csv', 'juergen_loewe'],
    ['without its title', 'person Dr. Erika Muster', 'Frau ERIKA MUSTER', 'ERIKA MUSTER'],
    ['without its second given name', 'person Erika Maria Muster', 'MUSTER, ERIKA', 'MUSTER, ERIKA'],
    ['by its family name', 'person Erika Zyanka', 'Frau Zyanka fragt.', 'Zyanka'],
    ['by its family name in capitals', 'person Erika Zyanka', 'AKTE ZYANKA', 'ZYANKA'],
    ['by its family name of two', 'person Eva Zyan-Bork', 'Zyan-Bork is late', 'Zyan-Bork'],
    ['by its family name, behind a title', 'person Prof. Erika Zyanka', 'Prof. Zyanka', 'Zyanka'],
    ['by its given name', 'person Erika Muster', 'Erika asks.', 'Erika'],
    ['as a firm in capitals', 'organization Hamlin Pumps', 'HAMLIN PUMPS', 'HAMLIN PUMPS'],
    ['as a firm in an address', 'organization Hamlin Pumps', 'x.example/Hamlin-Pumps', 'Hamlin-Pumps'],
    ['as an address in capitals', 'address 12 Elm Street', '12 ELM STREET', '12 ELM STREET'],
  ])('is found again %s', (_how, name, text, found) => {
    verifies('pii.names-again')
    expect(foundIn(text, [name])).toContain(found)
  })

  it.each([
    ['two words of it with others between', 'person Erika Muster', 'erika hat ein muster'],
    ['a family name in a longer word', 'person Erika Zyanka', 'Zyankas Zyankali'],
    ['a family name in small letters', 'person Erika Zyanka', 'ein zyanka'],
    ['a family name that is a word', 'person Erika Berg', 'Der Berg ruft. BERG'],
    ['a given name that is a word', 'person Will Zyanka', 'Will it work?'],
    [
      'a family name in an identifier',
      'person Erika Zyanka',
      'Zyanka_id, Zyanka.run(), Zyanka(), new_Zyanka, x.Zyanka',
    ],
    ['a family name in a program', 'person Erika Zyanka', '```\nZyanka = 1\n```'],
    ['two words of sentences in small letters', 'person Will Page', 'and will page them'],
    ['words of a firm in small letters', 'organization Data Services', 'our data services, data_services'],
    ['a firm of which one word stands alone', 'organization Hamlin Pumps', 'Pumps'],
    ['an initial', 'person E. Zyanka', 'E. coli'],
    ['two words of it in one, where they are few letters', 'person Ed Muk', 'frag edmuk bitte'],
    ['two words of sentences in one', 'person Will Page', 'the willpage'],
    ['a family name of two with another sign between', 'person Eva Zyan-Bork', 'Zyan Bork is late'],
    ['words of a firm of which one is in small letters', 'organization Hamlin Pumps', 'Hamlin pumps, hamlin Pumps'],
    ['a firm with a mark of its own between', 'organization Hamlin Pumps', 'Hamlin, Pumps'],
  ])('is not %s', (_what, name, text) => {
    expect(foundIn(text, [name])).toEqual([])
  })

  it('is found as what covers it where several fit', () => {
    expect(foundIn('Erika Muster', ['person Erika Muster'])).toContain('Erika Muster')
    expect(foundIn('Acme (UK), Acme', ['organization Acme (UK)', 'organization Acme'])).toContain('Acme (UK)')
  })

  it('counts from the turn on that told of it, as the kind that was told first', () => {
    const known = new KnownValues()
    known.add({ value: 'Erika Muster', category: 'pii/person', fromTurn: 3 })
    known.add({ value: 'Anna Muster', category: 'pii/person', fromTurn: 2 })
    known.add({ value: 'Anna Muster', category: 'pii/organization', fromTurn: 1 })
    const turns = (text: string, turn: number) =>
      known.spansIn(text, turn).map(({ category, fromTurn }) => [category, fromTurn])
    expect(turns('MUSTER, ERIKA', 2)).toEqual([])
    expect(turns('ERIKA_MUSTER', 3)).toContainEqual(['pii/person', 3])
    expect(turns('ANNA MUSTER', 1)).toEqual([['pii/person', 1]])
  })

  it('is found in a text of the length of the limit, among five thousand', () => {
    const known = new KnownValues()
    const names = Array.from(
      { length: 5_000 },
      (_, at) =>
        `Erika ${`Zy${at}`.replace(/\d/g, (digit) => 'kalomirent'.slice(Number(digit), Number(digit) + 1) + 'a')}`,
    )
    for (const value of names) known.add({ value, category: 'pii/person', fromTurn: 0 })
    const line = `${names[17]?.toUpperCase()} wrote. `
    expect(known.spansIn(line.repeat(10_000)).length).toBeGreaterThanOrEqual(10_000)
  })
})

describe('a name that is a word of sentences, too', () => {
  const names = ['person Mark', 'person Will', 'person Page', 'person Rose', 'location Nice']

  it.each([
    ['Please ask Mark about it.', ['Mark']],
    ['Ask Will, then Rose.', ['Will', 'Rose']],
    ['Dear Mark,', ['Mark']],
    ['Mark said so. Will wrote back.', ['Mark', 'Will']],
    ['Mark’s letter', ['Mark']],
    ['Mark, can you come?', ['Mark']],
    ['Mr. Page is here.', ['Page']],
    ['I met Herr Mark and Frau Rose.', ['Mark', 'Rose']],
    ['She lives in Nice.', ['Nice']],
    ['```json\n{"name": "Mark"}\n```', ['Mark']],
  ])('%j: is found where the sentence speaks of somebody', (text, found) => {
    expect(foundIn(text, names)).toEqual(found)
  })

  it.each([
    'Mark all as read. Will it work? Page not found. Nice work!',
    'See Page 3 of the Home Page, and Mark 2.',
    'die neue Mark, eine Mark, 5 Mark, la Rose, the Page',
    'MARK AS DONE, WILL DO',
    'mark will page rose',
    'class Page extends Component {}',
    '<Page />, <Mark>, Page(), Mark.of(x), new Page(), Mark_id, x.Mark, Page::new, $Mark, #Mark',
    '`Mark`, ~~~\nWill\n~~~',
    '```\nreturn Will\n// to Mark\n```',
    'const title = "Page"',
    'to-Mark-it, a/Mark/b',
    '- Mark the task',
    'Home Page Settings',
  ])('%j: is left where nothing says so', (text) => {
    verifies('pii.names-again')
    expect(foundIn(text, names)).toEqual([])
  })

  it('is found as the whole of a text that is said, or stands in a field for names', () => {
    expect(foundIn('Mark', names, null)).toEqual(['Mark'])
    expect(foundIn('Mark', names, 'content')).toEqual(['Mark'])
    expect(foundIn('Mark', names, 'first_name')).toEqual(['Mark'])
    expect(foundIn('Mark', names, 'title')).toEqual([])
    expect(foundIn('Mark', names, 'action')).toEqual([])
  })
})

describe('a name of one word', () => {
  const names = ['person Zyanka', 'organization Acmetrix', 'location Zyberg']

  it.each([
    ['Zyanka, ACMETRIX and Zyberg', ['Zyanka', 'ACMETRIX', 'Zyberg']],
    ['_Zyanka_ **Zyanka** "Zyanka" `Zyanka`', ['Zyanka', 'Zyanka', 'Zyanka', 'Zyanka']],
    ['```\ncall("Zyanka", \'Hello Zyberg\')\n```', ['Zyanka', 'Zyberg']],
    ['/home/zyanka/x and C:\\Users\\zyanka and a.zyanka@host', ['zyanka', 'zyanka', 'zyanka']],
  ])('%j: is found as written, in capitals, and where code holds it as data', (text, found) => {
    expect(foundIn(text, names)).toEqual(found)
  })

  it.each([
    'zyanka, acmetrix.run(), AcmetrixClient, Acmetrix.connect(), Acmetrix_KEY, <Zyberg>',
    '```\nAcmetrix = 1\n```',
    '/home/zyanka2/ /home/zyanka-old/ zyanka.example',
  ])('%j: is left in other words and in names for programs', (text) => {
    expect(foundIn(text, names)).toEqual([])
  })
})
