"""Invented guests from many languages: accents, apostrophes, double surnames, one-word and non-Latin names.

Names test search, layout and receipts more than anything else does, so they are written out rather than composed.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A guest's name and origin.

    Args:
        first: Given names; empty where somebody has only one name.
        last: Surname, the one name that is always there.
        second: Second surname, or None.
        sex: ``Male``, ``Female`` or None.
        nationality: ISO 3166-1 alpha-2.
        language: Language-culture code.
    """

    first: str
    last: str
    second: str | None = None
    sex: str | None = None
    nationality: str = "GB"
    language: str = "en-GB"

    @property
    def email(self) -> str:
        """An address of a reserved domain (RFC 2606) that can never reach anybody."""
        local = "".join(letter for letter in f"{self.first}.{self.last}".lower() if letter.isascii())
        return f"{local.replace(' ', '').replace(chr(39), '').strip('.-') or 'guest'}@mail.example"


_ROWS = """
Seán|O'Brien||M|IE|en-IE
Zoë|Achterberg||F|NL|nl-NL
Jürgen|Müller||M|DE|de-DE
Wang|Xiaoming (王小明)||M|CN|zh-CN
María José|García|Fernández|F|ES|es-ES
Gabriel|Núñez|de la Peña|M|MX|es-MX
João|Gonçalves|Araújo|M|PT|pt-PT
Łukasz|Żółkiewski||M|PL|pl-PL
Åsa|Sjöström||F|SE|sv-SE
Bjørn|Østergård||M|DK|da-DK
Þórdís|Guðmundsdóttir||F|IS|is-IS
Nguyễn|Thị Ánh||F|VN|vi-VN
Şebnem|Çağlayan||F|TR|tr-TR
François|L'Écuyer||M|FR|fr-FR
Mary-Jane|Fortescue-Smythe||F|GB|en-GB
Siobhán|Ní Dhomhnaill||F|IE|ga-IE
Dvořák|Antonín||M|CZ|cs-CZ
Ștefan|Țepeneag||M|RO|ro-RO
Δημήτρης|Παπαδόπουλος||M|GR|el-GR
Ольга|Кузнецова||F|KZ|ru-KZ
佐藤|花子||F|JP|ja-JP
김|민준||M|KR|ko-KR
ليلى|الحداد||F|JO|ar-JO
נועה|בן־דוד||F|IL|he-IL
प्रिया|शर्मा||F|IN|hi-IN
|Prabowo||M|ID|id-ID
Björk|Halldórsdóttir||F|IS|is-IS
Anaïs|Dubois-Lefèvre||F|FR|fr-FR
Niccolò|D'Annunzio||M|IT|it-IT
Ødegaard|Ingrid||F|NO|nb-NO
Kŭn-ho|Yi||M|KR|ko-KR
Péter|Szőllősi||M|HU|hu-HU
Ķērstin|Bērziņa||F|LV|lv-LV
Živilė|Šimkutė||F|LT|lt-LT
Mårten|Ström||M|FI|sv-FI
Vĩnh|Trần||M|VN|vi-VN
Oluwaseun|Adébáyò||M|NG|en-NG
Thandiwe|Nkosi||F|ZA|zu-ZA
Te Aroha|Ngāta||F|NZ|mi-NZ
Iñaki|Etxeberria|Agirre|M|ES|eu-ES
Montserrat|Puig|i Cadafalch|F|ES|ca-ES
Gruffudd|ap Llywelyn||M|GB|cy-GB
Jean-Baptiste|de Saint-Exil||M|CA|fr-CA
Ruairí|Mac an Bhaird||M|GB|gd-GB
Ġorġ|Ċassar||M|MT|mt-MT
Jovana|Đorđević||F|RS|sr-RS
Matjaž|Črnič||M|SI|sl-SI
Aleksandër|Hoxhaj||M|AL|sq-AL
Gül|Yılmaz||F|TR|tr-TR
Eleanor|Nightingale||F|GB|en-GB
Smith|Smith||M|GB|en-GB
John|Smith||M|GB|en-GB
Jane|Smithers||F|GB|en-GB
Hubert Blaine|Wolfeschlegelsteinhausenbergerdorff||M|US|en-US
Bo|Li||F|SG|en-SG
Ah Lam|Ng||M|HK|en-HK
Maximiliane Theodora Friederike|von und zu Hohenfels-Schwarzbrunn||F|AT|de-AT
Clementine|Butterworth||F|GB|en-GB
Percival|Thimbledown||M|GB|en-GB
Beatrix|Honeychurch||F|GB|en-GB
Alasdair|MacGillivray||M|GB|en-GB
Rosamund|Fairweather||F|GB|en-GB
Leopold|Inkpen||M|GB|en-GB
Cordelia|Marigold||F|GB|en-GB
Ambrose|Wintergreen||M|GB|en-GB
Delphine|Rousseau||F|BE|fr-BE
Casimir|Nowak-Jeziorański||M|PL|pl-PL
Juniper|Ashdown||F|AU|en-AU
Thaddeus|Bellweather||M|US|en-US
Marguerite|Sparrowhawk||F|US|en-US
Octavius|Plumb||M|GB|en-GB
Sadhbh|Ó Súilleabháin||F|IE|ga-IE
Horatio|Teasdale||M|GB|en-GB
Verity|Copperfield||F|GB|en-GB
Enzo|Müller-Brunner||M|CH|de-CH
Saoirse|Kavanagh||F|IE|en-IE
Quentin|Ravenscroft||M|GB|en-GB
Lavender|Hollyoak||F|GB|en-GB
Gustaf|Åkerlund||M|SE|sv-SE
Perpetua|Snow||F|GB|en-GB
Edmund|Applegarth||M|GB|en-GB
Ione|Merriweather||F|GB|en-GB
Barnabas|Crumplehorn||M|GB|en-GB
Tuulikki|Hämäläinen||F|FI|fi-FI
Algernon|Frost||M|GB|en-GB
Mirabel|Stonecrop||F|GB|en-GB
Rafael|Ibáñez|Ruiz|M|AR|es-AR
Drusilla|Wagtail||F|GB|en-GB
Cuthbert|Larchwood||M|GB|en-GB
Inês|Conceição||F|BR|pt-BR
Sigismund|Oakapple||M|GB|en-GB
Petronella|van den Berg||F|NL|nl-NL
Lysander|Quince||M|GB|en-GB
Hyacinth|Underhill||F|GB|en-GB
Fergus|O'Shaughnessy||M|IE|en-IE
Araminta|Bluebell||F|GB|en-GB
Tobias|Ölschläger||M|DE|de-DE
Eudora|Pickering||F|GB|en-GB
Lancelot|Greengage||M|GB|en-GB
Wilhelmina|Tansley||F|GB|en-GB
Montague|Driftwood||M|GB|en-GB
Seraphina|Yarrow||F|GB|en-GB
Jasper|Nettlefold||M|GB|en-GB
Ottilie|Peppercorn||F|GB|en-GB
Rhys|Llewellyn-Jones||M|GB|cy-GB
Chidinma|Okonkwo||F|NG|en-NG
"""  # noqa: RUF001 - people spell their own names


def everybody() -> list[Person]:
    """All written-out guests, in a fixed order."""
    people = []
    for row in _ROWS.strip().splitlines():
        first, last, second, sex, nationality, language = row.split("|")
        people.append(Person(first, last, second or None, _SEX[sex], nationality, language))
    return people


_SEX = {"M": "Male", "F": "Female"}
