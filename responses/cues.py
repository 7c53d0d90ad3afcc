"""Cues: words that stand around a name and say whether a place is meant, folded as `nlu_data.normalise.fold` does."""

from __future__ import annotations

from collections.abc import Mapping

# The kinds of a name's forms: where one is or goes, where one comes from, Albanian ones, the name itself.
AT, FROM, ALBANIAN, PLAIN = "at", "from", "albanian", "plain"

# Prepositions by the form that they want. "na" and "te" are left out: "na istoku" is a direction, "te" mostly "you".
BEFORE: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("u", "prema"), (AT,)),
    **dict.fromkeys(("iz", "od", "do", "kod", "blizu", "oko", "pored", "kraj", "pokraj", "izvan"), (FROM,)),
    **dict.fromkeys(("ne", "n", "nga", "prej", "afer", "deri", "drejt", "rreth"), (ALBANIAN, PLAIN)),
    **dict.fromkeys(("in", "from", "near", "at", "to", "around", "outside", "inside"), (PLAIN,)),
}
INSIDE = frozenset("u na ne n in at inside ovde ketu here".split())
AWAY = frozenset("iz od do nga prej deri from to prema drejt".split())
PREPOSITIONS = frozenset(BEFORE) | {"na", "za", "te", "per", "by"}

# Before a village's or a quarter's name, beside the prepositions.
LEADS = frozenset(
    "preko kroz ka via through across pi te per the selo sela selu naselje naselju naselja kamp kampu kampa"
    " camp village quarter granica granici prelaz prelazu fshati fshatin fshat lagja lagjja lagjen lagje kufiri kufirin"
    " banja banji manastir".split()
)
# Albanian links before a name in the genitive: "komuna e Vushtrrisë".
LINKS = frozenset("e i te se t s".split())
# Right before a name, these say that it is a place's.
KINDS = frozenset(
    "opstina opstini opstine grad gradu grada selo selu sela prelaz prelazu granica granici komuna komunen qyteti"
    " qytetin fshati fshatin kufiri kufirin kufini municipality village town".split()
)
# After these a name is a person's: "zove se Ada", "tetka Ruma", "my friend Vera". A place can be called something too.
CALLED = frozenset("zove zovu zovem imenu called named name quhet quhem quajne emri nadimak".split())
PEOPLE = frozenset(
    "tetka tetki strina baba majka majci sestra sestri drugarica drugarici gazdarica"
    " gospodja gospodin gosn motra shoqja tezja halla nana zonja zoti"
    " aunt sister friend mr mrs miss".split()
)
A_PLACE_CALLED = frozenset("selo mesto grad fshat fshati qytet qyteti vendi village town city place".split())
NAMED_AFTER = {"je": {"ime", "nadimak"}, "is": {"name"}, "eshte": {"emri"}, "osht": {"emri"}}

# What may stand beside a name that stands alone.
BESIDE = PREPOSITIONS | frozenset(
    "ja sam sada sad ovde tu zivim grad opstina opstini selo trenutno nalazim se"
    " une jam jom tash tani ketu jetoj qytet qyteti komuna komunen e"
    " i am m now here live town city municipality"
    " srbija srbiji serbia serbi serbise kosovo kosovu kosove kosova kosoven".split()
)
# Names that are also words or first names, in one of the languages: careful with them, however long.
ALSO_WORDS = frozenset(
    "istok istog viti vitina klina kline kula topola padina majur zvecka kovilj shtime klokot razanj sopot borca burim"
    " besiana besiane kastriot dardane artane albanik mol pazar palanka sharr sonta stari_grad"
    " senta gradina vucje zvonce neimar vojka bezdan bukovac medveda tutin secanj kamenica kamenice"
    " vrbovac palic".split()
)
# Albanian prepositions that come before these words when they are words: "nga viti 2020", "nga Besiana".
NOT_AFTER = frozenset("nga prej deri rreth".split())
WORDS_AFTER_FROM = frozenset("viti besiana besiane kastrioti burimi dardana".split())
# Near a name by a letter, or one of its forms, and something else: countries, cities elsewhere, words of this field.
NO_PLACE = frozenset(
    "srbija srbiji srbije srbiju serbia serbi serbine serbise kosovo kosova kosove kosoven kosovu kosovska"
    " indija indiji indije indiju india grcka grcku grckoj bosna bosni bosne podgorica podgorici skoplje skopje tirana"
    " tirane sarajevo sarajevu zagreb zagrebu subotu subotom sonte polici policia policija policiji policine police"
    " trgovina trgovine trgovinu trgovini baraci vraca vrata raste ubicu ubice zubara kafani kuce posle sutra"
    " gjilpana gjilpanes parties crvenom crvenog crvene zeleznicka zeleznicke zeleznickoj".split()
)
# By these a text is Albanian, where "u nis" is "set off" and not Niš.
ALBANIAN_WORDS = frozenset(
    "nga per dhe eshte osht jam jom kam une cdo qe nje pune tash burri cka si"
    " ai ajo kah edhe krejt kur mos autobusi merre sot".split()
)
# In more than a few words these are something else: in the snow (borë), by the stove.
SELDOM = frozenset({("n", "bor"), ("ne", "bor"), ("kod", "peci"), ("pored", "peci")})
