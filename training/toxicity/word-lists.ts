const words = (text: string): readonly string[] => text.trim().split(/\s*,\s*/)

/** Words of slots that are no class of the lexicon. Nothing here is a person. */
export const lists: Readonly<Record<string, readonly string[]>> = {
  group: words(
    'black people, blacks, white people, Asians, Chinese people, Mexicans, Latinos, Arabs, Indians, Jews, Jewish people, Muslims, Christians, Catholics, Hindus, Sikhs, atheists, immigrants, migrants, refugees, foreigners, gay people, gays, lesbians, trans people, transgender people, queer people, homosexuals, women, girls, men, disabled people, autistic people, blind people, deaf people, old people, Africans, Koreans, Japanese people, Russians, Ukrainians, Poles, Turks, Roma, gypsies, Palestinians, Israelis, Germans, French people, Americans, Native Americans, minorities, feminists, Black, Jewish, Muslim, gay, lesbian, transgender, Asian, Mexican, liberals, conservatives, Nigerians, Pakistanis, black women, gay men, Jewish women, Muslim immigrants, people with autism',
  ),
  food: words(
    'bread, rice, soup, cake, chicken breast, chicken thighs, pasta, salad, cheese, tomatoes, eggs, pancakes, curry, tacos, dumplings, apples, coffee, tea, hot dogs, cookies, beans, fish, steak, noodles, chocolate, spotted dick, meatballs, buttermilk, nuts, bananas, cocktail sauce, pork, ham, turkey',
  ),
  place: words(
    'Paris, London, Berlin, Tokyo, Chicago, Texas, Ohio, Kenya, Brazil, Madrid, Rome, Oslo, Sydney, Toronto, the city, the village, our town, the park, the station, Spain, India, Canada, Poland, Egypt, Mexico, the north, the school, the market, Sussex, Middlesex, Essex, Scunthorpe, Penistone',
  ),
  day: words(
    'Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, 3 March, 12 June, today, tomorrow, yesterday',
  ),
  name: words(
    'Anna, Tom, Maria, James, Lucy, Peter, Sofia, David, Emma, Jack, Olivia, Daniel, Chloe, Mark, Nina, Paul, Sarah, Kevin, Laura, Alex, Sam, Jordan, Mia, Leo, Rose, Henry, Amy, Luke, Dick, Grace, Ahmed, Wei, Priya, Yuki, Omar, Carlos, Elena, Ivan, Captain Reed, Lady Ash, Harry, Naruto, the knight, the queen, the stranger',
  ),
  'machine-verb': words(
    'kill, killed, killing, terminate, terminated, abort, aborted, execute, executed, shoot down, attack, hit, choke, fork, strip, trigger, poison, hang, hung, murder, crash, destroy, nuke, dump, inject, exploit, penetrate, hijack, flood, bomb, slice, split, chop, cut, block, drop, truncate, purge, mount, unmount, touch, finger, bash, whip, burn, brick, wipe, blow up, hurt, harm, kick, ban, torture test, stress, break, smash',
  ),
  organ: words(
    'breast, breasts, vagina, vulva, penis, testicles, prostate, cervix, uterus, ovaries, nipple, nipples, clitoris, anus, rectum, bladder, urethra, skin, throat, heart, lungs, knee, thigh, hip, groin, tongue, lips, neck, scrotum, foreskin, pelvis, labia, genitals, bottom, brain, bone, skull, buttocks',
  ),
  pronoun: words('She, He, They, She, He'),
}

/** Words of everyday text that are no word of the lexicon stand for what most texts are made of. */
export const smallWords = words(
  'the, a, and, of, to, in, that, it, for, with, as, on, at, by, from, this, but, or, which, there, when, what, so, if, about, into, than, then, some, could, more, other, also, after, before, over, because, very, just, only, where, while, how, like, here, now, well, even, back, through, still, down, between, again, both, few, much, may, might, do, does, did, have, has, had, get, make, go, see, know, take, come, think, look, want, give, use, find, tell, ask, work, seem, feel, try, leave, call, good, new, first, last, long, great, little, own, old, right, big, high, small, large, next, early, young, important, same, able, time, year, day, way, thing, world, life, hand, part, place, case, week, company, system, question, number, night, point, home, water, room, area, money, story, fact, month, lot, book, eye, job, business, issue, side, house, service, power, hour, line, end, game, car, city, name, idea, body, information, face, level, office, door, morning, reason, moment, air, force',
)
