// The diseases: typical and possible symptoms, how fast they come, whom they prefer, what they are taken for. Written for a
// data generator by common knowledge, not from a medical source: see DATA-CARD.md. How to read the table: ../diseases.ts.

export const diseaseTable = `
influenza | days | any | common cold
typical fever chills aches fatigue headache
also drycough sorethroat runnynose appetite sweats blockednose dizzy

common cold | days | any | influenza
typical runnynose blockednose sneezing sorethroat
also lowfever drycough headache fatigue hoarse nosmell

pneumonia | days | old | bronchitis
typical fever chestpain breathless rustyphlegm phlegm
also chills fatigue sweats drycough appetite aches

bronchitis | weeks | any | pneumonia
typical phlegm nightcough chesttight wheeze
also drycough lowfever fatigue sorethroat breathless chestpain

asthma | months | young | bronchitis
typical wheeze breathless trigger chesttight nightcough
also drycough palpitations fatigue

hay fever | weeks | young | common cold
typical sneezing itchyeyes season itchynose runnynose
also blockednose drycough headache fatigue trigger

sinusitis | weeks | any | common cold
typical facepain thicksnot blockednose toothache nosmell
also headache lowfever nightcough fatigue sorethroat

tonsillitis | days | young | influenza
typical sorethroat swallow whitespots glands
also fever headache hoarse appetite chills fatigue

gastroenteritis | days | any | appendicitis
typical diarrhoea vomiting cramps badfood nausea
also fever appetite fatigue bloating chills dizzy

acid reflux | months | any | peptic ulcer
typical heartburn sour lump belching
also nightcough hoarse upperpain bloating nausea chestpain

peptic ulcer | weeks | old | acid reflux
typical hungerpain upperpain nightpain blackstool painkillers
also nausea bloating belching heartburn appetite weightloss

appendicitis | days | young | gastroenteritis
typical lowerright moves movement nausea
also vomiting appetite lowfever constipation cramps fever

urinary infection | days | female | kidney stones
typical burningpee urgent cloudypee lowerbelly frequentpee
also bloodpee lowfever chills flank fatigue

kidney stones | days | male | urinary infection
typical flank groin colic bloodpee
also nausea vomiting burningpee sweats urgent lowerbelly

migraine | months | female | tension headache
typical onesided aura light nausea
also vomiting headache dizzy blurred neck stress

tension headache | weeks | any | migraine
typical band neck stress headache
also fatigue dizzy light blurred

high blood pressure | months | old | tension headache
typical highreading morninghead dizzy flushed palpitations
also headache ringing nosebleed blurred fatigue breathless

diabetes | months | old | anaemia
typical thirst frequentpee weightloss hungry slowheal
also tingling blurred fatigue dryskin itch dizzy

anaemia | months | female | high blood pressure
typical pale fatigue coldhands periods nails
also dizzy breathless palpitations ice faint headache ringing

dengue | days | any | malaria
typical fever eyepain bonepain rash mosquito
also headache nausea gums aches fatigue vomiting nosebleed

malaria | weeks | any | dengue
typical cyclic stages chills sweats mosquito
also fever headache yelloweyes aches nausea fatigue vomiting

chickenpox | days | young | eczema
typical blisters crusts school itch
also lowfever rash fatigue appetite headache

eczema | months | young | psoriasis
typical itch creases dryskin oozing soap
also rash nightcough blisters

psoriasis | months | any | eczema
typical plaques scalp nailpits itch
also dryskin swollenjoint rash morningstiff

gout | days | male | rheumatoid arthritis
typical bigtoe hotjoint nightattack beer
also swollenjoint fever movement kneepain

rheumatoid arthritis | months | female | gout
typical morningstiff smalljoints swollenjoint grip
also fatigue hotjoint kneepain lowfever weightloss appetite
`;
