#include "synth/phrases.h"

#include <stddef.h>

/* clang-format off */

const char *const synth_phrase_opening =
    "[Police [were called|called|attended following a call] by {finder} who had found a {man} [aged "
    "{age} |]{where}|{Finder} found {age}yo {man} {where}[ and called 999| and rang for an "
    "ambulance|]|Call from {finder} [reporting|to report] a {man} [unresponsive|collapsed|not "
    "breathing|deceased] {where}|{Man}, {age}, found [deceased|dead|lifeless|unresponsive] {where} by "
    "{finder}|Officers [attended|sent to] a report of a sudden death {where}. Found by {finder}, "
    "{man} aged {age}|At about {time} {finder} found a {man} [of {age} |]{where}|Informant, {finder}, "
    "[states|says] {he} was found {where} [at {time}|this {daypart}]|Sudden death. {Age} year old "
    "{man} found by {finder} {where}].";

const char *const synth_phrase_opening_police =
    "[{Finder} [forced entry and |]found a {man} [aged {age} |]{where}|[Welfare check|Concern for "
    "welfare|Call from family with no answer at the door]. {Finder} found {man}, {age}, "
    "{where}|{Man}, {age}, found [deceased|dead|unresponsive] {where} by {finder}|Sudden death. {Age} "
    "year old {man} found by {finder} {where}].";

const char *const synth_phrase_opening_thin =
    "[{Man} found {where}[ by {finder}|]|{Finder} found {man} {where}|Sudden death of {age}yo {man} "
    "{where}|{Man} deceased {where}|Police called, {man} found {where}].";

const char *const synth_phrase_opening_ambulance =
    "[Crew called to|Attended] [a |]{man}[, approx {age}yo,|] {where}. [On arrival|O/A] [not "
    "breathing, no pulse|in asystole|cold, ROLE on arrival|lifeless].[ Found by {finder}.|]";

const char *const synth_phrase_setting[SETTING_COUNT] = {
    [SETTING_PRIVATE_HOME] =
        ("[at home|at {his} home address|in {his} flat|inside the address|in the [bedroom|living "
        "room|lounge|hallway|kitchen|bathroom] at home|at the [house|flat|premises]]"),
    [SETTING_SHARED_HOME] =
        ("in [{his} room in a shared house|a room of a house in multiple occupation|shared "
        "accommodation]"),
    [SETTING_HOSTEL] = "in [{his} room at the hostel|the hostel|a room in supported accommodation]",
    [SETTING_HOTEL] = "in [a hotel room|the hotel|{his} room at the hotel]",
    [SETTING_CARE_HOME] =
        "[at the care home|in {his} room at the home|in the nursing home where {he} lived]",
    [SETTING_HOSPITAL] = "[in hospital|on the ward|in the emergency department|at the hospital]",
    [SETTING_PRISON] = "in [{his} cell|a cell|the prison]",
    [SETTING_STREET] =
        ("[in the street|on the pavement|outside [flats|shops|a house]|in an alleyway|at the "
        "roadside|by a bus stop|against a wall in the street]"),
    [SETTING_PARK] =
        ("[in the park|on a bench in the park|on open ground|in the grounds|by a path in the park|on "
        "the common]"),
    [SETTING_WOODLAND] = "in [woodland|the woods|undergrowth|trees off a footpath]",
    [SETTING_CHURCHYARD] =
        "in [the churchyard|the grounds of the church|a churchyard, by the wall|the church porch]",
    [SETTING_WATER] = "in the [river|water|canal|dock|lake]",
    [SETTING_RAIL] = "[at the station|on the line|on the tracks|at the railway]",
    [SETTING_VEHICLE] = "in a [car|vehicle|van|parked car]",
    [SETTING_LICENSED] = "in [a pub|the toilets of a bar|licensed premises|a club]",
    [SETTING_WORKPLACE] = "at [{his} place of work|work|a workplace]",
    [SETTING_SCHOOL] = "at a school",
    [SETTING_BUILDING_SITE] = "on a building site",
    [SETTING_DERELICT] = "in [a derelict building|a disused [garage|unit|house]]",
    [SETTING_OTHER] = "at the [location|scene|address given]",
    [SETTING_UNKNOWN] = "at a place not [recorded|stated]",
};

const char *const synth_phrase_finder[FOUND_BY_COUNT] = {
    [FOUND_BY_HOUSEHOLD] = "{his} [partner|partner|spouse|son|daughter|flatmate|brother|sister]",
    [FOUND_BY_FAMILY] =
        "[{his} [son|daughter|brother|sister|cousin|niece|nephew]|family|a relative|a family member]",
    [FOUND_BY_FRIEND] = "[a friend|{his} friend|a friend who had not heard from {him}|an acquaintance]",
    [FOUND_BY_NEIGHBOUR] =
        "[a neighbour|the neighbour|the neighbour downstairs|a neighbour with a key]",
    [FOUND_BY_PASSER_BY] =
        ("[a passer-by|a passer-by|a member of the public|a dog walker|a man walking his dog|a "
        "jogger|a cyclist|a woman on her way to work|passers-by|a MOP]"),
    [FOUND_BY_STAFF] = "[staff|a member of staff|{staff}]",
    [FOUND_BY_EMERGENCY] = "[ambulance crew|LAS|paramedics|the fire brigade]",
    [FOUND_BY_POLICE] = "[officers|officers on patrol|police|the attending officers]",
    [FOUND_BY_OTHER] = "[a visitor|a delivery driver|a workman|the landlord|a contractor]",
    [FOUND_BY_UNKNOWN] = "[an unknown person|a caller who did not stay|somebody who left no name]",
};

const char *const synth_phrase_posture[POSTURE_COUNT] = {
    [POSTURE_SUPINE] = "[{He} was |][lying on {his} back|on {his} back|supine]{floor}.",
    [POSTURE_PRONE] = "[{He} was |][face down|lying face down|prone]{floor}.",
    [POSTURE_ON_SIDE] = "[{He} was |]on {his} [left|right] side{floor}.",
    [POSTURE_SEATED_PROPPED] =
        ("[{He} was [sat|seated|sitting|slumped]|Seated|Sat] [against {prop}|leaning on {prop}|propped "
        "against {prop}]."),
    [POSTURE_SEATED] = "[{He} was [sat|seated|sitting|slumped]|Seated] [upright |]on the {seat}.",
    [POSTURE_KNEELING] = "[{He} was |][kneeling|on {his} knees][, head down|, slumped forward|].",
    [POSTURE_CURLED] = "[{He} was |]curled up{floor}.",
    [POSTURE_HANGING_FULL] =
        "[Suspended|{He} was found suspended|Hanging][, feet off the floor| clear of the ground|].",
    [POSTURE_HANGING_PARTIAL] =
        "[Partially suspended|{He} was partly suspended, feet touching the floor|Part suspension].",
    [POSTURE_IN_BED] = "[{He} was |][in bed|lying in {his} bed|in bed under the covers|on the bed].",
    [POSTURE_IN_BATH] = "[{He} was |]in the bath[, water still in it|, submerged|].",
    [POSTURE_IN_WATER] =
        ("[{He} was |][floating face down|in the water|recovered from the water|seen in the water "
        "close to the bank]."),
    [POSTURE_IN_VEHICLE] = "[{He} was |]in the [driver's seat|passenger seat|back seat|driver's seat].",
    [POSTURE_OTHER] = NULL,
    [POSTURE_UNKNOWN] = "[Moved by [family|paramedics|staff] before police arrived.|]",
};

const char *const synth_phrase_thing[THING_COUNT] = {
    [THING_DRUG_CONTAINER] = "{container}",
    [THING_SYRINGE] =
        ("[A [used |]syringe [was |]beside {him}|Needle in [{his} arm|hand]|Syringe and spoon [close "
        "by|at the scene]|Used needles [in the room|next to {him}]]."),
    [THING_PARAPHERNALIA] =
        ("[Foil and a lighter [nearby|by the body]|Drug paraphernalia [seen|present|{by}]|Pipe and [burnt "
        "|]foil found|Rolled note and white residue|Scales and small bags {by}]."),
    [THING_ALCOHOL] =
        ("[Empty [cans|bottles|beer cans|vodka bottles] [nearby|around {him}|at the scene]|[A "
        "half-full|An empty] bottle of [vodka|wine|whisky|cider] [was |]beside {him}|Strong smell of "
        "alcohol, cans on the floor]."),
    [THING_MEDICATION] = "{medication}.",
    [THING_NOTE] =
        ("[A [handwritten |]note [was |][found|left][ on the table| beside {him}| in {his} pocket| "
        "addressed to {his} family| on {his} phone|]|Letters to family found|A note says {he} is "
        "sorry[ and nobody is to blame|]|Goodbye message left]."),
    [THING_LIGATURE] =
        ("[Ligature [made from|was] [a belt|a rope|a dressing gown cord|a cable|a "
        "scarf|flex]|{ligature}]."),
    [THING_WEAPON] =
        "[A [knife|weapon|blade|bat] [was |]recovered [nearby|at the scene]|Weapon found].",
    [THING_BEDDING] = "{bedding}.",
    [THING_SHEET] = "A [white|bed|patterned|blue] sheet [was |]there.",
    [THING_BAG] =
        ("[{His} [bag|rucksack|holdall] was [with {him}|beside {him}|searched]|A carrier bag of "
        "belongings]."),
    [THING_WALLET] =
        ("[Wallet [with bank cards |]in {his} pocket|Purse or wallet present, [cards in name|ID "
        "inside]]."),
    [THING_CASH] =
        ("[Cash [counted|in the drawer|in pocket|present] and [bagged|listed]|Some cash "
        "[found|seized]]."),
    [THING_KEYS] = "[Keys {keys}|House keys found].",
    [THING_PHONE] = "[Mobile phone [seized|found, locked|{by}]|Phone {phone}].",
    [THING_DEVICE] = "[A laptop|A tablet|Computer] [was |]on [the desk|the side].",
    [THING_VEHICLE] =
        "[Vehicle [recovered|examined|locked]|The car was [running|registered to {him}|hired]].",
    [THING_SUNGLASSES] = "[Sunglasses|Dark glasses] [on the ground|by {him}|in {his} pocket].",
    [THING_OTHER] = "[Other property [listed|bagged]|{other}].",
};

const char *const synth_phrase_missed[MISSED_COUNT] = {
    [MISSED_PHONE] =
        ("[No phone [found|on {him}|at the scene|recovered]|{His} phone [was |][missing|not "
        "found|could not be found]]."),
    [MISSED_WALLET] = "[No wallet|Wallet not found|Nothing in {his} pockets, wallet missing].",
    [MISSED_CASH] = "No money [on {him}|found].",
    [MISSED_KEYS] = "[No keys [on {him}|found]|Keys not found].",
    [MISSED_JEWELLERY] = "[Family say a [ring|watch|chain] is missing|Ring not on {him}].",
    [MISSED_ID_DOCUMENT] = "[No ID|Nothing to identify {him}|No identification found].",
    [MISSED_SHOES] = "[No shoes|One shoe missing|Not wearing shoes].",
    [MISSED_MEDICATION] = "{His} medication [could not be found|is missing].",
    [MISSED_OTHER] = NULL,
};

const char *const synth_phrase_injury[INJURY_COUNT] = {
    [INJURY_NONE_SEEN] =
        ("[No [visible|obvious|apparent] injuries|No marks of violence|Nothing to suggest injury|No "
        "signs of [a struggle|disturbance|third party involvement]]."),
    [INJURY_BRUISING] = "[Some |Old |][bruising|bruises] [to the [arms|face|legs|shins]|noted].",
    [INJURY_BRUISING_UNDERARMS] = "Bruising under the arms.",
    [INJURY_LIGATURE_MARK] = "[Ligature mark [to|around] the neck|Mark consistent with ligature].",
    [INJURY_NECK_MARKS] = "[Marks|Bruising] to the neck.",
    [INJURY_DEFENSIVE] = "Cuts to the hands[, possibly defensive|].",
    [INJURY_NEEDLE_MARK] = "[Needle mark|Track marks|Puncture mark] [on|to] the [left |right |]arm.",
    [INJURY_BLUNT] = "[Head injury|Injuries to head and chest|Multiple injuries|Serious injuries].",
    [INJURY_SHARP] = "[Stab wound[s|] to the [chest|neck|abdomen|leg|back]|Single stab wound].",
    [INJURY_GUNSHOT] = "Gunshot [wound|wounds] to the [head|chest|body].",
    [INJURY_BURN] = "[Burns|Extensive burns|Smoke and burns].",
    [INJURY_OTHER] = "[Small graze to the [forehead|elbow]|Old scars noted].",
};

const char *const synth_phrase_cause[CAUSE_COUNT] = {
    [CAUSE_NATURAL] =
        ("[Believed natural causes|Appears to be natural|Nothing to suggest anything other than "
        "natural causes|Looks to have collapsed|GP [informed|contacted|seen {him} [recently|last "
        "week|last month]|surgery closed, message left]|Had complained of [chest pain|feeling "
        "unwell|breathlessness|stomach pain|a headache|being tired] [the day before|earlier|for some "
        "days]|[Discharged from hospital|Started new tablets|Had a chest infection] last "
        "week|[Sudden|Witnessed] collapse, [family|bystander|ambulance] CPR|Gone to bed as usual|Had "
        "been waiting for [a scan|an operation|heart tests]|{frail}]."),
    [CAUSE_INFANT] =
        ("[Put down to sleep and found unresponsive|Had [a cold|been well]|Sharing a bed with "
        "[mother|parents]]."),
    [CAUSE_UNASCERTAINED] =
        ("[Decomposed, cause not apparent|Long dead|Advanced decomposition|Cause unclear|Cause of "
        "death not known, post-mortem to follow|Flies at the window, post piled up]."),
    [CAUSE_DRUGS] =
        ("[Suspected [overdose|drug overdose|drugs]|Possible OD{sub}|Believed to have taken "
        "drugs{sub}|Apparent overdose{sub}|Had been [using|out] the night before{sub}]."),
    [CAUSE_MEDICINES] =
        ("[Believed to have taken [an overdose of |]{his} own tablets{sub}|Apparent overdose of "
        "medication{sub}|Intentional overdose suspected{sub}]."),
    [CAUSE_POISON] =
        ("[Suspected poisoning{sub}|[CO alarm|Gas meter] checked, [high reading|engineers "
        "called]{sub}|Fumes in the room, [window|door] sealed{sub}]."),
    [CAUSE_HANGING] =
        ("[Apparent hanging|Cut down by {finder}|Cut down, CPR given|Believed to have taken {his} own "
        "life]."),
    [CAUSE_ASPHYXIA] =
        ("[Believed to have choked|Airway obstructed by food|Plastic bag over the head|Asphyxia "
        "suspected]."),
    [CAUSE_STRANGLED] = "[Suspected strangulation|Scene secured, homicide team informed].",
    [CAUSE_DROWNING] =
        ("[Recovered by [the marine unit|RNLI|firefighters]|Believed drowned|Seen to enter the water[ "
        "from the bank|]|Clothing [found on the bank|wet]]."),
    [CAUSE_FALL_AT_HOME] =
        ("[Believed to have fallen [down the stairs|in the bathroom|from a chair]|Unwitnessed "
        "fall|Found at the foot of the stairs|History of falls]."),
    [CAUSE_FALL_FROM_HEIGHT] =
        ("[Fallen from [height|a balcony|a window|the roof]|Believed to have [jumped|fallen] from "
        "above|Open window on the [fourth|sixth|ninth] floor]."),
    [CAUSE_BLUNT] = "[Assaulted|Reports of a fight|Suspect [arrested|outstanding]|Blood at the scene].",
    [CAUSE_SHARP] =
        ("[Reports of a [stabbing|group running off]|Suspect [arrested|outstanding]|HEMS performed "
        "surgery at the scene]."),
    [CAUSE_GUNSHOT] = "[Shots heard|Cartridge cases found|Firearms officers attended].",
    [CAUSE_FIRE] =
        ("[Fire brigade put out a fire in the [kitchen|bedroom|lounge]|Smoking materials thought to be "
        "the cause|Fire investigator attending|No working smoke alarm]."),
    [CAUSE_COLD] =
        ("[Cold night, [minus two|just above freezing]|Hypothermia suspected|No heating on|Very hot in "
        "the room]."),
    [CAUSE_ELECTRIC] = "[Electric shock|Working on wiring|Contact with the live rail].",
    [CAUSE_ROAD] =
        ("[Pedestrian struck by [a car|a van|an HGV|a bus]|Motorcyclist, collision with a "
        "[car|van]|Collision at the junction|Driver stopped at scene|Cyclist in collision with a "
        "lorry]."),
    [CAUSE_RAIL] =
        ("[Struck by a train|Seen to [step|go] in front of a train|BTP attending|Driver reports a "
        "person on the line]."),
    [CAUSE_OTHER] =
        ("[Collapsed|Taken ill suddenly|Circumstances to be established|Reaction to [food|a sting] "
        "suspected]."),
};

const char *const synth_phrase_explanation_medical =
    "[History of [heart disease|high blood pressure|COPD|diabetes|epilepsy|cancer|stroke|alcohol "
    "misuse|asthma]|Known to {his} GP for [heart problems|diabetes|breathing problems|high blood "
    "pressure]|Family [say|report] [{he} had been unwell|a heart condition|no known illness]|Medical "
    "history [awaited|includes angina|includes epilepsy and alcohol dependency]].";

const char *const synth_phrase_explanation_drugs =
    "[Known drug user|History of drug use|Known to services for [drugs|heroin use|drugs and "
    "alcohol]|On a methadone script|Friends say {he} [used drugs at weekends|had been clean for "
    "months|was a regular user]|Recently released from [prison|hospital]].";

const char *const synth_phrase_explanation_mental =
    "[History of depression|Known to the community mental health team|Recent "
    "[break-up|bereavement|job loss|money worries]|Previous attempts|Under the crisis team|Family say "
    "{he} had been low|Recently discharged from a psychiatric ward].";

const char *const synth_phrase_seen =
    "[Last seen [alive |]{seen}[ by [family|a neighbour|staff|a friend]|]|Last [heard from|spoken to] "
    "{seen}|Not seen since {seen}].";

const char *const synth_phrase_warm =
    "[Still warm|Warm to [the |]touch|Body warm, no rigor|Skin pale].";

const char *const synth_phrase_cold =
    "[Cold[ to [the |]touch|]|Stiff and cold|Rigor [present|established|in the jaw and arms]|Rigor "
    "mortis|Lividity [present|to the back|consistent with position]|Clearly dead for some time|Cold, "
    "mottled skin].";

const char *const synth_phrase_room =
    "[[Flat|House|Address] [tidy|untidy|cluttered|clean|sparsely furnished]|[Television|Radio|Lights] "
    "on|Heating on[ high|]|Curtains drawn|Windows [closed|open]|Food in the fridge in date|Door "
    "[chain on|double locked|closed, not locked]|No sign of [forced entry|disturbance]|Signs of a "
    "fall, lamp knocked over|Cup of tea beside {him}|Dog at the address, taken by a neighbour|Hoarded "
    "belongings in every room|Walking frame beside {him}].";

const char *const synth_phrase_pronounced =
    "[Life pronounced extinct[ at {pronounced}| by LAS| by paramedics| by the ambulance crew|]|PLE "
    "{pronounced}[ by LAS|]|Ambulance declared life extinct|LAS attended, life extinct "
    "{pronounced}|CPR [attempted|given] without success].";

const char *const synth_phrase_closing =
    "[No suspicious circumstances[ noted| at this time| apparent|]|Not believed suspicious|Coroner "
    "informed|Supervisor [informed|attended|told by phone]|Property [listed|secured|seized]|Next of "
    "kin [informed|to be informed|not yet traced]|Door [was locked from inside|on the latch|forced by "
    "officers|secured]|Undertakers called|Body worn video on|Neighbours spoken to|CCTV to be "
    "[checked|viewed]|Post-mortem to follow|Report for the coroner].";

const char *const synth_phrase_liquid =
    "[A [small |]bottle of clear liquid [found|beside {him}|{by}]|Small [plastic|glass] bottle[ and a "
    "[pipette|syringe without needle]|] {by}|Clear liquid in a [water |]bottle].";

const char *const synth_phrase_missing_report =
    "[Reported missing by [family|a friend|{his} partner|staff|{his} employer]|Missing report]. [Left "
    "home and did not return|Not answering {his} phone|Did not turn up for work|Out of "
    "character|Concern for welfare][, medium risk|, high risk|].";

const char *const synth_phrase_theft =
    "[Phone snatched by [a moped rider|a male on a bike|two males]|Phone stolen from [a bag|a "
    "jacket|a table]|Robbery of a mobile phone] [outside a station|in the street|in a bar|on a bus][, "
    "no suspect identified|. IMEI circulated|].";

const char *const synth_phrase_call =
    "[Caller reports a person [collapsed|not breathing|unconscious|who will not wake up]|999 call, "
    "[person not responding|believed dead|somebody lying on the ground]|Caller has found [somebody "
    "dead|a person unresponsive]|Caller concerned for a [neighbour|person] not seen for days][. "
    "Ambulance [running|called]|. Caller staying at scene|. Caller hung up|. CPR advice given|. Line "
    "poor|].";

const char *const synth_phrase_staff[SETTING_COUNT] = {
    [SETTING_PRIVATE_HOME] = "[{his} carer|a carer|a support worker]",
    [SETTING_SHARED_HOME] = "[the landlord's agent|a support worker]",
    [SETTING_HOSTEL] = "[hostel staff|the key worker|the night worker]",
    [SETTING_HOTEL] = "[housekeeping|the night porter]",
    [SETTING_CARE_HOME] = "[a carer|care staff|the night nurse]",
    [SETTING_HOSPITAL] = "[a nurse|ward staff]",
    [SETTING_PRISON] = "[a prison officer|officers unlocking the wing]",
    [SETTING_STREET] = "[a street cleaner|a warden|a security guard]",
    [SETTING_PARK] = "[a park keeper|a gardener|the park warden]",
    [SETTING_CHURCHYARD] = "[the verger|a gardener]",
    [SETTING_RAIL] = "[station staff|the train driver]",
    [SETTING_LICENSED] = "[bar staff|door staff]",
};

const struct phrase_word synth_phrase_word[] = {
    {"prop", "[the wall|the bed|the sofa|a door|the radiator]",
     "[a wall|the wall|a tree|a fence|railings|a door|a headstone]"},
    {"seat", "[armchair|sofa|chair|toilet|edge of the bed]", "[bench|step|low wall]"},
    {"floor", "[ on the [floor|bed|sofa|carpet]|]", "[ on the ground|]"},
    {"by", "[by the bed|on the table|beside {him}]", "[beside {him}|nearby|on the ground]"},
    {"bedding",
     "[A duvet [over|next to] {him}|Pillow and blanket present|Bedding [soiled|pulled to the floor]]",
     "[A sleeping bag and [blankets|bags] [beside|under] {him}|[Cardboard|A blanket] and a sleeping bag]"},
    {"ligature", "Ligature [kept for the coroner|seized|in place]", "Ligature [seized|in place]"},
    {"medication",
     "[Prescribed medication [seen|at the address|in the kitchen|listed]|Empty blister packs [present|by the "
     "bed]|Tablets on the [table|bedside cabinet]|Dosette box [up to date|not used since {weekday}]]",
     "[Prescribed medication in [{his} pocket|the bag]|[Tablets|Blister packs] {by}]"},
    {"keys", "[in the door|on the side|in {his} pocket]", "[in {his} pocket|on {him}]"},
    {"phone", "[present|in {his} pocket|charging by the bed]", "[in {his} pocket|in {his} hand|present]"},
    {"other", "Post [piled up behind the door|on the mat]", "[A travel card|Papers] in {his} pocket"},
    {"weekday", "[Monday|Tuesday|Friday|the weekend]", "[Monday|Tuesday|Friday|the weekend]"},
    {NULL, NULL, NULL},
};

const char *const synth_phrase_container_injected =
    "[Empty wraps {by}|Wraps and a spoon|Brown powder in a bag].";
const char *const synth_phrase_container_other =
    "[A small [bag|bottle|tub] [of [pills|powder|tablets] |]found|Snap bag with residue|Small bottle[, label "
    "removed|] nearby].";
const char *const synth_phrase_frail = "Frail, [carers|family] [visited daily|called twice a week]";
const char *const synth_phrase_not_frail =
    "[Had seemed well|Had been off work unwell|Had not been to a doctor for years]";

/* clang-format on */
