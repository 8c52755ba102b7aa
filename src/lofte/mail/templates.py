"""The letters that leave the house by e-mail, as data. A changed text has a new version.

A letter holds no data about the person, but the number of their case: whoever reads the mailbox learns
that something was asked, and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lofte.law.wording import Wording

PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """The words of a letter, with places for facts."""

    version: int
    subject: Wording
    body: Wording
    staff: bool = False
    """It goes to those who work here, and to nobody whose case it is about."""

    @property
    def places(self) -> frozenset[str]:
        """The facts that it names, in either language."""
        said = (self.subject.sv, self.subject.en, self.body.sv, self.body.en)
        return frozenset(name for words in said for name in PLACE.findall(words))


_END = Wording(
    sv="\n\nÄr du inte nöjd kan du klaga hos {authority}: {authority_url}\n\n{company}",
    en="\n\nIf you are not content, you may complain to {authority}: {authority_url}\n\n{company}",
)


def _with_end(sv: str, en: str) -> Wording:
    return Wording(sv=sv + _END.sv, en=en + _END.en)


TEMPLATES: Mapping[str, Template] = {
    "received": Template(
        version=1,
        subject=Wording(
            sv="Vi har tagit emot din begäran {number}", en="We have received your request {number}"
        ),
        body=_with_end(
            sv="Hej!\n\nVi har tagit emot det här den {day}:\n\n{requests}\n\n{next}\n\nFölj ditt ärende på "
            "{portal}/mine\n\nDu får det här mejlet vare sig vi har uppgifter om dig eller inte. Har du inte "
            "bett om något hos oss kan du bortse från det.",
            en="Hello,\n\nWe received this on {day}:\n\n{requests}\n\n{next}\n\nFollow your case at "
            "{portal}/mine\n\nYou get this e-mail whether or not we hold data about you. If you have not "
            "asked us for anything, you may disregard it.",
        ),
    ),
    "code": Template(
        version=2,
        subject=Wording(sv="Din kod för ärende {number}", en="Your code for case {number}"),
        body=Wording(
            sv="Hej!\n\nNågon har bett om en kod i ärende {number} hos {company}, för att visa att det "
            "är du.\n\n"
            "Din kod: {code}\n\nSkriv den på sidan där du bad om den, inom {minutes} minuter. Vi ringer "
            "eller mejlar aldrig och frågar efter koden. Var det inte du? Gör ingenting: utan koden lämnar "
            "vi inte ut något.\n\n{company}",
            en="Hello,\n\nSomebody has asked to show that they are you, in case {number} at {company}.\n\n"
            "Your code: {code}\n\nType it on the page where you asked for it, within {minutes} minutes. We "
            "never call or write to ask for the code. Was it not you? Do nothing: without the code we "
            "disclose nothing.\n\n{company}",
        ),
    ),
    "code_text": Template(
        version=1,
        subject=Wording(sv="Kod", en="Code"),
        body=Wording(
            sv="{code} är din kod för ärende {number} hos {company}. Den gäller i {minutes} minuter. Vi "
            "frågar aldrig efter den.",
            en="{code} is your code for case {number} at {company}. It holds for {minutes} minutes. We never "
            "ask for it.",
        ),
    ),
    "withdrawn": Template(
        version=1,
        subject=Wording(
            sv="Din begäran {number} är återtagen", en="Your request {number} has been taken back"
        ),
        body=_with_end(
            sv="Hej!\n\nDin begäran {number} ({right}) är återtagen, och vi gör inget mer med den. Du kan "
            "när som helst be om samma sak igen på {portal}/ask\n\nVar det inte du? Svara på det här mejlet.",
            en="Hello,\n\nYour request {number} ({right}) has been taken back, and we do nothing more with "
            "it. You may ask for the same again at any time at {portal}/ask\n\nWas it not you? Answer this "
            "e-mail.",
        ),
    ),
    "code_letter": Template(
        version=2,
        subject=Wording(sv="Din kod för ärende {number}", en="Your code for case {number}"),
        body=Wording(
            sv="Hej!\n\nNågon har bett om en kod i ärende {number} hos {company}, för att visa att det är "
            "du. Det här brevet går till din folkbokföringsadress.\n\nDin kod: {code}\n\nSkriv den på "
            "{portal}/mine senast den {until}. Ange först ärendets nummer och e-postadressen från "
            "din begäran. Var det inte du? Gör ingenting: utan koden lämnar vi inte ut något.\n\n{company}",
            en="Hello,\n\nSomebody has asked to show that they are you, in case {number} at {company}. This "
            "letter goes to your registered address.\n\nYour code: {code}\n\nType it at {portal}/mine by "
            "{until}. First give the number of the case and the e-mail address of your request. Was it not "
            "you? Do nothing: without the code we disclose nothing.\n\n{company}",
        ),
    ),
    "news": Template(
        version=1,
        subject=Wording(
            sv="Det har hänt något i ditt ärende {number}", en="There is news in your case {number}"
        ),
        body=_with_end(
            sv="Hej!\n\nDet har hänt något i ditt ärende {number}. Läs vad på {portal}/mine: skriv ärendets "
            "nummer och din e-postadress, så får du en kod.\n\nVi skriver aldrig i mejlet vad det gäller.",
            en="Hello,\n\nSomething has happened in your case {number}. Read what at {portal}/mine: type the "
            "number of the case and your e-mail address, and you get a code.\n\nWe never write in an e-mail "
            "what it is about.",
        ),
    ),
    "fetch": Template(
        version=1,
        subject=Wording(sv="Svaret i ärende {number} är klart", en="The answer in case {number} is ready"),
        body=_with_end(
            sv="Hej!\n\nDitt svar i ärende {number} är klart. Hämta det på {portal}/mine till och med den "
            "{until}. Du kan hämta det {times} gånger.\n\nAv säkerhetsskäl finns inga uppgifter om dig i "
            "det här mejlet, och ingen länk som öppnar svaret: skriv ärendets nummer på sidan och visa där "
            "vem du är.",
            en="Hello,\n\nYour answer in case {number} is ready. Fetch it at {portal}/mine by {until}. You "
            "can fetch it {times} times.\n\nFor your safety this e-mail holds no data about you, and no "
            "link that opens the answer: type the number of the case on the page, and show there who you "
            "are.",
        ),
    ),
    "supplement": Template(
        version=1,
        subject=Wording(
            sv="Svaret i ärende {number} har kompletterats",
            en="The answer in case {number} has been supplemented",
        ),
        body=_with_end(
            sv="Hej!\n\nVi har gått igenom uppgifter som inte var med i ditt svar i ärende {number}. Nu "
            "ligger ett nytt svar där, med dem. Det ersätter det förra. Hämta det på {portal}/mine "
            "till och med den {until}. Du kan hämta det {times} gånger.\n\nAv säkerhetsskäl finns inga "
            "uppgifter om dig i det här mejlet, och ingen länk som öppnar svaret: skriv ärendets "
            "nummer på sidan och visa där vem du är.",
            en="Hello,\n\nWe have gone through data that were not in your answer in case {number}. A new "
            "answer lies there now, with them. It takes the place of the earlier one. Fetch it at "
            "{portal}/mine by {until}. You can fetch it {times} times.\n\nFor your safety this e-mail holds "
            "no data about you, and no link that opens the answer: type the number of the case on the page, "
            "and show there who you are.",
        ),
    ),
    "policy_changes": Template(
        version=1,
        subject=Wording(
            sv="Vår integritetspolicy ändras från den {day}", en="Our privacy policy changes from {day}"
        ),
        body=_with_end(
            sv="Hej!\n\nFrån den {day} gäller en ny version av vår integritetspolicy, version {version}. "
            "Det här ändras:\n\n{what}\n\nLäs vad som stod förut och vad som står nu:\n{read}\n\n"
            "Du behöver inte göra något. Du får det här mejlet för att vi har uppgifter om dig och ska "
            "berätta innan vi ändrar hur vi använder dem. Det är inte reklam, och att läsa det är inte att "
            "samtycka till något. Du kan invända eller be oss radera dina uppgifter på {portal}/ask",
            en="Hello,\n\nFrom {day} a new version of our privacy policy applies, version {version}. This "
            "changes:\n\n{what}\n\nRead what it said before and what it says now:\n{read}\n\nYou need do "
            "nothing. You get this e-mail because we hold data about you and must tell you before we change "
            "how we use them. It is not advertising, and to read it is not to consent to anything. You may "
            "object, or ask us to erase your data, at {portal}/ask",
        ),
    ),
    "policy_news": Template(
        version=1,
        subject=Wording(
            sv="Ny version av vår integritetspolicy från den {day}",
            en="A new version of our privacy policy from {day}",
        ),
        body=Wording(
            sv="Hej!\n\nFrån den {day} gäller version {version} av vår integritetspolicy.\n\n{what}\n\nLäs "
            "vad som stod förut och vad som står nu:\n{read}\n\nDu har bett om att få veta när den ändras. "
            "Vill du inte det längre? Gå hit, så slutar vi genast:\n{stop}\n\n{company}",
            en="Hello,\n\nFrom {day} version {version} of our privacy policy applies.\n\n{what}\n\nRead what "
            "it said before and what it says now:\n{read}\n\nYou have asked to be told when it changes. Do "
            "you not want that any more? Go here, and we stop at once:\n{stop}\n\n{company}",
        ),
    ),
    "subscribe": Template(
        version=1,
        subject=Wording(
            sv="Vill du få veta när vår integritetspolicy ändras?",
            en="Do you want to know when our privacy policy changes?",
        ),
        body=Wording(
            sv="Hej!\n\nNågon har skrivit den här adressen på vår sida, för att få mejl när vår "
            "integritetspolicy ändras. Är det du, och vill du det? Gå hit inom en vecka:\n{confirm}\n\n"
            "Annars behöver du inte göra något. Då glömmer vi adressen.\n\n{company}",
            en="Hello,\n\nSomebody has written this address on our site, to get an e-mail when our privacy "
            "policy changes. Is it you, and do you want that? Go here within a week:\n{confirm}\n\n"
            "Otherwise you need do nothing. We forget the address then.\n\n{company}",
        ),
    ),
    "confirm": Template(
        version=1,
        subject=Wording(sv="Vill du ha det här från {company}?", en="Do you want this from {company}?"),
        body=Wording(
            sv="Hej!\n\nNågon har skrivit din adress hos {company} och sagt ja till det här:\n\n{words}\n\n"
            "Var det du? Öppna länken inom 48 timmar och tryck på knappen:\n\n{link}\n\nVar det inte du? Gör "
            "ingenting. Då antecknas inget ja, och adressen glöms.\n\n{company}",
            en="Hello,\n\nSomebody has typed your address at {company} and said yes to this:\n\n{words}\n\n"
            "Was it you? Open the link within 48 hours and press the button:\n\n{link}\n\nWas it not you? Do "
            "nothing. Then no yes is recorded, and the address is forgotten.\n\n{company}",
        ),
    ),
    "deadlines": Template(
        version=1,
        staff=True,
        subject=Wording(sv="{many} begäranden behöver svar", en="{many} requests need an answer"),
        body=Wording(
            sv="De här begärandena behöver svar:\n\n{requests}\n\n{portal}/console/",
            en="These requests need an answer:\n\n{requests}\n\n{portal}/console/",
        ),
    ),
    "deadline": Template(
        version=1,
        staff=True,
        subject=Wording(sv="Begäran {number}: {left}", en="Request {number}: {left}"),
        body=Wording(
            sv="Begäran {number} ({right}) ska besvaras senast den {due}: {left}.\n\n"
            "{portal}/console/requests/{number}",
            en="Request {number} ({right}) must be answered by {due}: {left}.\n\n"
            "{portal}/console/requests/{number}",
        ),
    ),
    "checkpoint": Template(
        version=1,
        staff=True,
        subject=Wording(sv="Liggaren: {size} poster signerade", en="The ledger: {size} entries signed"),
        body=Wording(
            sv="Så långt hade liggaren hos {company} kommit. Spara brevet: med det kan du senare se att "
            "ingenting har tagits bort eller skrivits om, med `lofte ledger verify --against FIL`.\n\n"
            "{checkpoint}",
            en="This is how far the ledger of {company} had come. Keep this letter: with it you can see "
            "later that nothing was taken away or written anew, with "
            "`lofte ledger verify --against FILE`.\n\n{checkpoint}",
        ),
    ),
}
"""Each by its name, which stands in the store with the version."""
