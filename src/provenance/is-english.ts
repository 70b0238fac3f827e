import { setOf } from '../text/set-of.ts'
import { wordsOf } from './words.ts'

const english = setOf(
  'a an the and or but if of to in on at by for from with as is are was were be been it its this that these those there i my we our you your he she they what which who when where how do does did have has can could should may not no please will would all any some about me them',
)
/** Words that no English sentence holds, of the languages that people write most beside it. */
const others = setOf(
  'der die das und ist nicht bitte mir den dem ein eine einen einer für mit von zu auf ich wir sie es wenn dass dann alle aus beim im am kein keine ' +
    'le la les et est une des du pour avec dans sur je moi vous plaît au aux que qui ne pas mon ma mes ce cette tous puis ' +
    'el los las y es del por para con en al que una unos mi mis este esta todos favor luego sin ' +
    'il lo gli di da per con che non una questo tutti poi ' +
    'un o os um uma do da dos das ao não para com por favor ' +
    'het een van en voor met niet deze alle naar aan zijn graag',
)

/** Is a text written in English, of which alone it is read what it asks for? A few words by themselves may be in any language. */
export function isEnglish(text: string): boolean {
  const unlike = (text.match(/\p{L}/gu)?.length ?? 0) - (text.match(/\p{Script=Latin}/gu)?.length ?? 0)
  let own = 0
  let foreign = unlike / 2
  for (const [at, written] of text.split(/\s+/).entries()) {
    // Names of people keep their letters in any language.
    if (/[^\p{ASCII}’“”‘–—]/u.test(written) && (at === 0 || !/^\P{L}*\p{Lu}/u.test(written))) foreign += 1
  }
  for (const word of wordsOf(text)) {
    if (english.has(word)) own += 1
    if (others.has(word)) foreign += 1
  }
  return foreign <= own
}
