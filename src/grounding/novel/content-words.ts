import { stem, tokensOf } from '../words/tokens.ts'

/** Words that any text has. */
const common = new Set(
  (
    'a about above after again all also although always am an and any are aren as at be because been before being below between both but by can cannot could ' +
    'did do does doing don done down during each either else ever every few for from further get gets got had has have having he hence her here hers him his how however ' +
    'i if in indeed into is it its itself just least less let like made make makes many may me might more most much must my neither no nor not now of off often on once one only ' +
    'or other others our out over own per perhaps quite rather really same say says see she should since so some still such than that the their them then there these they ' +
    'this those though through thus to too two under until up upon us use used using very was we well were what when where whether which while who whom whose why will with within without ' +
    'would yes yet you your ' +
    'aber als am an auch auf aus bei bin bis da das dass dem den der des die durch ein eine einem einen einer eines er es für fur hat haben ich ihr im in ist ja kann mit nach nicht noch nur ' +
    'oder ohne sein sich sie sind so über uber um und uns von vor war waren was wenn werden wie wir wird zu zum zur ' +
    'au aux avec ce ces cette dans de des du elle en est et il ils je la le les leur mais ne nous ou par pas plus pour qu que qui sa se ses son sont sur un une vous ' +
    'al como con cual del el ella ellos es esta este estos ha hay lo los las mas más muy no o para pero por que se ser si sin sobre son su sus un una y ya'
  ).split(' '),
)

export const isCommon = (word: string): boolean => word.length < 2 || common.has(word)

/** The stems of the words of a text that carry what it says; letters alone. */
export function contentWords(text: string): readonly string[] {
  return tokensOf(text).flatMap(({ text: word }) => (isCommon(word) || /^\p{Nd}/u.test(word) ? [] : [stem(word)]))
}
