import { setOf } from '../../text/set-of.ts'
import { stem, type Token } from './tokens.ts'

/** Words that change nothing of which cell, rows or computation is meant. */
const neutral = setOf(
  'a an the this that these those it its they their there he she his her we our you your i which who whose what ' +
    'of in on at to for and or by with from as than into per during over through within among across about around ' +
    'is are was were be been being has have had having do does did will would can could may also so then thus still ' +
    'exactly precisely just roughly approximately nearly almost some only alone itself here all every each ' +
    'get gets got make makes made record records recorded reach reaches reached show shows showed report reports reported ' +
    'stand stands stood come comes came bring brings brought earn earns earned score scores scored post posts posted see saw seen ' +
    'sit sits sat amount amounts amounted equal equals equalled give gives gave take takes took hold holds held count counts counted ' +
    'note notes notably also however likewise meanwhile additionally moreover furthermore contrast beyond finally ' +
    'value values figure figures number numbers row rows data result results table answer level levels according ' +
    'der die das den dem des ein eine und ist war sind waren hat haben im in von mit auf bei zu betrug liegt lag beträgt',
)
const stems = new Set([...neutral].map((word) => stem(word)))

/** Does a word say something by itself, so that a reading that leaves it out may be another one than was meant? */
export function saysMore({ text }: Token): boolean {
  return text.length > 1 && !/^\d/.test(text) && !neutral.has(text) && !stems.has(stem(text))
}
