#include "synth/people.h"

struct origin {
    uint16_t share; /* per thousand; approximate, general knowledge of London's people, unverified */
    const char *const *men, *const *women, *const *family;
    uint8_t men_count, women_count, family_count;
};

static const char *const british_old_men[] = {
    "John",  "Peter",   "Brian",  "Alan",   "Terence", "Raymond", "Kenneth", "Derek",   "Roy",    "Michael",
    "David", "Anthony", "Ronald", "Leslie", "Dennis",  "Frank",   "George",  "William", "Albert", "Sidney",
    "Barry", "Keith",   "Graham", "Clive",  "Norman",  "Victor",  "Gerald",  "Stanley", "Colin",  "Malcolm"};
static const char *const british_old_women[] = {
    "Joan",   "Margaret", "Jean",   "Doreen",  "Maureen",    "Sheila", "Patricia",  "Barbara",
    "Pamela", "Sylvia",   "Joyce",  "Irene",   "Brenda",     "June",   "Beryl",     "Valerie",
    "Rita",   "Audrey",   "Eileen", "Shirley", "Gladys",     "Hilda",  "Christine", "Linda",
    "Carol",  "Ann",      "Mary",   "Dorothy", "Jacqueline", "Marion"};
static const char *const british_men[] = {
    "James",  "Daniel",  "Matthew",     "Thomas", "Mark",  "Paul",  "Stephen", "Andrew",  "Lee",    "Jason",
    "Darren", "Gary",    "Simon",       "Craig",  "Ryan",  "Luke",  "Adam",    "Jack",    "Liam",   "Sean",
    "Robert", "Richard", "Christopher", "Scott",  "Wayne", "Dean",  "Stuart",  "Neil",    "Martin", "Ben",
    "Joshua", "Callum",  "Jamie",       "Nathan", "Aaron", "Kevin", "Ian",     "Charlie", "Oliver", "Harry"};
static const char *const british_women[] = {
    "Sarah",  "Emma",    "Claire", "Nicola",  "Lisa",   "Karen",   "Joanne",  "Michelle",
    "Tracey", "Donna",   "Rachel", "Rebecca", "Gemma",  "Laura",   "Hannah",  "Charlotte",
    "Chloe",  "Jessica", "Sophie", "Amy",     "Kelly",  "Stacey",  "Leanne",  "Zoe",
    "Lucy",   "Helen",   "Julie",  "Debra",   "Sharon", "Natalie", "Abigail", "Kerry"};
static const char *const british_family[] = {
    "Ackroyd",  "Barlow",  "Bennett",  "Bishop", "Bowden",   "Brooks",  "Burgess",  "Carter",  "Chapman",
    "Clarke",   "Coleman", "Cooper",   "Cox",    "Crossley", "Curtis",  "Dawson",   "Dixon",   "Draper",
    "Ellis",    "Farrow",  "Fletcher", "Foster", "Fuller",   "Gibbs",   "Godfrey",  "Gould",   "Green",
    "Griffin",  "Hale",    "Harding",  "Harper", "Hayward",  "Hicks",   "Holloway", "Hudson",  "Jarvis",
    "Jenkins",  "Jones",   "Kemp",     "Knight", "Lambert",  "Lane",    "Lawson",   "Lucas",   "Marsh",
    "Mason",    "Mills",   "Morris",   "Nash",   "Newman",   "Norris",  "Osborne",  "Page",    "Parker",
    "Payne",    "Perkins", "Pratt",    "Quinn",  "Read",     "Reeves",  "Rhodes",   "Rowe",    "Sanders",
    "Shaw",     "Simmons", "Skinner",  "Smith",  "Spencer",  "Stanton", "Stokes",   "Sutton",  "Taylor",
    "Thorne",   "Tucker",  "Turner",   "Wade",   "Walsh",    "Ward",    "Watts",    "Webster", "Wheeler",
    "Whitaker", "Wilkins", "Wood",     "Wright", "Young"};
static const char *const irish_men[] = {"Patrick", "Declan", "Brendan", "Eamon",  "Michael",
                                        "Kieran",  "Dermot", "Cormac",  "Fergal", "Sean",
                                        "Niall",   "Gerard", "Donal",   "Finbar"};
static const char *const irish_women[] = {"Bridget", "Siobhan", "Maeve", "Kathleen", "Noreen", "Aoife",
                                          "Orla",    "Teresa",  "Nuala", "Grainne",  "Maura",  "Ciara"};
static const char *const irish_family[] = {"Brennan", "Byrne",   "Casey",     "Cullinane", "Doherty",
                                           "Doyle",   "Fahy",    "Gallagher", "Hanlon",    "Keane",
                                           "Kearney", "Lynch",   "McCabe",    "McGrath",   "Moran",
                                           "Nolan",   "O'Dwyer", "O'Keeffe",  "Rafferty",  "Tierney"};
static const char *const slav_men[] = {
    "Piotr",  "Andrzej",   "Krzysztof", "Marek",     "Tomasz", "Pawel", "Jakub",  "Mateusz",  "Vytautas",
    "Darius", "Mindaugas", "Andris",    "Stanislav", "Dmitri", "Petar", "Georgi", "Zbigniew", "Wojciech"};
static const char *const slav_women[] = {"Agnieszka", "Katarzyna",  "Ewa",   "Magdalena", "Joanna",
                                         "Monika",    "Ruta",       "Daiva", "Svetlana",  "Elena",
                                         "Iveta",     "Malgorzata", "Beata", "Renata"};
static const char *const slav_family[] = {"Nowicki",   "Zielonka", "Wrobel", "Kozak",      "Mazurek",
                                          "Sikora",    "Pawlak",   "Dudek",  "Jankauskas", "Petrauskas",
                                          "Kalnins",   "Ozols",    "Horvat", "Dimitrov",   "Todorov",
                                          "Kovalenko", "Urban",    "Malek",  "Gajda"};
static const char *const romanian_men[] = {"Ionut", "Vasile", "Gheorghe", "Marius", "Florin", "Catalin",
                                           "Mihai", "Razvan", "Cosmin",   "Sorin",  "Adrian", "Dumitru"};
static const char *const romanian_women[] = {"Ioana",   "Mihaela", "Gabriela", "Alina", "Roxana",
                                             "Daniela", "Raluca",  "Simona",   "Oana"};
static const char *const romanian_family[] = {"Popescu",  "Ionescu", "Munteanu", "Rusu",   "Dragan", "Stoica",
                                              "Moldovan", "Lupu",    "Ciobanu",  "Enache", "Barbu",  "Neagu"};
static const char *const panjab_men[] = {"Harjit", "Balbir",   "Gurpreet", "Rajesh", "Sanjay", "Vijay",
                                         "Anil",   "Mohinder", "Nikhil",   "Arjun",  "Suresh", "Jaspal",
                                         "Kiran",  "Prakash",  "Amit",     "Dilip"};
static const char *const panjab_women[] = {"Harpreet",  "Sunita", "Manjit", "Priya",  "Kavita",  "Meena",
                                           "Jasvinder", "Nisha",  "Pooja",  "Shanta", "Lakshmi", "Rekha"};
static const char *const panjab_family[] = {"Singh",  "Patel",  "Sharma",    "Gill",  "Shah",    "Desai",
                                            "Bhatt",  "Sandhu", "Dhillon",   "Mehta", "Joshi",   "Kapoor",
                                            "Grewal", "Nair",   "Sivakumar", "Rajan", "Chauhan", "Kaur"};
static const char *const bengal_men[] = {"Abdul", "Mohammed", "Imran", "Shahid", "Tariq",  "Kamal",
                                         "Rafiq", "Bilal",    "Yusuf", "Faisal", "Nazrul", "Jamal",
                                         "Asif",  "Zahid",    "Habib", "Anwar"};
static const char *const bengal_women[] = {"Fatima", "Ayesha",  "Nasreen", "Shabana", "Rukhsana", "Sultana",
                                           "Zainab", "Tahmina", "Farah",   "Razia",   "Hasina"};
static const char *const bengal_family[] = {"Khan",     "Ahmed",   "Hussain", "Begum", "Choudhury", "Miah",
                                            "Uddin",    "Islam",   "Malik",   "Mirza", "Akhtar",    "Rahman",
                                            "Siddiqui", "Qureshi", "Sheikh",  "Iqbal"};
static const char *const african_men[] = {"Emeka",  "Chinedu", "Kwame", "Kofi",    "Babatunde", "Olu",
                                          "Tunde",  "Femi",    "Kwesi", "Ibrahim", "Samuel",    "Emmanuel",
                                          "Daniel", "Tendai",  "Moses", "Joseph"};
static const char *const african_women[] = {"Ngozi",   "Abena",    "Folake", "Yetunde", "Grace",
                                            "Comfort", "Blessing", "Adwoa",  "Chioma",  "Mercy",
                                            "Esther",  "Funmi",    "Joy"};
static const char *const african_family[] = {"Adeyemi", "Okafor",  "Mensah",   "Boateng", "Owusu", "Afolabi",
                                             "Eze",     "Balogun", "Asante",   "Nwosu",   "Osei",  "Kamara",
                                             "Sesay",   "Moyo",    "Oyelaran", "Appiah",  "Obi"};
static const char *const carib_men[] = {"Winston", "Delroy",  "Leroy",    "Trevor", "Errol",
                                        "Desmond", "Marcus",  "Jermaine", "Tyrone", "Andre",
                                        "Clifton", "Carlton", "Dwayne",   "Neville"};
static const char *const carib_women[] = {"Beverley", "Yvonne", "Marcia",  "Hyacinth", "Claudette", "Sonia",
                                          "Shanice",  "Gloria", "Monique", "Merlene",  "Paulette"};
static const char *const carib_family[] = {"Campbell", "Gordon",   "Francis", "Bailey", "Grant",  "Henry",
                                           "Joseph",   "Thompson", "Reid",    "Morgan", "Clarke", "Lewin",
                                           "Dacosta",  "Blake",    "Pinnock", "Brown"};
static const char *const turk_men[] = {"Mehmet",  "Ali",    "Hasan", "Mustafa", "Kemal",
                                       "Andreas", "Costas", "Ahmet", "Emre",    "Nikos"};
static const char *const turk_women[] = {"Ayse",  "Emine", "Elif",   "Fatma",
                                         "Maria", "Eleni", "Zeynep", "Sevgi"};
static const char *const turk_family[] = {"Yilmaz",   "Demir",   "Kaya",   "Ozturk", "Aydin",
                                          "Georgiou", "Ioannou", "Arslan", "Kilic",  "Christou"};
static const char *const arab_men[] = {"Omar",   "Hassan", "Khalid", "Mahmoud", "Abdi",  "Mohamed", "Karim",
                                       "Ismail", "Reza",   "Farid",  "Ahmad",   "Salah", "Nasir"};
static const char *const arab_women[] = {"Amina", "Hodan",  "Layla", "Samira", "Halima",
                                         "Nadia", "Mariam", "Leila", "Shirin"};
static const char *const arab_family[] = {"Hassan", "Ali",     "Farah",  "Warsame", "Haddad",
                                          "Nasser", "Mansour", "Karimi", "Osman",   "Saleh",
                                          "Jama",   "Rahimi",  "Aziz"};
static const char *const latin_men[] = {"Joao",     "Carlos", "Luis", "Miguel", "Paulo",  "Marco",
                                        "Giovanni", "Rui",    "Jose", "Diego",  "Andrea", "Fernando"};
static const char *const latin_women[] = {"Ana",   "Lucia",   "Carla",  "Giulia",    "Rosa",
                                          "Paula", "Beatriz", "Camila", "Francesca", "Ines"};
static const char *const latin_family[] = {"Ferreira", "Silva", "Santos",  "Moreira", "Rossi",   "Conti",
                                           "Garcia",   "Lopez", "Herrera", "Pinto",   "Almeida", "Marino"};
static const char *const east_men[] = {"Wei", "Jun",       "Kai Ming", "Minh",    "Duc",
                                       "Hao", "Chi Keung", "Ramon",    "Takeshi", "Rodel"};
static const char *const east_women[] = {"Mei",     "Ling", "Hanh",     "Xiu",   "Yan",
                                         "Maricel", "Lan",  "Siu Fong", "Rowena"};
static const char *const east_family[] = {"Chan", "Wong",   "Lam",   "Nguyen",   "Tran", "Zhang",
                                          "Li",   "Cheung", "Reyes", "Santiago", "Ho"};
static const char *const trade[] = {"builder",
                                    "cleaner",
                                    "chef",
                                    "carer",
                                    "driver",
                                    "teacher",
                                    "nurse",
                                    "office worker",
                                    "electrician",
                                    "student",
                                    "unemployed",
                                    "unemployed",
                                    "unemployed",
                                    "shop worker",
                                    "security guard",
                                    "warehouse worker",
                                    "accountant",
                                    "plumber",
                                    "scaffolder",
                                    "hairdresser",
                                    "bar worker",
                                    "civil servant",
                                    "painter and decorator",
                                    "software developer",
                                    "receptionist",
                                    "labourer",
                                    "courier",
                                    "mechanic",
                                    "musician",
                                    "social worker",
                                    "not working, ill health",
                                    "not working, ill health",
                                    "market trader",
                                    "roofer",
                                    "project manager",
                                    "kitchen porter",
                                    "teaching assistant",
                                    "taxi driver",
                                    "gardener",
                                    "bank clerk",
                                    "photographer",
                                    "solicitor"};

#define ORIGIN(share, m, w, f)                                                                               \
    {                                                                                                        \
        share, m, w, f, (uint8_t)COUNT_OF(m), (uint8_t)COUNT_OF(w), (uint8_t)COUNT_OF(f)                     \
    }
enum { ORIGIN_BRITISH };
static const struct origin origin[] = {
    [ORIGIN_BRITISH] = ORIGIN(560, british_men, british_women, british_family),
    ORIGIN(55, irish_men, irish_women, irish_family),
    ORIGIN(50, slav_men, slav_women, slav_family),
    ORIGIN(18, romanian_men, romanian_women, romanian_family),
    ORIGIN(70, panjab_men, panjab_women, panjab_family),
    ORIGIN(60, bengal_men, bengal_women, bengal_family),
    ORIGIN(55, african_men, african_women, african_family),
    ORIGIN(50, carib_men, carib_women, carib_family),
    ORIGIN(20, turk_men, turk_women, turk_family),
    ORIGIN(25, arab_men, arab_women, arab_family),
    ORIGIN(25, latin_men, latin_women, latin_family),
    ORIGIN(12, east_men, east_women, east_family),
};

static const char *given_name(struct rng *r, uint16_t from, char sex, int age)
{
    const struct origin *o = &origin[from];
    bool woman = sex == 'F';
    if (from == ORIGIN_BRITISH && age >= 58) {
        return woman ? synth_choose(r, british_old_women, COUNT_OF(british_old_women))
                     : synth_choose(r, british_old_men, COUNT_OF(british_old_men));
    }
    return woman ? synth_choose(r, o->women, o->women_count) : synth_choose(r, o->men, o->men_count);
}

struct name synth_name(struct rng *r, char sex, int age)
{
    uint16_t share[COUNT_OF(origin)];
    for (size_t i = 0; i < COUNT_OF(origin); i++)
        share[i] = origin[i].share;
    struct name n = {.origin = (uint16_t)synth_pick(r, share, COUNT_OF(origin))};
    const struct origin *o = &origin[n.origin];
    n.given = given_name(r, n.origin, sex, age);
    n.family = synth_choose(r, o->family, o->family_count);
    return n;
}

struct name synth_name_of_kin(struct rng *r, const struct name *of, char sex, int age)
{
    struct name n = *of;
    n.given = given_name(r, of->origin, sex, age);
    return n;
}

Str synth_name_text(struct arena *a, const struct name *n)
{
    return str_format(a, "%s %s", n->given, n->family);
}

Str synth_name_misheard(struct arena *a, struct rng *r, const struct name *n)
{
    double how = rng_unit(r);
    if (how < 0.45) return synth_name_text(a, n);
    if (how < 0.60) return str_format(a, "%s, %s", n->family, n->given);
    if (how < 0.75) return str_format(a, "%.1s %s", n->given, n->family);
    Str text = synth_name_text(a, n);
    char *c = str_cstr(a, text);
    size_t from = text.len > 6 ? text.len - 5 : 1; /* somewhere in the surname */
    size_t at = from + rng_below(r, text.len - from - 1);
    if (c[at] >= 'a' && c[at] <= 'z' && c[at + 1] >= 'a' && c[at + 1] <= 'z') {
        char keep = c[at];
        c[at] = c[at + 1];
        c[at + 1] = keep;
    }
    return (Str){c, text.len};
}

const char *synth_occupation(struct rng *r, int age)
{
    if (age < 5) return NULL;
    if (age < 18) return "school pupil";
    if (age >= 67 || (age >= 60 && rng_chance(r, 0.4))) return "retired";
    if (age < 23 && rng_chance(r, 0.35)) return "student";
    return synth_choose(r, trade, COUNT_OF(trade));
}

Str synth_handle(struct arena *a, struct rng *r)
{
    static const char *const common[] = {"Mike", "Dave", "Chris", "Alex", "Sam",
                                         "Jay",  "Tony", "Steve", "Ali",  "Max"};
    static const char *const word[] = {"blue",  "happy",  "north", "lucky", "silver", "london", "night",
                                       "river", "gentle", "loud",  "quick", "sunny",  "rusty",  "velvet"};
    double how = rng_unit(r);
    if (how < 0.35) return str_of(synth_choose(r, common, COUNT_OF(common)));
    if (how < 0.60) {
        struct name n = synth_name(r, rng_chance(r, 0.6) ? 'M' : 'F', 30);
        return synth_name_text(a, &n);
    }
    return str_format(a, "%s%s%u", synth_choose(r, word, COUNT_OF(word)),
                      synth_choose(r, common, COUNT_OF(common)), (unsigned)rng_below(r, 1000));
}
