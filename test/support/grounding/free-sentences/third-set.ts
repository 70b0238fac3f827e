import { change, said, share, type CheckedSentence } from './checked-sentence.ts'

const [orders, tickets, pay, electricity] = ['orders by channel', 'tickets by team and priority', 'pay by department', 'electricity by plant in GWh'] as const // prettier-ignore
const [traffic, sensors, budget, returns] = ['web traffic by week', 'sensors on 14 May', 'budget and actual 2026', 'returns by month and reason'] as const // prettier-ignore

/**
 * Answers as an analyst ends with them, about tables that are in neither of the older sets, by somebody who has not read the checker.
 * Single rows of these may be looked at by whoever makes it better.
 */
export const thirdFreeSentences: readonly CheckedSentence[] = [
  ...said(orders, {
    right: [
      [
        'The web shop is still our biggest channel: 18,422 orders and €1.28 million of revenue. That is 43.3 % of everything we sold.',
        (t) => [
          [t.highest('channel', 'orders'), 'Web shop'],
          [t.at('Web shop', 'orders'), 18_422],
          [t.at('Web shop', 'revenue_eur') / 1e6, 1.28],
          [share(t.at('Web shop', 'revenue_eur'), t.sum('revenue_eur')), 43.3],
        ],
      ],
      [
        'Partners bring in far fewer orders than the marketplace (2,560 against 9,318), but each one is worth more: about €143 compared with €43.',
        (t) => [
          [t.at('Partners', 'orders'), 2560],
          [t.at('Marketplace', 'orders'), 9318],
          [t.at('Partners', 'revenue_eur') / t.at('Partners', 'orders'), 143],
          [t.at('Marketplace', 'revenue_eur') / t.at('Marketplace', 'orders'), 43],
        ],
      ],
      [
        'In total, 44,598 orders came in, worth €2,964,791.35. Refunds of €142,609.40 take away 4.8 % of that.',
        (t) => [
          [t.sum('orders'), 44_598],
          [t.sum('revenue_eur'), 2_964_791.35],
          [t.sum('refunds_eur'), 142_609.4, 2],
          [share(t.sum('refunds_eur'), t.sum('revenue_eur')), 4.8],
        ],
      ],
      [
        'The marketplace has a refund problem: nearly 10 % of its revenue goes back to customers, twice the average of all channels.',
        (t) => [
          [share(t.at('Marketplace', 'refunds_eur'), t.at('Marketplace', 'revenue_eur')), 9.9],
          [
            t.at('Marketplace', 'refunds_eur') /
              t.at('Marketplace', 'revenue_eur') /
              (t.sum('refunds_eur') / t.sum('revenue_eur')),
            2.1,
          ],
        ],
      ],
      [
        'Nothing was refunded at the trade fair. It won 143 new customers from 187 orders.',
        (t) => [
          [t.at('Trade fair', 'refunds_eur'), 0],
          [t.at('Trade fair', 'new_customers'), 143],
          [t.at('Trade fair', 'orders'), 187],
        ],
      ],
      [
        'New customers by channel:\n\n- Web shop: 5,210\n- Mobile app: 4,986\n- Marketplace: 3,377\n\nThe other three add 651 together.',
        (t) => [
          [t.at('Web shop', 'new_customers'), 5210],
          [t.at('Mobile app', 'new_customers'), 4986],
          [t.at('Marketplace', 'new_customers'), 3377],
          [t.sum('new_customers') - 5210 - 4986 - 3377, 651],
        ],
      ],
    ],
    wrong: [
      [
        'Web shop, app and marketplace had 18,422, 12,907 and 9,138 orders respectively.',
        (t) => [
          [t.at('Web shop', 'orders'), 18_422],
          [t.at('Mobile app', 'orders'), 12_907],
          [t.at('Marketplace', 'orders'), 9138],
        ],
      ],
      [
        'The mobile app had 12,907 orders and earned €742,119, a quarter of revenue. Refunds there came to €39,870.',
        (t) => [
          [t.at('Mobile app', 'orders'), 12_907],
          [t.at('Mobile app', 'revenue_eur'), 742_119],
          [share(t.at('Mobile app', 'revenue_eur'), t.sum('revenue_eur')), 25],
          [t.at('Mobile app', 'refunds_eur'), 39_870],
        ],
      ],
      [
        'Only 2.7 % of revenue still comes in over the phone, €118,940.',
        (t) => [
          [share(t.at('Phone', 'revenue_eur'), t.sum('revenue_eur')), 2.7],
          [t.at('Phone', 'revenue_eur'), 118_940],
        ],
      ],
      [
        'Web shop and mobile app together account for 70.2 % of revenue.',
        (t) => [
          [share(t.at('Web shop', 'revenue_eur') + t.at('Mobile app', 'revenue_eur'), t.sum('revenue_eur')), 70.2],
        ],
      ],
      [
        'An average order is worth €66.48 across all channels; at the trade fair it is €376.95.',
        (t) => [
          [t.sum('revenue_eur') / t.sum('orders'), 66.48],
          [t.at('Trade fair', 'revenue_eur') / t.at('Trade fair', 'orders'), 376.95],
        ],
      ],
      [
        'Of the 14,224 new customers, 412 came through the phone.',
        (t) => [
          [t.sum('new_customers'), 14_224],
          [t.at('Phone', 'new_customers'), 412],
        ],
      ],
    ],
  }),
  ...said(tickets, {
    right: [
      [
        'Accounts opened the most tickets, 885, of which only 19 breached their target.',
        (t) => [
          [t.sum('opened', { team: 'Accounts' }), 885],
          [t.sum('breached', { team: 'Accounts' }), 19],
          [t.sum('opened', { team: 'Accounts' }) > t.sum('opened', { team: 'Billing' }), true],
        ],
      ],
      [
        'High-priority tickets make up 13.5 % of what was opened (344 of 2,552) but a quarter of the breaches.',
        (t) => [
          [share(t.sum('opened', { priority: 'high' }), t.sum('opened')), 13.5],
          [t.sum('opened', { priority: 'high' }), 344],
          [t.sum('opened'), 2552],
          [share(t.sum('breached', { priority: 'high' }), t.sum('breached')), 25],
        ],
      ],
      [
        'Hardware is the bottleneck. It closed 282 of 325 tickets, and its low-priority ones wait 71.2 hours at the median.',
        (t) => [
          [t.sum('closed', { team: 'Hardware' }), 282],
          [t.sum('opened', { team: 'Hardware' }), 325],
          [t.at(['Hardware', 'low'], 'median_hours'), 71.2],
        ],
      ],
      [
        'Network answers urgent tickets fastest: 3.2 hours, against 9.6 for Hardware.',
        (t) => [
          [t.lowest('team', 'median_hours', { priority: 'high' }), 'Network'],
          [t.at(['Network', 'high'], 'median_hours'), 3.2],
          [t.at(['Hardware', 'high'], 'median_hours'), 9.6],
        ],
      ],
      [
        'The backlog grew by 91 tickets, because 2,552 were opened and 2,461 closed.',
        (t) => [
          [t.sum('opened') - t.sum('closed'), 91],
          [t.sum('opened'), 2552],
          [t.sum('closed'), 2461],
        ],
      ],
    ],
    wrong: [
      [
        'Billing had 726 new tickets, 38 of which breached. Its low-priority queue shrank: 241 closed against 210 opened.',
        (t) => [
          [t.sum('opened', { team: 'Billing' }), 726],
          [t.sum('breached', { team: 'Billing' }), 38],
          [t.at(['Billing', 'low'], 'closed'), 241],
          [t.at(['Billing', 'low'], 'opened'), 210],
        ],
      ],
      [
        'Hardware missed its target on 54 of 325 tickets, which is 19.2 %.',
        (t) => [
          [t.sum('breached', { team: 'Hardware' }), 54],
          [t.sum('opened', { team: 'Hardware' }), 325],
          [share(t.sum('breached', { team: 'Hardware' }), t.sum('opened', { team: 'Hardware' })), 19.2],
        ],
      ],
      [
        'Most breaches, 101 of 153, happened on tickets of low priority.',
        (t) => [
          [t.sum('breached', { priority: 'normal' }), 101],
          [t.sum('breached'), 153],
          [t.sum('breached', { priority: 'low' }) > t.sum('breached', { priority: 'normal' }), true],
        ],
      ],
      [
        'For Network, the median time to close was 3.2 hours for high, 16.3 for normal and 39 for low priority.',
        (t) => [
          [t.at(['Network', 'high'], 'median_hours'), 3.2],
          [t.at(['Network', 'normal'], 'median_hours'), 16.3],
          [t.at(['Network', 'low'], 'median_hours'), 39],
        ],
      ],
    ],
  }),
  ...said(pay, {
    right: [
      [
        'We employ 761 people in eight departments. Engineering is the largest with 212, followed by Operations (173) and Sales (148).',
        (t) => [
          [t.sum('headcount'), 761],
          [t.count(), 8],
          [t.ranked('department', 'headcount').slice(0, 3).join(), 'Engineering,Operations,Sales'],
          [t.at('Engineering', 'headcount'), 212],
          [t.at('Operations', 'headcount'), 173],
          [t.at('Sales', 'headcount'), 148],
        ],
      ],
      [
        'Lawyers earn the most, 92,700 on average. That is a little more than twice what Support gets (43,900).',
        (t) => [
          [t.highest('department', 'avg_salary'), 'Legal'],
          [t.at('Legal', 'avg_salary'), 92_700],
          [t.at('Support', 'avg_salary'), 43_900],
          [t.at('Legal', 'avg_salary') / t.at('Support', 'avg_salary'), 2.1],
        ],
      ],
      [
        'Turnover is a sales issue: 31 of 148 people left, about 21 %, while the company as a whole lost 13.7 %.',
        (t) => [
          [t.at('Sales', 'leavers'), 31],
          [t.at('Sales', 'headcount'), 148],
          [share(t.at('Sales', 'leavers'), t.at('Sales', 'headcount')), 21],
          [share(t.sum('leavers'), t.sum('headcount')), 13.7],
        ],
      ],
      [
        'In Sales the mean salary lies 6,450 above the median. In no other department is the gap so wide.',
        (t) => [
          [t.at('Sales', 'avg_salary') - t.at('Sales', 'median_salary'), 6450],
          [
            t.rows.every(
              ([name = '']) => name === 'Sales' || t.at(name, 'avg_salary') - t.at(name, 'median_salary') < 6450,
            ),
            true,
          ],
        ],
      ],
      [
        '57 positions are open; 22 of them are in Sales and 14 in Engineering, so those two hold 63 % of all vacancies.',
        (t) => [
          [t.sum('open_positions'), 57],
          [t.at('Sales', 'open_positions'), 22],
          [t.at('Engineering', 'open_positions'), 14],
          [share(36, t.sum('open_positions')), 63],
        ],
      ],
    ],
    wrong: [
      [
        'Half of the departments pay an average of under 58,300.',
        (t) => [[t.count({ avg_salary: (value) => value < 58_300 }) * 2 === t.count(), true]],
      ],
      [
        'Nobody left Legal. Finance lost 3 of its 41 people, and People lost 3 of 22.',
        (t) => [
          [t.at('Legal', 'leavers'), 0],
          [t.at('Finance', 'leavers'), 3],
          [t.at('Finance', 'headcount'), 41],
          [t.at('People', 'leavers'), 3],
          [t.at('People', 'headcount'), 22],
        ],
      ],
      [
        'Marketing pays a median of 55,900, slightly less than People with 54,800.',
        (t) => [
          [t.at('Marketing', 'median_salary'), 55_900],
          [t.at('People', 'median_salary'), 54_800],
        ],
      ],
      [
        'Engineering and Sales together are 360 people, or 57.3 % of the workforce.',
        (t) => [
          [t.at('Engineering', 'headcount') + t.at('Sales', 'headcount'), 360],
          [share(360, t.sum('headcount')), 57.3],
        ],
      ],
      [
        'Three departments pay more than 60,000 on average.',
        (t) => [[t.count({ avg_salary: (value) => value > 60_000 }), 3]],
      ],
      [
        'Operations has 173 employees, of whom 31 left during the year.',
        (t) => [
          [t.at('Operations', 'headcount'), 173],
          [t.at('Operations', 'leavers'), 31],
        ],
      ],
    ],
  }),
  ...said(electricity, {
    right: [
      [
        'Output fell from 10,845 GWh in 2019 to 7,666 GWh in 2024, a decline of 29.3 %.',
        (t) => [
          [t.sum('2019'), 10_845],
          [t.sum('2024'), 7666],
          [change(t.sum('2019'), t.sum('2024')), -29.3],
        ],
      ],
      [
        "Grube Nord alone lost 2,140 GWh over that time. Its share shrank from 47 % to 39 %, but it's still the largest plant.",
        (t) => [
          [t.at('Grube Nord', '2019') - t.at('Grube Nord', '2024'), 2140],
          [share(t.at('Grube Nord', '2019'), t.sum('2019')), 47],
          [share(t.at('Grube Nord', '2024'), t.sum('2024')), 39],
          [t.highest('plant', '2024'), 'Grube Nord'],
        ],
      ],
      [
        'Solar more than doubled: Birkenau See produced 88 GWh in 2019 and 190 GWh five years later.',
        (t) => [
          [t.at('Birkenau See', '2019'), 88],
          [t.at('Birkenau See', '2024'), 190],
          [t.at('Birkenau See', '2024') > 2 * t.at('Birkenau See', '2019'), true],
        ],
      ],
      [
        'The two wind farms reached 911 GWh in 2024, 263 more than in 2019.',
        (t) => [
          [t.sum('2024', { fuel: 'wind' }), 911],
          [t.sum('2024', { fuel: 'wind' }) - t.sum('2019', { fuel: 'wind' }), 263],
        ],
      ],
      [
        'Donauwerk had its weakest year in 2022 (1,092 GWh) and its best in 2024 (1,288 GWh).',
        (t) => [
          [t.at('Donauwerk', '2022'), 1092],
          [t.at('Donauwerk', '2024'), 1288],
          [['2019', '2020', '2021', '2022', '2023', '2024'].every((year) => t.at('Donauwerk', year) >= 1092), true],
          [['2019', '2020', '2021', '2022', '2023', '2024'].every((year) => t.at('Donauwerk', year) <= 1288), true],
        ],
      ],
    ],
    wrong: [
      [
        'Heide grew by 70 % in five years; it went from 236 to 402 GWh, while Altmark went from 455 to 509.',
        (t) => [
          [change(t.at('Heide', '2019'), t.at('Heide', '2024')), 70],
          [t.at('Heide', '2019'), 236],
          [t.at('Heide', '2024'), 402],
          [t.at('Altmark', '2019'), 455],
          [t.at('Altmark', '2024'), 509],
        ],
      ],
      [
        'Eisfeld generated 1,415 GWh in 2022 and 1,202 GWh in 2024.',
        (t) => [
          [t.at('Eisfeld', '2022'), 1415],
          [t.at('Eisfeld', '2024'), 1202],
        ],
      ],
      [
        'Gas fell by 39.3 % between 2019 and 2024, from 3,785 to 2,397 GWh.',
        (t) => [
          [change(t.sum('2019', { fuel: 'gas' }), t.sum('2024', { fuel: 'gas' })), -39.3],
          [t.sum('2019', { fuel: 'gas' }), 3785],
          [t.sum('2024', { fuel: 'gas' }), 2397],
        ],
      ],
      [
        'Lignite still provides 38.9 % of the electricity of 2024; hydro follows with 15.7 %.',
        (t) => [
          [share(t.at('Grube Nord', '2024'), t.sum('2024')), 38.9],
          [share(t.at('Donauwerk', '2024'), t.sum('2024')), 15.7],
        ],
      ],
      [
        'Kanal kept falling: 1,188 GWh in 2022, 1,020 in 2023, and less again in 2024.',
        (t) => [
          [t.at('Kanal', '2022'), 1188],
          [t.at('Kanal', '2023'), 1020],
          [t.at('Kanal', '2024') < t.at('Kanal', '2023'), true],
        ],
      ],
    ],
  }),
  ...said(traffic, {
    right: [
      [
        'Week 6 had the most sessions (71,425), but it was not a good week: the bounce rate peaked at 55 % and only 98 people paid.',
        (t) => [
          [t.max('sessions'), 71_425],
          [t.highest('week', 'sessions'), '2026-W06'],
          [t.at('2026-W06', 'bounce_rate') * 100, 55],
          [t.highest('week', 'bounce_rate'), '2026-W06'],
          [t.at('2026-W06', 'paid'), 98],
        ],
      ],
      [
        'Signups climbed from 611 in the first week to 961 in the tenth, an increase of 57 %.',
        (t) => [
          [t.at('2026-W01', 'signups'), 611],
          [t.at('2026-W10', 'signups'), 961],
          [change(t.at('2026-W01', 'signups'), t.at('2026-W10', 'signups')), 57],
        ],
      ],
      [
        'Paid accounts doubled in ten weeks: 74 at the start, 151 at the end, 1,103 in sum.',
        (t) => [
          [t.at('2026-W01', 'paid'), 74],
          [t.at('2026-W10', 'paid'), 151],
          [t.sum('paid'), 1103],
          [t.at('2026-W10', 'paid') >= 2 * t.at('2026-W01', 'paid'), true],
        ],
      ],
      [
        'A typical week saw about 59,000 sessions by some 38,400 users. 13.5 % of those who signed up became paying customers.',
        (t) => [
          [t.mean('sessions') / 1000, 59],
          [t.mean('users'), 38_371],
          [share(t.sum('paid'), t.sum('signups')), 13.5],
        ],
      ],
      [
        'The bounce rate improved by nine points, from 52 % in W01 to 43 % in W10.',
        (t) => [
          [(t.at('2026-W01', 'bounce_rate') - t.at('2026-W10', 'bounce_rate')) * 100, 9],
          [t.at('2026-W01', 'bounce_rate') * 100, 52],
          [t.at('2026-W10', 'bounce_rate') * 100, 43],
        ],
      ],
    ],
    wrong: [
      [
        'The last three weeks brought 415 paid accounts, 40 % of the ten-week total.',
        (t) => [
          [t.at('2026-W08', 'paid') + t.at('2026-W09', 'paid') + t.at('2026-W10', 'paid'), 415],
          [share(415, t.sum('paid')), 40],
        ],
      ],
      [
        'In 2026-W04 there were 60,118 sessions, 840 signups and 109 paid accounts.',
        (t) => [
          [t.at('2026-W04', 'sessions'), 60_118],
          [t.at('2026-W04', 'signups'), 840],
          [t.at('2026-W04', 'paid'), 109],
        ],
      ],
      [
        'The bounce rate went down by 9 % over the ten weeks, from 52 % to 43 %.',
        (t) => [
          [t.at('2026-W01', 'bounce_rate') * 100, 52],
          [t.at('2026-W10', 'bounce_rate') * 100, 43],
          [change(t.at('2026-W01', 'bounce_rate'), t.at('2026-W10', 'bounce_rate')), -9],
        ],
      ],
      [
        'Sessions rose 21.3 % from week 5 to week 6 and then dropped back to 61,940 in week 7.',
        (t) => [
          [change(t.at('2026-W05', 'sessions'), t.at('2026-W06', 'sessions')), 21.3],
          [t.at('2026-W07', 'sessions'), 61_940],
        ],
      ],
      ['There were four weeks with over 900 signups.', (t) => [[t.count({ signups: (value) => value > 900 }), 4]]],
    ],
  }),
  ...said(sensors, {
    right: [
      [
        'T-04 in the warehouse is the unreliable one: 149 of the 232 gaps are its own, 64 %.',
        (t) => [
          [t.highest('sensor', 'gaps'), 'T-04'],
          [t.at('T-04', 'gaps'), 149],
          [t.sum('gaps'), 232],
          [share(t.at('T-04', 'gaps'), t.sum('gaps')), 64],
        ],
      ],
      [
        'The cold store stayed well below zero. T-07 rose to −12.5 °C once; T-08 never went above −17.6 °C.',
        (t) => [
          [t.at('T-07', 'max_c'), -12.5],
          [t.at('T-08', 'max_c'), -17.6],
        ],
      ],
      [
        'Four of the eight sensors delivered all 1,440 readings.',
        (t) => [
          [t.count({ readings: '1440' }), 4],
          [t.count(), 8],
        ],
      ],
      [
        'In the server room the two sensors average 20.0 °C, with a peak of 27.3 °C at T-02.',
        (t) => [
          [t.mean('mean_c', { room: 'Server room' }), 20],
          [t.at('T-02', 'max_c'), 27.3],
          [t.max('max_c', { room: 'Server room' }), 27.3],
        ],
      ],
      [
        'Humidity ranges from 36 % (T-02) to 72 % (T-07).',
        (t) => [
          [t.min('humidity_pct'), 36],
          [t.lowest('sensor', 'humidity_pct'), 'T-02'],
          [t.max('humidity_pct'), 72],
          [t.highest('sensor', 'humidity_pct'), 'T-07'],
        ],
      ],
    ],
    wrong: [
      [
        'The office was at 21.3 °C on average by T-05 and at 20.4 °C by T-06.',
        (t) => [
          [t.at('T-05', 'mean_c'), 21.3],
          [t.at('T-06', 'mean_c'), 20.4],
        ],
      ],
      [
        'T-08 missed 63 readings, and so only 1,291 of 1,440 arrived.',
        (t) => [
          [t.at('T-08', 'gaps'), 63],
          [t.at('T-08', 'readings'), 1291],
          [t.max('readings'), 1440],
        ],
      ],
      [
        'In the warehouse the temperature swung by 11.7 degrees at T-03, between 6.1 and 16.8.',
        (t) => [
          [t.at('T-03', 'max_c') - t.at('T-03', 'min_c'), 11.7],
          [t.at('T-03', 'min_c'), 6.1],
          [t.at('T-03', 'max_c'), 16.8],
        ],
      ],
      [
        'The coldest value of the day, −21.4 °C, was measured by T-08.',
        (t) => [
          [t.min('min_c') === t.at('T-08', 'min_c'), true],
          [t.at('T-08', 'min_c'), -21.4],
        ],
      ],
    ],
  }),
  ...said(budget, {
    right: [
      [
        'So far 19.27 million euros of a budget of 24.83 million have been spent, that is 77.6 %.',
        (t) => [
          [t.sum('actual_keur') / 1000, 19.27],
          [t.sum('budget_keur') / 1000, 24.83],
          [share(t.sum('actual_keur'), t.sum('budget_keur')), 77.6],
        ],
      ],
      [
        'Marketing will overrun its budget by 520 k€ (20 %), if the forecast of 3,120 k€ is right. Logistics follows with 475 k€.',
        (t) => [
          [t.at('2100 Marketing', 'forecast_keur') - t.at('2100 Marketing', 'budget_keur'), 520],
          [change(t.at('2100 Marketing', 'budget_keur'), t.at('2100 Marketing', 'forecast_keur')), 20],
          [t.at('2100 Marketing', 'forecast_keur'), 3120],
          [t.at('4100 Logistics', 'forecast_keur') - t.at('4100 Logistics', 'budget_keur'), 475],
        ],
      ],
      [
        'Three cost centres are expected to stay within budget: Facilities, Sales and Research. Together they save 400 k€.',
        (t) => [
          [t.rows.filter(([name = '']) => t.at(name, 'forecast_keur') <= t.at(name, 'budget_keur')).length, 3],
          [
            ['1200 Facilities', '2200 Sales', '3100 Research'].reduce(
              (sum, name) => sum + t.at(name, 'budget_keur') - t.at(name, 'forecast_keur'),
              0,
            ),
            400,
          ],
        ],
      ],
      [
        "Petrova's Logistics has the largest budget, €6.4 million, and has used 80 % of it.",
        (t) => [
          [t.text('4100 Logistics', 'owner'), 'Petrova'],
          [t.highest('cost_centre', 'budget_keur'), '4100 Logistics'],
          [t.at('4100 Logistics', 'budget_keur') / 1000, 6.4],
          [share(t.at('4100 Logistics', 'actual_keur'), t.at('4100 Logistics', 'budget_keur')), 80],
        ],
      ],
    ],
    wrong: [
      [
        'Quality is the smallest cost centre at €780,000, and has €159,000 left.',
        (t) => [
          [t.lowest('cost_centre', 'budget_keur'), '3200 Quality'],
          [t.at('3200 Quality', 'budget_keur'), 780],
          [t.at('3200 Quality', 'budget_keur') - t.at('3200 Quality', 'actual_keur'), 159],
        ],
      ],
      [
        'Sales has spent 3,688 k€, which leaves 1,262 k€ of its budget.',
        (t) => [
          [t.at('2200 Sales', 'actual_keur'), 3688],
          [t.at('2200 Sales', 'budget_keur') - t.at('2200 Sales', 'actual_keur'), 1262],
        ],
      ],
      [
        'Research (owner: Novak) has used 2,744 of 3,900 thousand euros.',
        (t) => [
          [t.text('3100 Research', 'owner'), 'Novak'],
          [t.at('3100 Research', 'actual_keur'), 2744],
          [t.at('3100 Research', 'budget_keur'), 3900],
        ],
      ],
      [
        'The year is forecast to end 910 thousand euros over budget, or 4.7 %.',
        (t) => [
          [t.sum('forecast_keur') - t.sum('budget_keur'), 910],
          [change(t.sum('budget_keur'), t.sum('forecast_keur')), 4.7],
        ],
      ],
      [
        'IT has a budget of 4.2 million euros and a forecast of 4.48 billion.',
        (t) => [
          [t.at('1100 IT', 'budget_keur') / 1e3, 4.2],
          [t.at('1100 IT', 'forecast_keur') / 1e6, 4.48],
        ],
      ],
    ],
  }),
  ...said(returns, {
    right: [
      [
        'Wrong sizes cause 1,331 of 1,804 returns (73.8 %). The other two reasons, damage and lateness, come to 286 and 187.',
        (t) => [
          [t.sum('returns', { reason: 'wrong size' }), 1331],
          [t.sum('returns'), 1804],
          [share(t.sum('returns', { reason: 'wrong size' }), t.sum('returns')), 73.8],
          [t.sum('returns', { reason: 'damaged' }), 286],
          [t.sum('returns', { reason: 'late' }), 187],
        ],
      ],
      [
        'In February 88 parcels were sent back for being late, more than twice as many as in any other month.',
        (t) => [
          [t.at(['February', 'late'], 'returns'), 88],
          [t.ranked('month', 'returns', { reason: 'late' })[0] ?? '', 'February'],
          [(t.numbers('returns', { reason: 'late' }).toSorted((a, b) => b - a)[1] ?? NaN) * 2 < 88, true],
        ],
      ],
      [
        'April was the worst month with 496 returns worth €24,725.80.',
        (t) => [
          [t.sum('returns', { month: 'April' }), 496],
          [t.sum('value_eur', { month: 'April' }), 24_725.8],
          [t.sum('returns', { month: 'April' }) > t.sum('returns', { month: 'February' }), true],
        ],
      ],
      [
        'Damaged goods fell from 77 returns in January to 64 and then 52, before they jumped to 93 in April.',
        (t) => [
          [t.at(['January', 'damaged'], 'returns'), 77],
          [t.at(['February', 'damaged'], 'returns'), 64],
          [t.at(['March', 'damaged'], 'returns'), 52],
          [t.at(['April', 'damaged'], 'returns'), 93],
        ],
      ],
    ],
    wrong: [
      [
        'January saw 437 returns: 318 for size, 77 for damage and 31 because of delays.',
        (t) => [
          [t.sum('returns', { month: 'January' }), 437],
          [t.at(['January', 'wrong size'], 'returns'), 318],
          [t.at(['January', 'damaged'], 'returns'), 77],
          [t.at(['January', 'late'], 'returns'), 31],
        ],
      ],
      [
        'A damaged item is worth €54.66 on average, a late one €46.92.',
        (t) => [
          [t.sum('value_eur', { reason: 'damaged' }) / t.sum('returns', { reason: 'damaged' }), 54.66],
          [t.sum('value_eur', { reason: 'late' }) / t.sum('returns', { reason: 'late' }), 46.92],
        ],
      ],
      [
        'March had the fewest returns for lateness, 31.',
        (t) => [
          [t.at(['March', 'late'], 'returns'), 31],
          [t.min('returns', { reason: 'late' }) === t.at(['March', 'late'], 'returns'), true],
        ],
      ],
      [
        'Returns of wrong sizes fell 7.2 % in February and rose 15.6 % in April.',
        (t) => [
          [change(t.at(['January', 'wrong size'], 'returns'), t.at(['February', 'wrong size'], 'returns')), -7.2],
          [change(t.at(['March', 'wrong size'], 'returns'), t.at(['April', 'wrong size'], 'returns')), 15.6],
        ],
      ],
    ],
  }),
  ...said('1-23958944-2', {
    right: [
      [
        'The second episode, Nanny McDead, drew the biggest audience of the season: 10.97 million viewers.',
        (t) => [
          [t.highest('title', 'us viewers (in millions)'), 'nanny mcdead'],
          [t.at('nanny mcdead', 'no by series'), 2],
          [t.at('nanny mcdead', 'us viewers (in millions)'), 10.97],
        ],
      ],
      [
        'The audience shrank from 10.76 million for the pilot to 8.24 million for the eighth episode, that is by 23 %. The average was 9.15 million.',
        (t) => [
          [t.at('flowers for your grave', 'us viewers (in millions)'), 10.76],
          [t.at('ghosts', 'us viewers (in millions)'), 8.24],
          [change(10.76, 8.24), -23],
          [t.mean('us viewers (in millions)'), 9.15],
        ],
      ],
      [
        'Rob Bowman directed three of the eight episodes, Bryan Spicer two.',
        (t) => [
          [t.count({ 'directed by': 'rob bowman' }), 3],
          [t.count(), 8],
          [t.count({ 'directed by': 'bryan spicer' }), 2],
        ],
      ],
    ],
    wrong: [
      [
        'Always Buy Retail was the low point with 7.73 million viewers on April 20, 2009.',
        (t) => [
          [t.lowest('title', 'us viewers (in millions)'), 'always buy retail'],
          [t.at('always buy retail', 'us viewers (in millions)'), 7.73],
          [t.text('always buy retail', 'original air date'), 'april 20 , 2009'],
        ],
      ],
      [
        'Hedge Fund Homeboys (9.09 million) was directed by Rob Bowman.',
        (t) => [
          [t.at('hedge fund homeboys', 'us viewers (in millions)'), 9.09],
          [t.text('hedge fund homeboys', 'directed by'), 'rob bowman'],
        ],
      ],
      [
        'Five episodes had more than 10 million viewers.',
        (t) => [[t.count({ 'us viewers (in millions)': (value) => value > 10 }), 5]],
      ],
    ],
  }),
  ...said('1-23614702-2', {
    right: [
      [
        "O'Higgins and Chacabuco are sister ships: both were built in 1874, at 1,101 tons and with 300 horsepower, yet O'Higgins is a knot faster (12 against 11).",
        (t) => [
          [t.at("o'higgins", 'built year'), 1874],
          [t.at('chacabuco', 'built year'), 1874],
          [t.at("o'higgins", 'tons ( lton )'), 1101],
          [t.at('chacabuco', 'horse - power'), 300],
          [t.at("o'higgins", 'speed ( knots )'), 12],
          [t.at('chacabuco', 'speed ( knots )'), 11],
        ],
      ],
      [
        'Esmeralda, launched in 1855, is the oldest ship of the fleet. She makes 8 knots.',
        (t) => [
          [t.lowest('warship', 'built year'), 'esmeralda'],
          [t.at('esmeralda', 'built year'), 1855],
          [t.at('esmeralda', 'speed ( knots )'), 8],
        ],
      ],
      [
        'Three of the seven ships date from 1874.',
        (t) => [
          [t.count({ 'built year': '1874' }), 3],
          [t.count(), 7],
        ],
      ],
    ],
    wrong: [
      [
        'Covadonga is the smallest at 412 tons, and has an engine of 200 horsepower.',
        (t) => [
          [t.at('covadonga', 'tons ( lton )'), 412],
          [t.at('covadonga', 'horse - power'), 200],
        ],
      ],
      [
        'Abtao (1,051 tons) was built in 1874, Magallanes (772 tons) as well.',
        (t) => [
          [t.at('abtao', 'tons ( lton )'), 1051],
          [t.at('abtao', 'built year'), 1874],
          [t.at('magallanes', 'tons ( lton )'), 772],
          [t.at('magallanes', 'built year'), 1874],
        ],
      ],
      [
        'The most powerful engine has 320 horsepower, and the weakest 160.',
        (t) => [
          [t.max('horse - power'), 320],
          [t.min('horse - power'), 160],
        ],
      ],
    ],
  }),
  ...said('ravenna_250715', {
    right: [
      [
        'Temperatures in Ravenna ranged from 23.8 to 32.8 °C over the 24 readings, with a mean of 29.1 °C.',
        (t) => [
          [t.min('temp'), 23.8],
          [t.max('temp'), 32.8],
          [t.count(), 24],
          [t.mean('temp'), 29.1],
        ],
      ],
      [
        'Moderate rain was reported in 21 of 24 hours; the sky was clear in two.',
        (t) => [
          [t.count({ description: 'moderate rain' }), 21],
          [t.count(), 24],
          [t.count({ description: 'sky is clear' }), 2],
        ],
      ],
      [
        'The strongest wind blew at 5.1 m/s, at 14:39 on 24 July, when humidity was 79 %.',
        (t) => [
          [t.max('wind_speed'), 5.1],
          [t.highest('day', 'wind_speed'), '2015-07-24 14:39:40'],
          [t.at('2015-07-24 14:39:40', 'humidity'), 79],
        ],
      ],
      [
        'Humidity averaged 63.9 % (median 62), and the standard deviation was 12.2 points.',
        (t) => [
          [t.mean('humidity'), 63.9],
          [t.median('humidity'), 62],
          [deviation(t.numbers('humidity')), 12.2],
        ],
      ],
    ],
    wrong: [
      [
        'Pressure stayed between 1006 and 1012 hPa.',
        (t) => [
          [t.min('pressure'), 1006],
          [t.max('pressure'), 1012],
        ],
      ],
      [
        'The driest reading was 37 % and the most humid 83 %.',
        (t) => [
          [t.min('humidity'), 37],
          [t.max('humidity'), 83],
        ],
      ],
      [
        'At the coldest moment, 23.79 °C, humidity was at 83 %.',
        (t) => [
          [t.min('temp'), 23.79],
          [t.at('2015-07-25 05:40:53', 'temp'), 23.79],
          [t.at('2015-07-25 05:40:53', 'humidity'), 83],
        ],
      ],
    ],
  }),
  ...said('2014_q4', {
    right: [
      [
        'On 1 October 2014, riders made 31,197 trips and covered 44,612 miles, about 1.43 miles per trip.',
        (t) => [
          [t.at('10/1/2014', 'Trips over the past 24-hours (midnight to 11:59pm)'), 31_197],
          [t.at('10/1/2014', 'Miles traveled today (midnight to 11:59 pm)'), 44_612],
          [44_612 / 31_197, 1.43],
        ],
      ],
      [
        'On 5 October 1,470 day passes were sold, more than twice the 617 of the day before.',
        (t) => [
          [t.at('10/5/2014', '24-Hour Passes Purchased (midnight to 11:59 pm)'), 1470],
          [t.at('10/4/2014', '24-Hour Passes Purchased (midnight to 11:59 pm)'), 617],
          [1470 > 2 * 617, true],
        ],
      ],
      [
        'Rain probably explains 4 October: 15,088 trips after 38,956 the day before, a drop of 61 %.',
        (t) => [
          [t.at('10/4/2014', 'Trips over the past 24-hours (midnight to 11:59pm)'), 15_088],
          [t.at('10/3/2014', 'Trips over the past 24-hours (midnight to 11:59pm)'), 38_956],
          [change(38_956, 15_088), -61],
        ],
      ],
    ],
    wrong: [
      [
        '124,959 annual memberships had been sold by 1 October.',
        (t) => [[t.at('10/1/2014', 'Total Annual Memberships Sold'), 124_959]],
      ],
      [
        'On 2 October there were 38,286 trips and 86 day passes.',
        (t) => [
          [t.at('10/2/2014', 'Trips over the past 24-hours (midnight to 11:59pm)'), 38_286],
          [t.at('10/2/2014', '24-Hour Passes Purchased (midnight to 11:59 pm)'), 86],
        ],
      ],
      [
        'Between 6 and 8 October trips grew from 35,651 to 37,870, or by 5.9 %.',
        (t) => [
          [t.at('10/6/2014', 'Trips over the past 24-hours (midnight to 11:59pm)'), 35_651],
          [t.at('10/8/2014', 'Trips over the past 24-hours (midnight to 11:59pm)'), 37_870],
          [change(35_651, 37_870), 5.9],
        ],
      ],
    ],
  }),
]

/** Of a sample. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
