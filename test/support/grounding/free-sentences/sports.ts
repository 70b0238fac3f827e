import { about, is, near, type FreeSentence } from '../free-sentence.ts'

export const sentencesAboutSports: readonly FreeSentence[] = [
  ...about('1-10748727-1', {
    right: [
      [
        'Over all 13 entries the driver started 138 races and won 18 of them.',
        (t) => t.count() === 13 && t.sum('races') === 138 && t.sum('wins') === 18,
      ],
      [
        'His best year was 2007 in Formula BMW UK: 7 wins and 676 points.',
        (t) =>
          t.at('formula bmw uk', 'wins') === 7 && t.at('formula bmw uk', 'points') === 676 && t.max('points') === 676,
      ],
      [
        'With Isport International he contested 48 races but won only one.',
        (t) =>
          t.sum('races', { 'team name': 'isport international' }) === 48 &&
          t.sum('wins', { 'team name': 'isport international' }) === 1,
      ],
      [
        'In the 2012 GP2 Series he scored 124 points, almost five times the 25 of 2011.',
        (t) => t.at(['2012', 'gp2 series'], 'points') === 124 && t.at(['2011', 'gp2 series'], 'points') === 25,
      ],
      ['He finished first in the championship twice.', (t) => t.count({ position: '1st' }) === 2],
    ],
    wrong: [
      [
        'He took 13 podiums in the 2009 Japanese Formula Three season.',
        (t) => t.at('japanese formula three', 'podiums') === 13,
      ],
      ['In the 2010 GP2 Series he scored 25 points.', (t) => t.at(['2010', 'gp2 series'], 'points') === 25],
      ['Across his career he claimed 21 pole positions.', (t) => t.sum('poles') === 21],
    ],
  }),
  ...about('1-11622496-1', {
    right: [
      [
        'The RJR Championship offered by far the largest purse, $1.5 million.',
        (t) => is(t.highest('tournament', 'purse'), 'rjr championship') && t.max('purse') === 1_500_000,
      ],
      [
        'Orville Moody earned $105,000 at the Mazda Senior Tournament Players Championship and another $80,000 at the US Senior Open.',
        (t) =>
          t.at('mazda senior tournament players championship', '1st prize') === 105_000 &&
          t.at('us senior open', '1st prize') === 80_000,
      ],
      [
        'The first prize of the RJR Championship was 13.5 % of its purse.',
        (t) => near((t.at('rjr championship', '1st prize') / t.at('rjr championship', 'purse')) * 100, 13.5, 1),
      ],
      ['Five events were played in Florida.', (t) => t.count({ location: 'florida' }) === 5],
      [
        'The five Florida tournaments together put up $2 million.',
        (t) => t.sum('purse', { location: 'florida' }) === 2_000_000,
      ],
    ],
    wrong: [
      ['The US Senior Open had a purse of $540,000.', (t) => t.at('us senior open', 'purse') === 540_000],
      ['Six of the tournaments took place in Texas.', (t) => t.count({ location: 'texas' }) === 6],
      ['The smallest purse of the year was $275,000, at the Newport Cup.', (t) => t.min('purse') === 275_000],
      ['The average purse came to roughly $480,000.', (t) => near(t.mean('purse') / 10_000, 48)],
    ],
  }),
  ...about('1-14341967-2', {
    right: [
      [
        'Harry Newman led the team with 28 points, 10 more than anybody else.',
        (t) => t.at('harry newman', 'points') === 28 && t.ranked('points', 'points')[1] === '18',
      ],
      ['Together the eight players scored 112 points.', (t) => t.count() === 8 && t.sum('points') === 112],
      ['A quarter of all points came from Newman.', (t) => t.at('harry newman', 'points') / t.sum('points') === 0.25],
      ['Three players scored two touchdowns each.', (t) => t.count({ touchdowns: '2' }) === 3],
    ],
    wrong: [
      ['The players ran in 18 touchdowns altogether.', (t) => t.sum('touchdowns') === 18],
      ['Ivy Williamson finished with 12 points.', (t) => t.at('ivy williamson', 'points') === 12],
      ['Newman kicked 2 extra points and 7 field goals.', (t) => t.at('harry newman', 'extra points') === 2],
    ],
  }),
  ...about('1-14831932-12', {
    right: [
      [
        'Phil Taylor and Andy Hamilton each played seven matches, more than any other player.',
        (t) =>
          t.max('played') === 7 &&
          t.count({ played: '7' }) === 2 &&
          t.at('phil taylor', 'played') === 7 &&
          t.at('andy hamilton', 'played') === 7,
      ],
      [
        'Raymond van Barneveld had the best three-dart average, 102.82.',
        (t) =>
          is(t.highest('player', '3 - dart average'), 'raymond van barneveld') && t.max('3 - dart average') === 102.82,
      ],
      [
        'Hamilton hit 33 maximums (180s), four more than Taylor.',
        (t) =>
          t.at('andy hamilton', '180s') - t.at('phil taylor', '180s') === 4 && t.at('andy hamilton', '180s') === 33,
      ],
      [
        'Only two of the 31 players averaged above 100.',
        (t) => t.count() === 31 && t.count({ '3 - dart average': (value) => value > 100 }) === 2,
      ],
      [
        'James Wade recorded the highest checkout with 170.',
        (t) => is(t.highest('player', 'high checkout'), 'james wade') && t.max('high checkout') === 170,
      ],
      [
        'Niels de Ruiter, with an average of 79.15, was the weakest scorer in the field.',
        (t) => is(t.lowest('player', '3 - dart average'), 'niels de ruiter') && t.min('3 - dart average') === 79.15,
      ],
    ],
    wrong: [
      ['Phil Taylor won 39 legs and lost 66.', (t) => t.at('phil taylor', 'legs won') === 39],
      ['Gary Anderson threw 22 scores of 140 or more.', (t) => t.at('gary anderson', '140 +') === 22],
      [
        'The second-highest three-dart average was 99.25.',
        (t) => t.ranked('3 - dart average', '3 - dart average')[1] === '99.25',
      ],
      [
        'Kevin McDine won fewer legs than he lost.',
        (t) => t.at('kevin mcdine', 'legs won') < t.at('kevin mcdine', 'legs lost'),
      ],
      [
        'Twelve players had a high checkout of at least 150.',
        (t) => t.count({ 'high checkout': (value) => value >= 150 }) === 12,
      ],
    ],
  }),
  ...about('1-14889048-1', {
    right: [
      [
        'Cerro Porteño topped the table with 41 points from 18 games, three ahead of Libertad.',
        (t) =>
          t.at('cerro porteño', 'points') === 41 &&
          t.at('cerro porteño', 'played') === 18 &&
          t.at('libertad', 'points') === 38,
      ],
      [
        'Libertad scored most: 44 goals, or 2.4 per game.',
        (t) => t.max('scored') === 44 && near(t.at('libertad', 'scored') / t.at('libertad', 'played'), 2.4, 1),
      ],
      [
        'Sportivo Luqueño won just three matches and drew eight.',
        (t) => t.at('sportivo luqueño', 'wins') === 3 && t.at('sportivo luqueño', 'draws') === 8,
      ],
      ['All nine teams together scored 211 goals.', (t) => t.count() === 9 && t.sum('scored') === 211],
    ],
    wrong: [
      [
        'Guaraní ended with a positive goal difference of 5.',
        (t) => t.at('guaraní', 'scored') - t.at('guaraní', 'conceded') === 5,
      ],
      ['12 de Octubre lost 8 of its 18 games.', (t) => t.at('12 de octubre', 'losses') === 8],
      ['Olimpia finished fourth.', (t) => t.at('olimpia', 'position') === 4],
      ['On average a team collected 28 points.', (t) => near(t.mean('points'), 28)],
    ],
  }),
  ...about('1-15201666-3', {
    right: [
      [
        'Derby County won 13 of the 26 wartime meetings listed here.',
        (t) => t.sum('derby county') === 13 && t.sum('played') === 26,
      ],
      [
        'Derby scored 53 goals in these games, ten more than Nottingham Forest.',
        (t) => t.sum('derby county goals') === 53 && t.sum('nottingham forest goals') === 43,
      ],
      [
        'In the Midland Section Forest won three matches out of four.',
        (t) => t.at('midland section', 'nottingham forest') === 3 && t.at('midland section', 'played') === 4,
      ],
    ],
    wrong: [
      ['Seven of the matches ended in a draw.', (t) => t.sum('draw') === 7],
      [
        'Forest conceded 12 goals to Derby in the Football League (N).',
        (t) => t.at('football league (n)', 'derby county goals') === 12,
      ],
      [
        'Derby won half of the games in the Football League War Cup and Forest won two.',
        (t) => t.at('football league war cup', 'nottingham forest') === 2,
      ],
    ],
  }),
  ...about('1-14984050-1', {
    right: [
      [
        'The home-and-away season drew 502,241 spectators over eleven weeks.',
        (t) => t.sum('attendance') === 502_241 && t.count() === 11,
      ],
      [
        'The largest crowd, 59,950, came to Kezar Stadium in week 11.',
        (t) => t.max('attendance') === 59_950 && is(t.text('11', 'game site'), 'kezar stadium'),
      ],
      [
        'Only 26,322 people watched the game on 13 October 1957 in Milwaukee, the lowest attendance of all.',
        (t) =>
          t.min('attendance') === 26_322 && is(t.text('october 13 , 1957', 'game site'), 'milwaukee county stadium'),
      ],
      ['Average attendance was about 45,700.', (t) => near(t.mean('attendance') / 100, 457)],
      ['Seven of eleven games were won.', (t) => t.texts('result').filter((text) => text.startsWith('w')).length === 7],
    ],
    wrong: [
      ['Five games were played at Memorial Stadium.', (t) => t.count({ 'game site': 'memorial stadium' }) === 5],
      [
        'The Los Angeles Rams came to Memorial Stadium on 8 December 1957.',
        (t) => is(t.text('los angeles rams', 'date'), 'december 8 , 1957'),
      ],
      ['Attendance fell from 40,112 in week 1 to 36,558 in week 2.', (t) => t.at('2', 'attendance') === 36_558],
      ['The opening game against the Detroit Lions was won 31-14.', (t) => t.text('1', 'result').includes('31 - 14')],
    ],
  }),
  ...about('1-23909238-2', {
    right: [
      [
        'Leicester Tigers finished on 73 points, more than twice the 36 of Leeds Carnegie.',
        (t) => t.at('leicester tigers (c)', 'points') === 73 && t.at('leeds carnegie', 'points') === 36,
      ],
      [
        'Leeds Carnegie scored the fewest points (283) of all eleven clubs.',
        (t) => t.min('points for') === 283 && is(t.lowest('club', 'points for'), 'leeds carnegie') && t.count() === 11,
      ],
      [
        'Bath and London Irish differ by 9 points in the table.',
        (t) => t.at('bath (sf)', 'points') - t.at('london irish', 'points') === 9,
      ],
      [
        'Sale Sharks let in 51 tries, the most of any club.',
        (t) => t.at('sale sharks', 'tries against') === 51 && t.max('tries against') === 51,
      ],
    ],
    wrong: [
      ['Harlequins won 11 and lost 9 of their 22 matches.', (t) => t.at('harlequins', 'won') === 11],
      ['Gloucester scored 457 points and conceded 470.', (t) => t.at('gloucester', 'points for') === 457],
      [
        'Northampton Saints collected seven try bonus points.',
        (t) => t.at('northampton saints (sf)', 'try bonus') === 7,
      ],
      [
        'Newcastle Falcons drew more games than any other club, five of them.',
        (t) => t.at('newcastle falcons', 'drawn') === 5,
      ],
    ],
  }),
  ...about('1-2182562-2', {
    right: [
      [
        'Winnings peaked in 1997 at $1,105,201.',
        (t) => is(t.highest('year', 'winnings'), '1997') && t.max('winnings') === 1_105_201,
      ],
      [
        'He won 15 races over the whole span, five of them in 1996 and five in 1997.',
        (t) => t.sum('wins') === 15 && t.at('1996', 'wins') === 5 && t.at('1997', 'wins') === 5,
      ],
      [
        'Winnings more than doubled between 1996 and 1997, from $532,823 to $1.1 million.',
        (t) => t.at('1997', 'winnings') > 2 * t.at('1996', 'winnings') && near(t.at('1997', 'winnings') / 1e5, 11),
      ],
      [
        'In 2002 he started 34 races and earned just over a million dollars.',
        (t) => t.at('2002', 'starts') === 34 && t.at('2002', 'winnings') > 1e6 && t.at('2002', 'winnings') < 1.05e6,
      ],
      [
        'The average finish improved from 9.1 in 1996 to 8.2 in 1997.',
        (t) => t.at('1996', 'avg finish') === 9.1 && t.at('1997', 'avg finish') === 8.2,
      ],
    ],
    wrong: [
      ['He won $783,703 in 1999.', (t) => t.at('1999', 'winnings') === 783_703],
      ['Winnings rose from 1997 to 1998.', (t) => t.at('1998', 'winnings') > t.at('1997', 'winnings')],
      ['Total winnings exceed 7 million dollars.', (t) => t.sum('winnings') > 7e6],
      ['In 1994 he had 27 starts, 7 top-5 and 4 top-10 finishes.', (t) => t.at('1994', 'top 5') === 7],
      [
        'Between 2000 and 2001 the winnings grew by 15 %.',
        (t) => near((t.at('2001', 'winnings') / t.at('2000', 'winnings') - 1) * 100, 15),
      ],
    ],
  }),
  ...about('1-23214692-1', {
    right: [
      [
        'Collingwood won seven of the twelve games and Melbourne four; one was drawn.',
        (t) =>
          t.count({ winner: 'collingwood' }) === 7 &&
          t.count({ winner: 'melbourne' }) === 4 &&
          t.count({ winner: 'draw' }) === 1 &&
          t.count() === 12,
      ],
      ['The biggest margin was 88 points, in 2011.', (t) => t.max('margin') === 88 && t.at('2011', 'margin') === 88],
      [
        'In 2006 a crowd of 78,773 saw Melbourne win by 47 points.',
        (t) => t.at('2006', 'attendance') === 78_773 && t.at('2006', 'margin') === 47,
      ],
    ],
    wrong: [
      ['Attendance was lowest in 2008.', (t) => t.at('2008', 'attendance') === t.min('attendance')],
      ['The 2009 game was decided by 56 points.', (t) => t.at('2009', 'margin') === 56],
      [
        'Melbourne won three games in a row, from 2004 to 2006, and lost in 2007.',
        (t) => is(t.text('2007', 'winner'), 'collingwood'),
      ],
    ],
  }),
]
