// Characters that a reader does not see, as bodies of a character class: `new RegExp(`[${directionMarks}]`, 'u')`.

/** They turn the order in which a stretch of text is shown: embeddings, overrides, isolates (Unicode Annex 9). */
export const directionOverrides = '\\u202A-\\u202E\\u2066-\\u2069'

/** These, and the single marks beside them, which text written from right to left may hold in good faith. */
export const directionMarks = `\\u061C\\u200E\\u200F${directionOverrides}`

/** They take no width: soft hyphen, vowel separator, zero-width space, word joiner, invisible operators, byte order mark. */
export const zeroWidth = '\\u00AD\\u180E\\u200B\\u2060-\\u2065\\u206A-\\u206F\\uFEFF'

/** Joiner and non-joiner, with which words of Persian or Hindi and many emoji are written. */
export const joiners = '\\u200C\\u200D'

/** Letters of a language tag, which nothing shows. */
export const tagCharacters = '\\u{E0000}-\\u{E007F}'

/** All that a reader would not see or a terminal would obey: controls, marks of direction, what has no width, halves of pairs, what no font has, and every blank. */
export const unseen = '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Z}\\p{Default_Ignorable_Code_Point}\\u2800'
