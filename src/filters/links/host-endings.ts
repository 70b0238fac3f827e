// How names of hosts end, as far as programs that show text make links of them. Neither list is whole: a host with another ending
// has a scheme before it, or is a word like any other to most programs. Letters that look like Latin ones are read as these.

const general =
  'com net org edu gov mil biz pro xxx aero asia coop info museum name shop app dev cloud online site xyz top link click zip mov page ' +
  'live store tech website space work email news blog club fun host icu life media press run today world zone arpa onion internal local'

/** Endings that are seldom anything else than the ending of a host: no usual name of a column, a method or a file. */
const unmistakable =
  'com net org edu gov mil biz xxx aero asia coop museum xyz onion online website cloud ' +
  'ac ae ar at au be br ca cc ch cl cn co cz de dk ee es eu fi fr ga gq gr hk hr hu ie il io ir jp kr ' +
  'lt lu lv mx nl no nz pt ro ru se sg si sk su tk tr tw ua uk us vn za ai gg'

const oneOf = (endings: string): string => endings.split(' ').join('|')

/** Of a host that a port, a path or a query follows: any country's, too. */
export const ending = String.raw`(?:xn--[a-z0-9-]{1,59}|${oneOf(general)}|[a-z]{2}|[рp]ф)`

/** Of a host that stands alone. */
export const ownEnding = String.raw`(?:xn--[a-z0-9-]{1,59}|${oneOf(unmistakable)}|[рp]ф)`
