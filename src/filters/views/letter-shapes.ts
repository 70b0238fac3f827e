/**
 * Letters that are drawn like one of ASCII, by that letter: of the other alphabets, of phonetics, small capitals, and letters
 * with a stroke or a hook, which no decomposition takes off. What Unicode decomposes is not listed. Sources: the code charts
 * of Unicode, where each stands by its shape.
 */
const shapes: Readonly<Record<string, string>> = {
  a: 'ɑɐᴀαаⱥ∂ªል', b: 'ƀɓʙвьƅЪᏏᖯβвƃ₿', c: 'ƈȼɔᴄсςϲⅽ¢ⲥ©ʗ', d: 'đɖɗᴅԁⅾᏧðժ', e: 'ɛəǝᴇеєϵεҽ℮€ⲉꬲ', f: 'ƒꜰғẝϝք', g: 'ɡɢǥɠցԍᶃ', h: 'ħɦʜнһհᏂηℏ',
  i: 'ɩɪıιіꙇⵏ¡', j: 'ʝɉјϳյⱼ', k: 'ƙκкᴋқҝⱪⲕ', l: 'łɫɭʟŀӏⅼւℓ', m: 'ɱᴍмⅿ', n: 'ɲɳɴηոпռŋ', o: 'øɵᴏоοօσⲟ०๐໐٥ဝ°ჿ', p: 'ƥᴘрρϸᑭþ', q: 'ɋʠԛգզ', r: 'ɍɽɾʀгяᴦꭇ',
  s: 'ʂꜱѕςꮪ§ƽ', t: 'ŧƭʈᴛтτե†', u: 'ʉʊᴜυսцʋմ', v: 'ʌᴠνѵⅴט√', w: 'ɯᴡшωԝաѡⱳ', x: 'хχⅹ×ӿ', y: 'ƴɏʏуγүყ¥ʎ', z: 'ƶȥᴢʐզ',
  A: 'ᎪᗅΑАɅΔ', B: 'ᏴᗷΒВɃ', C: 'ᏟСϹↃ', D: 'ᎠᗞĐÐ', E: 'ᎬΕЕΞ', F: 'ᖴϜ', G: 'ᏀԌ', H: 'ᎻΗНҢ', I: 'ΙІӀ', J: 'ᎫЈ', K: 'ᏦΚКҜ', L: 'ᏞᒪŁ', M: 'ᎷΜМϺ', N: 'ΝИ', O: 'ΟОØՕ', P: 'ᏢΡР',
  Q: 'Ԛ', R: 'ᎡᖇЯ', S: 'ՏЅᏚ', T: 'ᎢΤТŦ', U: 'ՍᑌɄ', V: 'ᏙѴ', W: 'ᎳԜШ', X: 'ΧХ', Y: 'ΥҮ', Z: 'ᏃΖ',
} // prettier-ignore

const byShape = new Map<string, string>()
for (const [letter, drawn] of Object.entries(shapes)) {
  for (const character of drawn) if (!byShape.has(character)) byShape.set(character, letter)
}
// Letters on a square or in a black circle, and those of flags, stand in the order of the alphabet.
for (const first of [0x1f130, 0x1f150, 0x1f170, 0x1f1e6]) {
  for (let index = 0; index < 26; index += 1) {
    byShape.set(String.fromCodePoint(first + index), String.fromCharCode(65 + index))
  }
}

/** The letter of ASCII that a character is drawn like; undefined where it is like none. */
export function letterLike(character: string): string | undefined {
  return byShape.get(character)
}
