import { wordsOf, type Recognizer } from './recognizer.ts'

const months =
  '(?:jan(?:uary|uar|vier)?|ene(?:ro)?|feb(?:ruary|ruar|rero)?|fev(?:rier)?|mar(?:ch|s|zo|z)?|maerz|mrz|apr(?:il)?|avr(?:il)?|abr(?:il)?|may|mai|mayo|jun[ei]?|juin|junio|jul[yi]?|juillet|julio|aug(?:ust)?|aout|ago(?:sto)?|sep(?:t|tember|tembre|tiembre)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|dec(?:ember|embre)?|dez(?:ember)?|dic(?:iembre)?)\\.?'
const day = '(?:[12]\\d|3[01]|0?[1-9])'
const year = '(?:(?:18|19|20)\\d{2})'
const numeric = `${year}[-/.](?:0?[1-9]|1[0-2])[-/.]${day}|${day}([-/. ]) ?(?:0?[1-9]|1[0-2])\\1 ?(?:${year}|\\d{2})|(?:0?[1-9]|1[0-2])([-/])${day}\\2(?:${year}|\\d{2})`
const worded = `${day}(?:st|nd|rd|th|er|\\.)?[ -](?:of |de )?${months},?[ -](?:de |del )?${year}|${months}[ -]${day}(?:st|nd|rd|th)?,? ${year}`
const compact = `${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])`

/** A date is personal where a word says that somebody was born on it. */
export const datesOfBirth: readonly Recognizer[] = [
  {
    category: 'pii/date-of-birth',
    opens: 'either',
    shape: new RegExp(
      `(?:${worded}|${numeric}|${compact})(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?`,
      'iy',
    ),
    words: wordsOf('born', 'dob', 'd\\.o\\.b\\.?', 'date of birth', 'birth date', 'birth day', 'birth', 'geboren', 'geb', 'geburtsdatum', 'geburtstag', 'geb datum', 'nee? (?:le|a|en)', 'ne\\(e\\)', 'date de naissance', 'naissance', 'nacid[oa]', 'nacio', 'fecha de nacimiento', 'nacimiento', 'nat[oa] il', 'data di nascita', 'geboortedatum', 'cumpleanos', 'anniversaire'), // prettier-ignore
    score: 0,
    namedScore: 0.85,
  },
]
