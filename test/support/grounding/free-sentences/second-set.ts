import { about, is, near, type FreeSentence } from '../free-sentence.ts'

/**
 * Sentences about other tables, by the same hand. Whoever wrote the checker had seen what went wrong with the first set, and has not
 * seen these.
 */
export const secondFreeSentences: readonly FreeSentence[] = [
  ...about('1-1717824-3', {
    right: [
      [
        'Admissions from India reached 30,746 in 2006, the highest figure of the period.',
        (t) => t.at('2006', 'indians admitted') === 30_746 && t.max('indians admitted') === 30_746,
      ],
      [
        'The number of Pakistanis admitted fell from 14,201 in 2000 to 9,931 in 2012, a drop of 30 %.',
        (t) =>
          t.at('2000', 'pakistanis admitted') === 14_201 &&
          t.at('2012', 'pakistanis admitted') === 9931 &&
          near((1 - 9931 / 14_201) * 100, 30),
      ],
      [
        'Nepalese admissions more than doubled between 2009 and 2010, from 627 to 1,502.',
        (t) => t.at('2009', 'nepalis admitted') === 627 && t.at('2010', 'nepalis admitted') === 1502,
      ],
      [
        'In 2012, 28,943 Indians and 2,449 Bangladeshis were admitted.',
        (t) => t.at('2012', 'indians admitted') === 28_943 && t.at('2012', 'bangladeshis admitted') === 2449,
      ],
      ['Over the thirteen years 57,248 Sri Lankans were admitted.', (t) => t.sum('sri lankans admitted') === 57_248],
    ],
    wrong: [
      ['In 2005, 22,411 Indians were admitted.', (t) => t.at('2005', 'indians admitted') === 22_411],
      [
        'Pakistani admissions were at their lowest in 2011.',
        (t) => t.at('2011', 'pakistanis admitted') === t.min('pakistanis admitted'),
      ],
      [
        'Sri Lankan admissions fell between 2011 and 2012.',
        (t) => t.at('2012', 'sri lankans admitted') < t.at('2011', 'sri lankans admitted'),
      ],
      ['On average, 26,214 Indians were admitted per year.', (t) => near(t.mean('indians admitted'), 26_214)],
    ],
  }),
  ...about('1-1711351-1', {
    right: [
      [
        'Dongguan Park Lane and Guangzhou Freemen both finished 11-3, a winning percentage of 78.6 %.',
        (t) =>
          t.numbers('win').slice(0, 2).join() === '11,11' && t.numbers('winning %').slice(0, 2).join() === '78.6,78.6',
      ],
      ['Jiangsu Tongxi scored 98.71 points per game, more than any other team.', (t) => t.max('pf per game') === 98.71],
      ['All seven teams played 14 games.', (t) => t.count({ played: '14' }) === 7 && t.count() === 7],
    ],
    wrong: [
      ['Shenyang Dongjin lost 6 of its games.', (t) => t.numbers('loss')[4] === 6],
      ['Guangzhou Freemen allowed 81.5 points per game.', (t) => t.numbers('pa per game')[1] === 81.5],
      ['Four teams won six games each.', (t) => t.count({ win: '6' }) === 4],
    ],
  }),
  ...about('1-17538810-4', {
    right: [
      [
        'John Lynch polled between 58 % and 68 %.',
        (t) => t.min('democrat : john lynch') === 58 && t.max('democrat : john lynch') === 68,
      ],
      [
        'His largest lead, 49 points, came in the University of New Hampshire poll.',
        (t) => t.max('lead margin') === 49 && t.at('university of new hampshire', 'lead margin') === 49,
      ],
      [
        'Suffolk University had Kenney at just 16 %.',
        (t) => t.at('suffolk university', 'republican : joe kenney') === 16,
      ],
      [
        'In the Concord Monitor poll Lynch was ahead by 26 points, 58 % to 32 %, although the table gives a margin of 16.',
        (t) =>
          t.at('concord monitor / research 2000', 'democrat : john lynch') -
            t.at('concord monitor / research 2000', 'republican : joe kenney') ===
            26 && t.at('concord monitor / research 2000', 'lead margin') === 16,
      ],
    ],
    wrong: [
      ['Strategic Vision put Lynch at 23 %.', (t) => t.at('strategic vision', 'democrat : john lynch') === 23],
      ["Kenney's best result was 33 %.", (t) => t.max('republican : joe kenney') === 33],
      ['The average lead of Lynch was 42 points.', (t) => near(t.mean('lead margin'), 42)],
    ],
  }),
  ...about('1-18862490-2', {
    right: [
      [
        'Tiger Woods won three times: in 1997, 1999 and 2003.',
        (t) =>
          t.count({ player: 'tiger woods' }) === 3 &&
          t.texts('year', { player: 'tiger woods' }).join() === '2003,1999,1997',
      ],
      [
        'Prize money grew from $198,000 in 1992 to $900,000 in 2006.',
        (t) => t.at('1992', 'earnings') === 198_000 && t.at('2006', 'earnings') === 900_000,
      ],
      [
        "Steve Stricker's margin of eight strokes in 1996 is the widest.",
        (t) => t.max('margin') === 8 && t.at('steve stricker', 'margin') === 8,
      ],
      [
        'Ten of the fifteen titles went to Americans.',
        (t) => t.count({ country: 'united states' }) === 10 && t.count() === 15,
      ],
      [
        'Jim Furyk and Trevor Immelman each took home $900,000.',
        (t) => t.at('jim furyk', 'earnings') === 900_000 && t.at('trevor immelman', 'earnings') === 900_000,
      ],
    ],
    wrong: [
      ['Stephen Ames earned $846,000 in 2004.', (t) => t.at('stephen ames', 'earnings') === 846_000],
      ['Nick Price won by five strokes in 1994.', (t) => t.at('1994', 'margin') === 5],
      ['Total earnings over the fifteen years were $8.1 million.', (t) => near(t.sum('earnings') / 1e5, 81)],
      ['Earnings dropped from 2003 to 2004.', (t) => t.at('2004', 'earnings') < t.at('2003', 'earnings')],
    ],
  }),
  ...about('1-21249915-1', {
    right: [
      [
        'Cochabamba has by far the largest total, 81,925, more than twice that of Tarija (36,351).',
        (t) => t.max('total') === 81_925 && t.at('tarija', 'total') === 36_351,
      ],
      [
        'In Santa Cruz, medium holdings account for 55.3 % of the total.',
        (t) => near((t.at('santa cruz', 'medium (500ha)') / t.at('santa cruz', 'total')) * 100, 55.3, 1),
      ],
      ['There are 10,528 micro holdings across the seven departments.', (t) => t.sum('micro (10ha)') === 10_528],
      [
        'Potosí counts 3,240 micro holdings, the most of all departments.',
        (t) => t.max('micro (10ha)') === 3240 && t.at('potosi', 'micro (10ha)') === 3240,
      ],
    ],
    wrong: [
      ['La Paz has 21,047 medium holdings.', (t) => t.at('la paz', 'medium (500ha)') === 21_047],
      [
        'Oruro has fewer big holdings than Santa Cruz.',
        (t) => t.at('oruro', 'big (>500ha)') < t.at('santa cruz', 'big (>500ha)'),
      ],
      ['Chuquisaca ranks third by total.', (t) => is(t.ranked('department', 'total')[2] ?? '', 'chuquisaca')],
      ['The departments have 202,956 holdings in total.', (t) => t.sum('total') === 202_956],
    ],
  }),
  ...about('1-21109892-1', {
    right: [
      [
        'Wheat is the most valuable commodity, worth 939,150 thousand international dollars, on a production of 6.4 million tonnes.',
        (t) => t.at('wheat', 'value (int 1000)') === 939_150 && t.at('wheat', 'production (mt)') === 6_400_000,
      ],
      [
        'Production of barley was 3.8 million tonnes, a good half of that of wheat.',
        (t) => t.at('barley', 'production (mt)') === 3_800_000,
      ],
      [
        'Tomatoes and oranges produced 1.3 and 1.2 million tonnes, respectively.',
        (t) => t.at('tomatoes', 'production (mt)') === 1_300_000 && t.at('oranges', 'production (mt)') === 1_200_000,
      ],
    ],
    wrong: [
      ['Olives rank second by value.', (t) => is(t.ranked('commodity', 'value (int 1000)')[1] ?? '', 'olives')],
      ['Grapes reached a production of 3 million tonnes.', (t) => t.at('grapes', 'production (mt)') === 3_000_000],
      [
        'Apples are worth less than strawberries.',
        (t) => t.at('apples', 'value (int 1000)') < t.at('strawberries', 'value (int 1000)'),
      ],
    ],
  }),
  ...about('1-23696862-6', {
    right: [
      [
        'Greg Merson won the event and $8,531,853.',
        (t) => is(t.text('greg merson', 'final place'), '1st') && t.at('greg merson', 'prize') === 8_531_853,
      ],
      [
        'Jesse Sylvia started with 43.9 million chips, the most of the eight players, and finished second.',
        (t) =>
          near(t.at('jesse sylvia', 'starting chip count') / 1e6, 43.9, 1) &&
          t.max('starting chip count') === 43_875_000 &&
          is(t.text('jesse sylvia', 'final place'), '2nd') &&
          t.count() === 8,
      ],
      [
        "Merson's prize was 61 % higher than Sylvia's.",
        (t) => near((t.at('greg merson', 'prize') / t.at('jesse sylvia', 'prize') - 1) * 100, 61),
      ],
      ['Robert Salaburu had no WSOP cashes before.', (t) => t.at('robert salaburu', 'wsop cashes') === 0],
    ],
    wrong: [
      ['Russell Thomas received $3,797,558.', (t) => t.at('russell thomas', 'prize') === 3_797_558],
      ['Jacob Balsiger came fourth.', (t) => is(t.text('jacob balsiger', 'final place'), '4th')],
      ['Steven Gee had 480,822 dollars in prize money.', (t) => t.at('steven gee', 'prize') === 480_822],
      ['Three of the players had won a bracelet before.', (t) => t.count({ 'wsop bracelets': '1' }) === 3],
    ],
  }),
  ...about('1-25381437-2', {
    right: [
      [
        'Ontario shot 88 %, three points better than Alberta.',
        (t) => t.at('ontario', 'shot pct') === 88 && t.at('alberta', 'shot pct') === 85,
      ],
      [
        'Northern Ontario stole 17 ends, the highest number of the tournament.',
        (t) => t.max('stolen ends') === 17 && t.at('northern ontario', 'stolen ends') === 17,
      ],
      [
        'Quebec won 41 ends and lost 42.',
        (t) => t.at('quebec', 'ends lost') === 42 && t.at('quebec', 'ends won') === 41,
      ],
    ],
    wrong: [
      ["Manitoba's shooting percentage was 85.", (t) => t.at('manitoba', 'shot pct') === 85],
      ['Saskatchewan won more ends than it lost, 44 against 43.', (t) => t.at('saskatchewan', 'ends lost') === 43],
      ['Nova Scotia stole 15 ends.', (t) => t.at('nova scotia', 'stolen ends') === 15],
    ],
  }),
  ...about('1-2169966-1', {
    right: [
      [
        '2001 was his busiest season: 30 starts and winnings of $1,631,488.',
        (t) => t.max('starts') === 30 && t.at('2001', 'winnings') === 1_631_488,
      ],
      ['He never won a race in 54 starts.', (t) => t.sum('wins') === 0 && t.sum('starts') === 54],
    ],
    wrong: [
      ['In 1999 he started 5 races and won $162,435.', (t) => t.at('1999', 'starts') === 5],
      ['Winnings increased in 2002 compared with 2001.', (t) => t.at('2002', 'winnings') > t.at('2001', 'winnings')],
    ],
  }),
  ...about('hotel_data', {
    right: [
      [
        'Most of the 1,057 hotels, 754 of them, are in New York City.',
        (t) => t.count() === 1057 && t.count({ city_name: 'New York City' }) === 754,
      ],
      [
        'The Row NYC Hotel has the most reviews: 23,570.',
        (t) => is(t.highest('hotel_name', 'review_count'), 'Row NYC Hotel') && t.max('review_count') === 23_570,
      ],
      ['The average star rating is 3.35.', (t) => near(t.mean('star_rating'), 3.35, 2)],
    ],
    wrong: [
      ['699 of the properties are of type Hotel.', (t) => t.count({ hotel_type: 'Hotel' }) === 699],
      [
        'New York City accounts for 75.4 % of the hotels.',
        (t) => near((t.count({ city_name: 'New York City' }) / t.count()) * 100, 75.4, 1),
      ],
    ],
  }),
  ...about('abalone', {
    right: [
      [
        '1,528 of the 4,177 abalones are male (36.6 %).',
        (t) => t.count({ Sex: 'M' }) === 1528 && t.count() === 4177 && near((1528 / 4177) * 100, 36.6, 1),
      ],
      ['An abalone has 9.93 rings on average.', (t) => near(t.mean('Rings'), 9.93, 2)],
      ['Mean whole weight is 0.829.', (t) => near(t.mean('Whole weight'), 0.829, 3)],
    ],
    wrong: [
      ['There are 1,342 females.', (t) => t.count({ Sex: 'F' }) === 1342],
      ['The mean number of rings is 9.39.', (t) => near(t.mean('Rings'), 9.39, 2)],
    ],
  }),
  ...about('baseball_data', {
    right: [
      [
        'The average salary is 1.25 million dollars and the highest 6.1 million.',
        (t) =>
          near(t.mean('salary_in_thousands_of_dollars') / 1000, 1.25, 2) &&
          t.max('salary_in_thousands_of_dollars') === 6100,
      ],
      ['Nobody hit more than 44 home runs.', (t) => t.max('number_of_home_runs') === 44],
      [
        'The mean batting average of the 337 players is .258.',
        (t) => near(t.mean('batting_average'), 0.258, 3) && t.count() === 337,
      ],
    ],
    wrong: [
      ['The best-paid player earns $6,100.', (t) => t.max('salary_in_thousands_of_dollars') === 6.1],
      ['The mean batting average is .285.', (t) => near(t.mean('batting_average'), 0.285, 3)],
    ],
  }),
]
