// English words that name who a text is about, and what stands around them where they mean something else. Lists are short on purpose:
// what is not sure is left alone.

const words = (text: string): readonly string[] => text.split(/\s+/);
const set = (text: string): ReadonlySet<string> => new Set(words(text));
const pairs = (text: string): readonly (readonly [string, string])[] =>
  words(text).map((pair) => pair.split("/") as [string, string]);

export const englishKin = pairs(
  "father/mother fathers/mothers dad/mum dads/mums daddy/mummy son/daughter sons/daughters brother/sister brothers/sisters husband/wife husbands/wives boyfriend/girlfriend boyfriends/girlfriends uncle/aunt uncles/aunts nephew/niece nephews/nieces grandfather/grandmother grandpa/grandma grandson/granddaughter grandsons/granddaughters stepfather/stepmother stepson/stepdaughter",
);
/** `mom` becomes `dad`, which becomes `mum`. */
export const englishKinOneWay = pairs("mom/dad moms/dads mommy/daddy fiancé/fiancée");
export const englishPersons = pairs("man/woman men/women boy/girl boys/girls gentleman/lady gentlemen/ladies");

/** Given names that are few people's surnames and no English words, in pairs of about one time and place. */
export const givenNames = pairs(
  "James/Mary John/Patricia Robert/Jennifer Michael/Linda David/Elizabeth William/Barbara Richard/Susan Thomas/Jessica Daniel/Karen Matthew/Sarah Peter/Emma Tom/Anna Joseph/Margaret Charles/Dorothy Anthony/Lisa Steven/Nancy Stephen/Helen Paul/Sandra Andrew/Ashley Kenneth/Donna George/Carol Joshua/Michelle Kevin/Amanda Brian/Melissa Edward/Deborah Ronald/Stephanie Timothy/Rebecca Jason/Laura Jeffrey/Cynthia Jacob/Kathleen Gary/Amy Nicholas/Angela Eric/Shirley Jonathan/Brenda Larry/Pamela Justin/Nicole Benjamin/Christine Gregory/Debra Alexander/Rachel Patrick/Catherine Raymond/Carolyn Jack/Janet Dennis/Ruth Jerry/Maria Aaron/Diane Adam/Julie Nathan/Joyce Henry/Victoria Zachary/Lauren Douglas/Christina Ethan/Judith Walter/Martha Keith/Andrea Roger/Hannah Jeremy/Megan Sean/Cheryl Gerald/Gloria Carl/Ann Ben/Kate Mike/Jenny Steve/Sue Dave/Liz Jim/Betty Tim/Becky Tony/Nina Jeff/Wendy Greg/Emily Joe/Jane Simon/Claire Ian/Fiona Neil/Alice Nigel/Tracy Philip/Sally Martin/Julia Colin/Lucy Graham/Sheila Stuart/Monica",
);
/** Names of one sex that are also words or surnames, or have no pair here: where one stands, what is said of its sex must stay. */
export const otherNames = set(
  "Mark Bill Bob Frank Rob Will Rick Nick Dick Ray Roy Ron Don Ken Al Ed Ted Fred Harry Louis Luke Max Phil Ralph Ryan Sam Scott Bruce Craig Doug Russ Randy Dan Danny Bobby Billy Jimmy Johnny Tommy Freddy Bernard Arthur Albert Alan Allan Allen Barry Bert Brad Brett Bryan Carlos Chuck Clark Clinton Conor Damien Darren Derek Donald Duncan Dylan Ernest Eugene Evan Francis Gavin Geoff Geoffrey Gordon Guido Hans Harold Howard Hugh Ivan Jamie Jesse Joel Juan Karl Kurt Lance Leonard Lewis Linus Lloyd Marc Marcus Mario Marvin Maurice Mel Mick Miles Mohammed Muhammad Ahmed Norman Oliver Omar Oscar Osama Owen Pablo Pedro Pete Pierre Rodney Rohit Ross Rupert Russell Saddam Sergei Seth Shane Sidney Sunil Theo Theodore Todd Trevor Tyler Vernon Victor Vincent Vladimir Warren Wayne Wesley Zack Abraham Moses Muhammed Ali Angus Darwin Hitler Benoit Barnabas Adolf Napoleon Gretchen Grace Rose Hope Joy Faith Dawn Virginia Georgia Charlotte Florence Sharon Denise Jill Joan Jean Judy Kim Kelly Leslie Lynn Marie Marilyn Michele Natalie Olivia Pam Penny Phyllis Rita Robin Sandy Sophie Sylvia Teresa Theresa Tina Valerie Vicki Yvonne Zoe Alison Allison Alicia Annie Anne Audrey Beth Bridget Britney Carla Caroline Cathy Chloe Cindy Claudia Daisy Diana Edith Eileen Elaine Ellen Eva Eve Frances Gina Hillary Hilary Ingrid Irene Isabel Jackie Jasmine Jodie Josephine Juliet Katie Kylie Leah Lily Louise Madonna Maggie Marge Marion Maureen Molly Monika Naomi Nora Pamela Peggy Priscilla Rosa Rosie Samantha Shannon Sonia Stella Tara Vera Wilma Evelyn Kathy Kathryn Katherine Katharine Kristin Kirsten Lesley Lorraine Melanie Miriam Iain Euan Kent Todd",
);
/** Of these, what also begins a sentence as a word. */
export const wordsAsNames = set(
  "Mark Bill Will Rob Frank Ray Don Dick Nick Max Grace Rose Hope Joy Faith Dawn Penny Sandy Eve Lance Miles Victor Randy Virginia Georgia Charlotte Florence Robin Daisy Al Ed Rick Marge",
);
/** Words between which a given name may stand capitalised: "Dear John", "Hi Tom". */
export const beforeName = set(
  "hi hello hey dear thanks thank from to by and or cc attn mr mrs ms miss with for as is was but when if says said",
);
/** Words after which a given name is part of a place or a firm. */
export const afterPlace = set(
  "street st road rd avenue ave lane square park hospital clinic bay river lake island college university hall inc ltd llc co corp bible bros brothers airport school foundation institute prize award",
);

/** After "her" these show that it is an object (him), not a possessive (his). */
export const afterObject = set(
  "a an the and or but if that this these those to in on at for from with without of by as about into over after before when while because since so than then there here again now today yesterday tomorrow tonight too also not is was are were has had will would can could should may might must who what where why how very up down out off away i you he she it we they me us them yet once twice during until all both via just even still never always instead though later soon alone anymore anyway enough through around along across between against upon onto like anything everything something nothing afterwards together personally",
);
/** After these "her" may be the one to whom something is done, and what follows is no noun of hers. */
export const beforeObject = set(
  "make makes made making let lets letting help helps helped helping keep keeps kept keeping leave leaves left leaving find finds found call calls called calling get gets got getting give gives gave given giving tell tells told telling ask asks asked asking show shows showed shown buy buys bought send sends sent bring brings brought hear hears heard see sees saw seen watch watched teach taught offer offered pay paid feed fed wish wished grant granted lend lent cause causes caused turn turned drive drives drove set have having had cook cooks cooked bake baked pour poured fix fixed allow allowed want wants wanted consider considered elect elected render rendered cost costs",
);
/** Words on -ly that are no adverbs. */
export const nounsOnLy = set(
  "family belly early friendly elderly only lovely daily weekly monthly ugly jelly ally reply supply assembly",
);

/** Words, and word beginnings ending in *, of one sex without a counterpart here: what else is said of the person could contradict them. */
export const staysEnglish = new RegExp(
  `\\b(?:${[
    "king|queen|prince|princess|pope|lord|duke|duchess|dame|countess|baron(?:ess)?|emperor|empress|sultan|bride|bridegroom|groom|widow(?:s|er|ed)?|monks?|nuns?|bachelor|mistress|cowboys?|guy|dude|bloke|chap|lads?|fella|gals?|chicks?|lass|bitch(?:es)?|bastard|harem|virgins?|maiden|ma'am|god|gods|goddess(?:es)?|jesus|christ|allah|buddha|santa|satan|sirs?|sire|heroine|heiress|actress(?:es)?|waitress(?:es)?|hostess|princesses|[a-z]*(?:police|spokes|chair|business|gun|fisher|sales|congress|crafts|fire|super|spider|bat|camera|noble|horse|states|snow|post|milk|alder|door|yes|wing|front|stunt|kins|country|mail|repair|police|lay|chess|ombuds|work|trades|sea|gentle|mad|every)(?:wo)?m[ae]n",
    "pregnan\\w*|prostate|testic\\w*|scrot\\w*|penis\\w*|penile|erecti\\w*|ejaculat\\w*|sperm|semen|vasectom\\w*|circumcis\\w*|vagin\\w*|uter(?:us|ine)|womb|ovar\\w*|ovulat\\w*|cervix|cervical (?:smear|cancer|screening)|pap (?:test|smear)|menstru\\w*|menopaus\\w*|miscarr\\w*|breast ?-?fe\\w*|breasts?|nipples?|lactat\\w*|(?:gave|giv\\w+) birth|birth control|labou?r pains?|hysterectom\\w*|mastectom\\w*|mammogra\\w*|midwi\\w+|gyn(?:a)?ecolog\\w*|obstetric\\w*|pattern (?:hair|baldness)|pcos|endometrio\\w*|pre-?eclampsia|impoten\\w*|vacuum pumps?|endowed|well[- ]hung|viagra|cialis|propecia|enlarge\\w*|beard|moustache|mustache|bra|pms|iud",
    "(?:her|his|my|their|your|heavy|missed|late|painful|irregular|last|between) periods?|period (?:pains?|cramps?|is late)|hot (?:flash|flush)\\w*|in labou?r|labou?ring|having (?:the|a|my|our|her) bab\\w+|o?estrogen|testosterone|stay(?:ing)? hard|circ|rap(?:e|ed|es|ist)\\b|ships?|boats?|vessels?|yachts?|timbers",
    "morning sickness|deliver(?:ed|ing|y)|size of|penile|puberty|nudes?|naked|horny|sex(?:y|ual|ually)?|orgasms?|erotic|porn\\w*|xxx",
  ].join("|")})\\b`,
  "i",
);

/** What makes a word of kin or person something else: tried on the text before it and after it. */
export const otherSense: Readonly<Record<string, { readonly before?: RegExp; readonly after?: RegExp }>> = {
  mother: {
    after:
      /^(?:'s|s'?)? (?:day|tongue|nature|earth|lode|ship|superior|goose|teresa|country|of all|board|language|company|church)\b/i,
    before: /\b(?:queen|earth|big|bad|one|natural|biological|birth|surrogate|expectant|nursing) $/i,
  },
  mothers: { after: /^'? day\b/i },
  father: {
    after: /^(?:'s)? (?:day|christmas|figure|time|of (?:the|modern|our|all|linux|java|computing))\b/i,
    before: /\b(?:holy|founding|heavenly|our) $/i,
  },
  fathers: { after: /^'? (?:day|of)\b/i, before: /\b(?:founding|pilgrim)[\s>]+$/i },
  mom: { after: /^ (?:and|&) pop\b/i },
  daddy: { before: /\b(?:big|sugar|puff|who's your) $/i },
  brother: { after: /^ (?:printer|laser|mfc|fax)\b/i, before: /\b(?:big|warner) $/i },
  brothers: { before: /\b[A-Z]\w+ $|\bin (?:arms|christ)\b/, after: /^ (?:in arms|in christ|and sisters)\b/i },
  sister: {
    after: /^ (?:compan|site|ship|cit|school|project|station|paper|list|publication|site|show|organi|firm|chromatid)/i,
  },
  sisters: { before: /\band $/i },
  son: { after: /^ of (?:a |god|man|sam)/i, before: /\b(?:prodigal|favou?rite) $/i },
  sons: { after: /^ of\b/i, before: /& $/ },
  daughter: { after: /^(?:-| )?(?:board|card|cell|compan|site|node)/i },
  uncle: { after: /^ (?:sam|bob|tom|ben)\b/i },
  grandfather: { after: /^ (?:clock|clause)/i },
  man: {
    before:
      /(?:^|[.!?>:;,"(] ?|\b(?:oh|hey|yeah|thanks|no|isle of|best|straw|hit|con|middle|common|front|stunt|every|per|poor|rain|iron|yes|main|point|handy|rocket|ice|to|wise|candy|burning|big|spider|bat|super|dear|medicine|act of|inhumanity of|rights of|fellow|modern|primitive|early|of) )$/i,
    after:
      /^(?:[!]| pages?\b| hours?\b| in the (?:middle|street|moon)\b| of (?:war|god|the)\b| and (?:beast|machine|nature|mouse)\b| enough\b| on the street\b| vs?\b|\(\d|, |kind| made\b| steal\w*\b| eaters?\b)/i,
  },
  men: {
    before: /\b(?:morris|wise|x|hit|best|of|in|all|mad|straw|yes) $/i,
    after: /^(?: (?:in black|at arms|of|and)\b|'s (?:health|room|world|league))/i,
  },
  woman: {
    after:
      /^ (?:[a-z]*(?:mayor|doctor|driver|president|minister|pilot|priest|writer|boss|friend|soldier|officer|candidate|lawyer|judge)s?)\b/i,
  },
  women: {
    after:
      /^(?: (?:doctors|drivers|pilots|priests|writers|friends|soldiers|officers|candidates|lawyers|judges)|'s (?:lib|league|world|institute|prize)| and\b)/i,
  },
  boy: {
    before:
      /\b(?:oh|(?<!years?[ -]|yrs?[ -])old|poster|bad|whipping|game|fan|play|toy|golden|altar|choir|bus|water|delivery|paper) $/i,
    after: /^(?:[,!]| (?:scouts?|band|george|wonder|meets|toy)\b)/i,
  },
  boys: { before: /\b(?:[A-Z]\w+|old|big|beach|beastie|bad|play) $/, after: /^ (?:and|in blue|club|will be)\b/i },
  girl: {
    before: /\b(?:call|cover|show|play|spice|flower|material|pin up) $/i,
    after: /^ (?:scouts?|guides?|band|power|friday|talk|next door)\b/i,
  },
  girls: { before: /\b(?:[A-Z]\w+|big|spice|call|show|gilmore) $/, after: /^ (?:and|gone wild)\b/i },
  lady: {
    before: /\b(?:first|bag|iron|old|our|leading|fat|lunch|dinner|foxy) $/i,
    after: /^ (?:[A-Z]|of|luck|bird|bug)/,
  },
  ladies: { after: /^ and\b/i },
  gentlemen: { before: /\band $/i, after: /^'s\b/i },
};

/** Stop words of English and of languages in which its gendered words mean something else (man, men, son, her, he, mum). */
export const englishStops = set(
  "the a an is are was were has have had and of to in my your for with that it i on at be not she he this but or as from by they we you me his her him so",
);
export const otherStops = set(
  "de la el que der und ist nicht och og les est un une ve bir het een con los las para por das von zu et des du mit auf att det som ikke jeg ich nie je si di che il wir sie não uma os ao dos",
);

/** Words that are capitalised within a sentence and name nobody. */
export const noNames = set(
  "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec english french german spanish italian american british irish scottish indian chinese japanese christmas easter internet web email english god ok america england britain ireland scotland france germany spain italy india china japan europe africa asia london dublin paris york new north south east west united states kingdom hello hi dear doctor dr fwd re thanks the a an and but or it its is was what how who when where why this that there they we you he she him his her hers if so as in on at to for from with my our your no not yes please covid paracetamol ibuprofen aspirin hospital university",
);
