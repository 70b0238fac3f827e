import { choose, isUpperCase, type SurrogateRange } from './range.ts'

interface NamesOfScript {
  readonly script: RegExp
  readonly given: readonly string[]
  readonly family: readonly string[]
  /** What stands between two names; the family comes first where it is nothing. */
  readonly between: ' ' | ''
}

/** Names as they are usual everywhere a script is written, put together by us; none of them is a word of a text. */
export const latinNames: NamesOfScript = {
  script: /^\p{Script=Latin}+$/u,
  given: ['Anna', 'Clara', 'David', 'Elena', 'Felix', 'Hanna', 'Ines', 'Jonas', 'Karin', 'Lukas', 'Martin', 'Nora', 'Oskar', 'Paula', 'Robert', 'Silvia', 'Thomas', 'Vera'], // prettier-ignore
  family: ['Albrecht', 'Bellini', 'Carlsen', 'Dubois', 'Eriksen', 'Fontana', 'Grimaldi', 'Hoffmann', 'Ivarsson', 'Jankowski', 'Keller', 'Lindqvist', 'Moreau', 'Novak', 'Olsen', 'Petersen', 'Rossi', 'Schuster', 'Thorsen', 'Vandenberg'], // prettier-ignore
  between: ' ',
}

const scripts: readonly NamesOfScript[] = [
  latinNames,
  { script: /^\p{Script=Cyrillic}+$/u, given: ['Анна', 'Виктор', 'Елена', 'Игорь', 'Марина', 'Олег', 'Павел', 'Тамара'], family: ['Абрамчук', 'Белоус', 'Гончар', 'Коваль', 'Левченко', 'Мороз', 'Савчук', 'Ткач'], between: ' ' },
  { script: /^\p{Script=Greek}+$/u, given: ['Άννα', 'Γιώργος', 'Ελένη', 'Κώστας', 'Μαρία', 'Νίκος', 'Πέτρος', 'Σοφία'], family: ['Αθανασίου', 'Βασιλείου', 'Δημητρίου', 'Ιωάννου', 'Κωνσταντίνου', 'Νικολάου', 'Παππάς', 'Στεφάνου'], between: ' ' },
  { script: /^\p{Script=Hebrew}+$/u, given: ['אברהם', 'דוד', 'חנה', 'יעל', 'מרים', 'נועה', 'רחל', 'שמואל'], family: ['אזולאי', 'ביטון', 'גולן', 'כהן', 'לוי', 'מזרחי', 'פרץ', 'שפירא'], between: ' ' },
  { script: /^\p{Script=Arabic}+$/u, given: ['أحمد', 'خالد', 'سارة', 'عمر', 'فاطمة', 'ليلى', 'مريم', 'يوسف'], family: ['الخطيب', 'السيد', 'الشامي', 'العلي', 'القاسم', 'المصري', 'النجار', 'حداد'], between: ' ' },
  { script: /^\p{Script=Devanagari}+$/u, given: ['अनिल', 'आशा', 'गीता', 'मोहन', 'राजेश', 'रीना', 'सुनीता', 'विजय'], family: ['कुमार', 'गुप्ता', 'जोशी', 'मिश्रा', 'यादव', 'वर्मा', 'शर्मा', 'सिंह'], between: ' ' },
  { script: /^\p{Script=Han}+$/u, given: ['伟', '芳', '静', '丽', '强', '磊', '洋', '艳'], family: ['王', '李', '张', '刘', '陈', '杨', '赵', '黄'], between: '' },
  { script: /^\p{Script=Hangul}+$/u, given: ['민준', '서연', '지훈', '하은', '도윤', '수빈', '현우', '지우'], family: ['김', '이', '박', '최', '정', '강', '조', '윤'], between: '' },
] // prettier-ignore

const everyName = scripts.map(({ given, family, between }) =>
  between === '' ? `(?:${family.join('|')})(?:${given.join('|')})` : `(?:${given.join('|')}) (?:${family.join('|')})`,
)

/** A name of one word could be anybody's first name: such a one stays a token, as does one of two scripts. */
export const names: SurrogateRange = {
  category: 'pii/person',
  source: 'a list of our own for each script',
  shape: 'letters',
  joins: "-'’",
  form: new RegExp(everyName.join('|'), 'giu'),
  formats: [],
  samples: ['Anna Albrecht'],
  forValue: (value) => {
    const words = value.split(/[\s.,'’-]+/u).filter((word) => word !== '')
    const of = scripts.find(({ script }) => words.every((word) => script.test(word)))
    if (of === undefined || (of.between === ' ' && words.length < 2)) return null
    return {
      size: of.given.length * of.family.length,
      at: (index) => {
        const [given, rest] = choose(of.given, index)
        const [family] = choose(of.family, rest)
        const name = of.between === '' ? family + given : `${given} ${family}`
        return isUpperCase(value) ? name.toUpperCase() : name
      },
    }
  },
}
