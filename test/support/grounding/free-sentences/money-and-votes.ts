import { about, inAnotherUnit, is, near, type FreeSentence } from '../free-sentence.ts'

export const sentencesAboutMoneyAndVotes: readonly FreeSentence[] = [
  ...about('1-22368322-2', {
    right: [
      [
        'Anglo Irish Bank had the weakest tier 1 ratio, 3.9 %.',
        (t) => is(t.lowest('institution', 'tier 1 ratio'), 'anglo irish bank') && t.min('tier 1 ratio') === 3.9,
      ],
      [
        'Bank of Ireland held 11,026 million of tier 1 capital, 777 million more than Allied Irish Banks.',
        (t) =>
          t.at('bank of ireland', 'tier 1 capital , million') === 11_026 &&
          t.at('bank of ireland', 'tier 1 capital , million') -
            t.at('allied irish banks', 'tier 1 capital , million') ===
            777,
      ],
      [
        'The six institutions had risk-weighted assets of 363.3 billion.',
        (t) => near(t.sum('s risk - weighted asset , million') / 1000, 363.3, 1),
      ],
      [
        'The spread between the best and the worst ratio is 6.6 percentage points.',
        (t) => near(t.max('tier 1 ratio') - t.min('tier 1 ratio'), 6.6, 1),
      ],
    ],
    wrong: [
      ['EBS reported a tier 1 ratio of 9.4 %.', (t) => t.at('ebs', 'tier 1 ratio') === 9.4],
      ['Irish Nationwide had assets of 14.8 million.', inAnotherUnit],
      [
        'Irish Life and Permanent holds 2,006 million of capital as of 31 March 2009.',
        (t) => is(t.text('irish life and permanent', 'date of report'), '31 march 2009'),
      ],
      [
        'Allied Irish Banks alone account for half of all risk-weighted assets.',
        (t) =>
          near(
            (t.at('allied irish banks', 's risk - weighted asset , million') /
              t.sum('s risk - weighted asset , million')) *
              100,
            50,
          ),
      ],
    ],
  }),
  ...about('1-256286-5', {
    right: [
      [
        'Measure 10 was the only one to pass, with 55.62 % of the vote.',
        (t) => t.count({ passed: 'yes' }) === 1 && t.at('10', '% yes') === 55.62,
      ],
      [
        'The prohibition of liquor traffic failed by 43,540 to 61,221.',
        (t) => t.at('22', 'yes votes') === 43_540 && t.at('22', 'no votes') === 61_221,
      ],
      [
        'Measure 20 got the least support, only 17.07 %.',
        (t) => t.min('% yes') === 17.07 && t.at('20', '% yes') === 17.07,
      ],
      [
        'On measure 19 the no side led by 5,303 votes.',
        (t) => t.at('19', 'no votes') - t.at('19', 'yes votes') === 5303,
      ],
    ],
    wrong: [
      ['Measure 21 received 48,655 yes votes.', (t) => t.at('21', 'yes votes') === 48_655],
      ['Four of the eleven measures were constitutional amendments.', (t) => t.count({ 'const amd': 'yes' }) === 4],
      [
        'Measure 3 was rejected with 27.84 % no votes.',
        (t) => near((t.at('3', 'no votes') / (t.at('3', 'yes votes') + t.at('3', 'no votes'))) * 100, 27.84, 2),
      ],
      [
        'More people voted on measure 1 than on measure 22.',
        (t) => t.at('1', 'yes votes') + t.at('1', 'no votes') > t.at('22', 'yes votes') + t.at('22', 'no votes'),
      ],
    ],
  }),
  ...about('1-24778847-2', {
    right: [
      [
        'The Progressive Conservatives peaked at 82 % in November 2007.',
        (t) =>
          t.max('progressive conservative') === 82 &&
          t.at('november 9 - december 3 , 2007', 'progressive conservative') === 82,
      ],
      [
        'Support for the New Democrats rose from 8 % in February 2011 to 20 % in May 2011, a gain of 12 points.',
        (t) =>
          t.at('february 10 - 28 , 2011', 'new democratic') === 8 &&
          t.at('may 11 - 28 , 2011', 'new democratic') === 20,
      ],
      ['In the Environics poll the Liberals stood at 13 %.', (t) => t.at('environics', 'liberal') === 13],
      [
        'Seventeen of the twenty polls were done by Corporate Research Associates.',
        (t) => t.count({ 'polling firm': 'corporate research associates' }) === 17,
      ],
    ],
    wrong: [
      ['The Liberals were at 24 % in August 2011.', (t) => t.at('august 15 - 31 , 2011', 'liberal') === 24],
      [
        'Between May and August 2010 the Progressive Conservatives lost a point.',
        (t) =>
          t.at('august 10 - 30 , 2010', 'progressive conservative') -
            t.at('may 11 - 31 , 2010', 'progressive conservative') ===
          -1,
      ],
      [
        'Marketquest conducted three of the polls.',
        (t) => t.count({ 'polling firm': 'marketquest omnifacts research' }) === 3,
      ],
      ['The Progressive Conservatives never fell below 54 %.', (t) => t.min('progressive conservative') >= 54],
    ],
  }),
  ...about('1-23801721-1', {
    right: [
      [
        'Vodafone reports 155.5 million subscribers and a market share of 22.91 %.',
        (t) => t.at('vodafone', 'subscribers (in millions)') === 155.5 && t.at('vodafone', 'market share') === 22.91,
      ],
      [
        'BSNL has 97.17 million subscribers, about 30 million fewer than Idea Cellular.',
        (t) =>
          t.at('bsnl', 'subscribers (in millions)') === 97.17 &&
          near(
            (t.at('idea cellular', 'subscribers (in millions)') - t.at('bsnl', 'subscribers (in millions)')) / 10,
            3,
          ),
      ],
      [
        'Loop Mobile is the smallest operator with just over three million customers.',
        (t) =>
          is(t.lowest('operators name', 'subscribers (in millions)'), 'loop mobile') &&
          t.at('loop mobile', 'subscribers (in millions)') === 3.02,
      ],
    ],
    wrong: [
      ['Aircel serves 63.2 billion subscribers.', inAnotherUnit],
      [
        'MTNL has fewer subscribers than Videocon.',
        (t) => t.at('mtnl', 'subscribers (in millions)') < t.at('videocon', 'subscribers (in millions)'),
      ],
      [
        "Idea Cellular's market share is 4.6 points above that of BSNL.",
        (t) => near(t.at('idea cellular', 'market share') - t.at('bsnl', 'market share'), 4.6, 1),
      ],
    ],
  }),
  ...about('1-12995531-3', {
    right: [
      [
        'The first episode was seen by almost two million viewers (1,997,000).',
        (t) => t.numbers('total viewers')[0] === 1_997_000,
      ],
      [
        'Series averages fell with every series: 1,242,125, then 975,500, then 837,125 and finally 649,000.',
        (t) => [...new Set(t.numbers('series average'))].join() === '1242125,975500,837125,649000',
      ],
      [
        'From the first to the fourth series the average audience shrank by 47.8 %.',
        (t) => near((1 - 649_000 / t.at('series 1', 'series average')) * 100, 47.8, 1),
      ],
      [
        'The weakest episode, on 22 February 2011, drew 572,000.',
        (t) => t.min('total viewers') === 572_000 && t.at('22 february 2011', 'total viewers') === 572_000,
      ],
    ],
    wrong: [
      ['Series 2 averaged 957,500 viewers.', (t) => t.at('series 2', 'series average') === 957_500],
      ['There were 32 episodes.', (t) => t.count() === 32],
      [
        'Series 3 averaged 0.98 million viewers per episode.',
        (t) => near(t.at('series 3', 'series average') / 1e6, 0.98, 2),
      ],
      [
        'The audience of series 4 grew from one week to the next throughout.',
        (t) =>
          t
            .numbers('total viewers', { 'series number': 'series 4' })
            .every((value, at, all) => at === 0 || value > (all[at - 1] ?? 0)),
      ],
    ],
  }),
  ...about('1-169693-1', {
    right: [
      ['7,528 sterilizations are recorded between 1929 and 1974.', (t) => t.sum('total') === 7528],
      [
        'The period from July 1950 to June 1960 had the most, 2,983, of which 1,201 were of people aged 20-29.',
        (t) => t.max('total') === 2983 && t.at('jul 1950 - jun 1960', 'age 20 - 29') === 1201,
      ],
      [
        'Nearly 40 % of all cases fall into the years 1950 to 1960.',
        (t) => near((t.at('jul 1950 - jun 1960', 'total') / t.sum('total')) * 100, 39.6, 1),
      ],
    ],
    wrong: [
      ['Teenagers made up more than half of all cases.', (t) => t.sum('age 10 - 19') > t.sum('total') / 2],
      [
        'Between July 1935 and June 1940 there were 709 cases, 205 of them aged 10-19.',
        (t) => t.at('jul 1935 - jun 1940', 'age 10 - 19') === 205,
      ],
      ['The age of three people is unknown.', (t) => t.sum('age unknown') === 3],
    ],
  }),
  ...about('1-25664518-3', {
    right: [
      [
        'Episode 6 was the most watched, with 5.42 million viewers.',
        (t) => t.max('viewers (millions)') === 5.42 && t.at('6', 'viewers (millions)') === 5.42,
      ],
      ['The average audience was 4.75 million.', (t) => near(t.mean('viewers (millions)'), 4.75, 2)],
      [
        'Viewing figures went up from 3.87 million for the first show to 4.71 million for the last.',
        (t) => t.numbers('viewers (millions)')[0] === 3.87 && t.numbers('viewers (millions)').at(-1) === 4.71,
      ],
    ],
    wrong: [
      [
        'On 16 January 2010 the show ranked 8th in the week.',
        (t) => t.at('16 january 2010', 'itv1 weekly ranking') === 8,
      ],
      [
        'The show of 23 January 2010 was watched by 4.29 million.',
        (t) => t.at('23 january 2010', 'viewers (millions)') === 4.29,
      ],
    ],
  }),
]
