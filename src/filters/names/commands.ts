import { classes, type Classified } from './features.ts'
import { hashOf, kinds, shapes } from './tokens.ts'

const hashes = (text: string): ReadonlySet<number> => new Set(text.trim().split(/\s+/).map(hashOf))

/** What people ask of others at the beginning of a sentence, in English, German, French and Spanish. */
const commands = hashes(`
  accept add address adjust advise analyse analyze announce answer append apply approve arrange ask assign assume attach book bring build calculate call cancel carry
  categorize change check choose clarify classify clean close collect combine comment compare complete compose compute confirm congratulate connect consider
  contact continue contrast convert convince copy correct count create debug decide define delete deliver deploy describe design detect develop discuss display
  download draft draw edit elaborate email enable ensure enter estimate evaluate examine execute expand explain explore export extract fetch file fill filter find
  finish fix follow forget format forward generate get give google greet group guess handle help hire identify ignore imagine implement import improve include inform
  insert inspect install introduce investigate invite join judge keep learn leave let list listen load locate login look mail make match meet mention merge message
  migrate modify move name notify offer open order organize outline page parse pay phone pick ping plan play please post predict prepare present press print process
  promise propose prove provide publish put quote rank rate read recall recommend record refactor register remember remind remove rename render repeat rephrase replace
  reply report request reschedule research resolve respond restart retrieve return review revise rewrite run save say scan schedule search see select send set share
  ship show sign simplify solve sort speak start stop store suggest summarise summarize support switch tag take talk teach tell test text thank think transcribe transfer
  translate try tweet type understand uninstall update upgrade upload use validate verify visit wait wake warn watch welcome wish write
  frag frage fragen ruf rufe rufen schreib schreibe schreiben schick schicke schicken sende senden zeig zeige zeigen gib geben hol hole holen vergleiche vergleichen
  prüfe prüfen erkläre erklären suche suchen finde finden sag sage sagen nimm nehmen buche buchen öffne öffnen lösche löschen übersetze übersetzen bitte grüß grüße
  informiere informieren kontaktiere kontaktieren erinnere erinnern lade nenne beschreibe
  appelle appelez demande demandez envoie envoyez écris écrivez comparez explique expliquez dis dites montre montrez donne donnez contacte contactez invitez préviens
  prévenez cherche cherchez trouve trouvez traduis traduisez résume résumez rappelle rappelez remercie remerciez
  llama llame pregunta pregunte envía envíe escribe escriba compara compare explica explique dile dígale muestra muestre busca busque contacta contacte traduce
  traduzca avisa avise recuerda recuerde invita invite`)
/** Is a word such, or does it stand before whoever is to be done a favour (`for me`)? */
export const isAsking = (word: number): boolean => commands.has(word) || favours.has(word)
const favours = hashes('for für pour para')

/** Those that are also names, and are none before such words only: `Mark the box`, `Will he come`. */
const alsoNames = hashes(
  'mark grant will may bill rob sue pat chase hunt cook price carry hope grace drew frank jack ring rose dean guy chuck skip trace pierce',
)
const determiners = hashes(
  'the a an this that these those all any every each it its my your our his her their him them me us he she they we you i be',
)

const ends = new Set(Array.from('.!?:;—–-*•>("“„', (sign) => sign.charCodeAt(0)))

/** Is a token the verb that a sentence begins with, which is no part of the name behind it (`Ask Maria`)? */
export function isCommand({ tokens, classes: known }: Classified, at: number, from: number): boolean {
  const { hashes: words, kinds: kindsOf, shapes: shapesOf, text, starts } = tokens
  if (shapesOf[at] !== shapes.capitalized) return false
  const word = words[at] as number
  const isPlain = commands.has(word)
  if (!isPlain && !alsoNames.has(word)) return false
  const before = at - 1
  const isFirst = before < from || kindsOf[before] === kinds.line || kindsOf[before] === kinds.gap
  if (!isFirst && !(kindsOf[before] === kinds.sign && ends.has(text.charCodeAt(starts[before] as number)))) return false
  // What follows it closely is what it asks for; behind a sign it was a name after all: `Page, Anna`.
  if (kindsOf[at + 1] !== kinds.word) return kindsOf[at + 1] === kinds.opaque
  const next = words[at + 1] as number
  if (determiners.has(next)) return true
  if (!isPlain) return false
  const [own, other] = [known[at] as number, known[at + 1] as number]
  if ((other & classes.street) !== 0 && shapesOf[at + 1] !== shapes.lower) return false
  // `Page Miller called`: where a list has the first word, too, only a given name behind it makes it a verb.
  return (own & (classes.given | classes.surname | classes.organization)) === 0 || (other & classes.given) !== 0
}
