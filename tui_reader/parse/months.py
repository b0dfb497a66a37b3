"""The names of the months, as feeds write them: whole and cut off, without accents and in lower case."""

from __future__ import annotations

import unicodedata

_NAMES = """
jan january janvier janv januar janner enero ene janeiro gennaio gen januari styczen stycznia sty leden ledna
    январь января янв ocak ιαν ιανουαριος ιανουαριου януари січня
feb february febr fevrier fevr fev februar febrero fevereiro febbraio februari luty lutego lut februari unora
    февраль февраля фев февр subat φεβ φεβρουαριος φεβρουαριου февруари лютого februar
mar march mars marz maerz mrz marzo marco maart mrt marzec marca brezen brezna март марта мар mart μαρ μαω μαρτιος
    μαρτιου березня marcius
apr april avril avr abril abr aprile kwiecien kwietnia kwi duben dubna апрель апреля апр nisan nis απρ απριλιος
    απριλιου април квітня aprilis
may mai mayo maio maggio mag mei maj maja kveten kvetna май мая mayis μαι μαιος μαιου травня majus
jun june juin juni junio junho giugno giu czerwiec czerwca cze cerven cervna июнь июня июн haziran haz ιουν ιον ιουνιος
    ιουνιου юни червня junius
jul july juillet juil juli julio julho luglio lug lipiec lipca lip cervenec cervence июль июля июл temmuz tem ιουλ ιολ
    ιουλιος ιουλιου юли липня julius
aug august aout aou agosto ago augustus sierpien sierpnia sie srpen srpna август августа авг agustos αυγ αυγουστος
    αυγουστου серпня augusztus
sep sept september septembre septiembre setiembre setembro set settembre wrzesien wrzesnia wrz zari сентябрь сентября
    сен сент eylul eyl σεπ σεπτ σεπτεμβριος σεπτεμβριου септември вересня szeptember
oct october octobre oktober okt octubre outubro out ottobre ott pazdziernik pazdziernika paz rijen rijna октябрь
    октября окт ekim eki οκτ οκτωβριος οκτωβριου октомври жовтня
nov november novembre noviembre novembro listopad listopadu listopada lis ноябрь ноября ноя нояб kasim kas νοε
    νοεμβριος νοεμβριου ноември листопада
dec december decembre dezember dez diciembre dic dezembro dicembre grudzien grudnia gru prosinec prosince декабрь
    декабря дек aralik ara δεκ δεκεμβριος δεκεμβριου декември грудня
"""


def plain(word: str) -> str:
    """In lower case and without accents: "Août" and "aout" are one."""
    return "".join(each for each in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(each))


MONTHS = {
    plain(name): number
    for number, names in enumerate(_NAMES.strip().replace("\n    ", " ").split("\n"), start=1)
    for name in names.split()
}
"""Name → number."""
