const word = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu

/** Words that say nothing by themselves, in any text. */
const small = new Set(
  (
    'a an the and or but if of to in on at by for from with as is are was were be been being am it its this that these those there here ' +
    'i me my mine we us our you your he him his she her they them their who what which when where how do does did have has had will would ' +
    "can could should may not no yes so too also just please hi hello hey dear i've i'm i'd i'll you've you're it's st nd rd th"
  ).split(' '),
)

/** The words of a text in small letters; "e-mail" is the word "email". */
export function wordsOf(text: string): readonly string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\be-mail/g, 'email')
    .replaceAll('’', "'")
  return plain.match(word) ?? []
}

export function isSmall(word: string): boolean {
  return small.has(word) || /^\d{1,4}$/.test(word)
}

/** Past forms that no ending tells, of verbs of what is sent, paid, written or moved about; those that look like another word are left out. */
const irregular = new Map(
  (
    'sent send|paid pay|wrote write|written write|told tell|made make|gave give|given give|bought buy|sold sell|took take|taken take|' +
    'kept keep|brought bring|forgot forget|forgotten forget|withdrew withdraw|withdrawn withdraw|chose choose|chosen choose|hid hide|' +
    'hidden hide|threw throw|thrown throw|built build|lent lend|spent spend|spoke speak|spoken speak|gotten get|got get'
  )
    .split('|')
    .map((pair) => pair.split(' ') as [past: string, verb: string]),
)

/** Is it a past form of an English verb, by its ending or as one of those that have none? */
export function isPast(word: string): boolean {
  return irregular.has(word) || (word.endsWith('ed') && word !== stemOf(word))
}

/** One form for the forms of an English word, as far as endings and a few irregular verbs tell: "pays", "paying" and "paid" are "pay". */
export function stemOf(word: string): string {
  let stem = word.replace(/'s$/, '')
  stem = irregular.get(stem) ?? stem
  if (stem.endsWith('ies') && stem.length > 4) stem = `${stem.slice(0, -3)}y`
  else if (stem.endsWith('ing') && stem.length > 5) stem = stem.slice(0, -3)
  else if (stem.endsWith('ed') && stem.length > 4) stem = stem.slice(0, -2)
  else if (stem.endsWith('s') && !stem.endsWith('ss') && stem.length > 3) stem = stem.slice(0, -1)
  if (stem.endsWith('e') && stem.length > 3) stem = stem.slice(0, -1)
  return /([b-df-hj-np-tv-z])\1$/.test(stem) ? stem.slice(0, -1) : stem
}
