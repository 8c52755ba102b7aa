"""Given names that are usual in Sweden, by which a name in a text is proposed as somebody's (art. 15.4).

A list proposes and a person decides: it holds the names that most people bear, and no name that is first of
all a common word.
"""

_NAMES = """
abdi abdul abdullah adam adrian agneta ahmed aisha albin aleksander alexander alexandra alfred ali alice
alicia alma alva alvin amanda amelia amina amir anders andrea andreas anette angelica anita anja ann anna
anneli annelie annette annika anton arne aron arthur arvid astrid august axel barbro beatrice bengt benjamin
berit bertil birgit birgitta björn bo britt britta börje camilla carin carina carl carolina caroline casper
cathrine cecilia charlie charlotta charlotte christer christian christina christoffer claes clara conny dag
dagmar dan daniel daniela david dennis diana ebba eddie edith edvin edward eleonora elias elin elina
elisabet elisabeth elise ella ellen ellinor elliot elsa elvira emanuel emelie emil emilia emily emma enzo
eric erica erik erika ester eva evelina fabian fatima felicia felix fernando filip filippa folke frank frans
fredrik freja frida fritjof gabriel gabriella georg gerd gert gisela greger greta gudrun gunborg gunilla
gunnar gunnel gustaf gustav göran görel gösta halima hampus hanna hannah hanne hans harald harry hassan
hasse hedda hedvig heidi helen helena helene helge helmer henning henrik henry herman hilda hilma hjalmar
holger hugo hussein håkan ibrahim ida ines inga ingegerd ingela inger ingmar ingrid ingvar irene iris
isabella isabelle isac isak iván jacob jakob jan jane janne jasmine jenny jens jerry jesper jessica jim
jimmy joakim joanna joel johan johanna johannes john johnny jon jonas jonathan jonna josef josefin josefine
josephine judit julia julie jörgen kaj kajsa kalle karim karin karl karolina katarina kate katja kennet
kenneth kent kerstin kevin khadija kim kjell klara klas knut krister kristian kristin kristina kristoffer
kurt lars lasse laura leif leila lena lennart leo leon leonora liam lilian lilly lina linda linn linnea
linnéa linus lisa lisbeth liv lotta louise lovisa lucas lucia ludvig luka lukas lykke magdalena magnus maj
maja malin malte malva marcus margareta margaretha maria mariam marianne marie marika marina markus marta
martin martina mathias mathilda matilda mats matteo mattias max maximilian meja melissa melvin mia micael
michael mikael mike milla milo milton mira miriam moa mohamed mohammed molly mona monica monika mustafa
märta nadia naima natalie nathalie nellie nicklas niclas nicolas nicole niklas nils nina noah noel nora nova
ola olga oliver olivia olle olof omar oscar oskar osman otto ove owe pamela patric patricia patrik paul
paula pauline per pernilla peter petra petter pia pierre pontus rasmus rebecca rebecka reza richard rickard
robert robin roger roland rolf ronja rosita ruben rune rut ruth saga sally samir samuel sandra sanna sara
sarah sebastian selma sigge signe sigrid sigurd simon siri siv sixten sofia sofie solveig sonja sophia
staffan stefan stella sten stig stina sture sune susanna susanne svante sven sven-erik tage tanja tea teodor
tess theo therese therése thomas thor tilda tilde tim tina tobias tom tomas tommy tor torbjörn tord tore
torsten tova tove tuva tyra ulf ulla ulrica ulrika urban vera veronica veronika victor victoria vidar viggo
viktor viktoria vilgot vilhelm vilma vincent viola viveka vivianne wilhelm wille william wilma yasmin yngve
yusuf yvonne zahra zoe åke åsa östen
"""

GIVEN_NAMES = frozenset(_NAMES.split())
"""In small letters."""
