"""France: what accounts are called (PCG, ANC 2014-03 as of ANC 2022-06), by the longest prefix.

A label holds from a day on, so that the entries of an exercise keep the words of that exercise.
"""

from collections.abc import Iterable
from datetime import date

from domain.countries.account_label import AccountLabel, label_chart

_EVER = date(2000, 4, 1)
_ANC_2022_06 = date(2025, 1, 1)
"""ANC 2022-06 renames accounts for exercises that begin then: no 79 any more, 658 and 758."""

RESULT_PROFIT = "120000"
RESULT_LOSS = "129000"
"""Where the result of an exercise waits for its allocation (PCG 120 and 129)."""

_LABELS = """
10 Capital et réserves
101 Capital
104 Primes liées au capital social
106 Réserves
1061 Réserve légale
1068 Autres réserves
108 Compte de l'exploitant
11 Report à nouveau
110 Report à nouveau (solde créditeur)
119 Report à nouveau (solde débiteur)
12 Résultat de l'exercice
120 Résultat de l'exercice (bénéfice)
129 Résultat de l'exercice (perte)
13 Subventions d'investissement
14 Provisions réglementées
15 Provisions
16 Emprunts et dettes assimilées
164 Emprunts auprès des établissements de crédit
165 Dépôts et cautionnements reçus
17 Dettes rattachées à des participations
18 Comptes de liaison des établissements
20 Immobilisations incorporelles
205 Concessions, brevets, licences, logiciels
207 Fonds commercial
21 Immobilisations corporelles
215 Installations techniques, matériel et outillage
218 Autres immobilisations corporelles
2182 Matériel de transport
2183 Matériel de bureau et matériel informatique
2184 Mobilier
23 Immobilisations en cours
26 Participations
27 Autres immobilisations financières
275 Dépôts et cautionnements versés
28 Amortissements des immobilisations
29 Dépréciations des immobilisations
31 Matières premières
32 Autres approvisionnements
33 En-cours de production de biens
34 En-cours de production de services
35 Stocks de produits
37 Stocks de marchandises
39 Dépréciations des stocks
40 Fournisseurs et comptes rattachés
401 Fournisseurs
403 Fournisseurs - Effets à payer
404 Fournisseurs d'immobilisations
408 Fournisseurs - Factures non parvenues
409 Fournisseurs débiteurs
4091 Fournisseurs - Avances et acomptes versés
4098 Rabais, remises, ristournes à obtenir
41 Clients et comptes rattachés
411 Clients
413 Clients - Effets à recevoir
416 Clients douteux ou litigieux
418 Clients - Produits non encore facturés
419 Clients créditeurs
4191 Clients - Avances et acomptes reçus
4198 Rabais, remises, ristournes à accorder
42 Personnel et comptes rattachés
421 Personnel - Rémunérations dues
43 Sécurité sociale et autres organismes sociaux
431 Sécurité sociale
44 État et autres collectivités publiques
444 État - Impôts sur les bénéfices
445 État - Taxes sur le chiffre d'affaires
4452 TVA due intracommunautaire
44551 TVA à décaisser
4456 Taxes sur le chiffre d'affaires déductibles
44562 TVA sur immobilisations
44564 TVA déductible en attente
44566 TVA sur autres biens et services
44567 Crédit de TVA à reporter
4457 Taxes sur le chiffre d'affaires collectées
44571 TVA collectée
44574 TVA collectée en attente
4458 Taxes sur le chiffre d'affaires à régulariser
44583 Remboursement de taxes sur le chiffre d'affaires demandé
44586 Taxes sur le chiffre d'affaires sur factures non parvenues
44587 Taxes sur le chiffre d'affaires sur factures à établir
447 Autres impôts, taxes et versements assimilés
45 Groupe et associés
455 Associés - Comptes courants
46 Débiteurs divers et créditeurs divers
467 Autres comptes débiteurs ou créditeurs
47 Comptes transitoires ou d'attente
471 Comptes d'attente
476 Différences de conversion - Actif
477 Différences de conversion - Passif
48 Comptes de régularisation
486 Charges constatées d'avance
487 Produits constatés d'avance
49 Dépréciations des comptes de tiers
491 Dépréciations des comptes de clients
50 Valeurs mobilières de placement
51 Banques, établissements financiers et assimilés
511 Valeurs à l'encaissement
5112 Chèques à encaisser
5113 Effets à l'encaissement
5114 Effets à l'escompte
512 Banques
519 Concours bancaires courants
53 Caisse
58 Virements internes
60 Achats
601 Achats de matières premières
602 Achats d'autres approvisionnements
604 Achats d'études et prestations de services
606 Achats non stockés de matières et fournitures
607 Achats de marchandises
609 Rabais, remises, ristournes obtenus sur achats
61 Services extérieurs
611 Sous-traitance générale
613 Locations
615 Entretien et réparations
616 Primes d'assurance
62 Autres services extérieurs
622 Rémunérations d'intermédiaires et honoraires
623 Publicité, publications, relations publiques
624 Transports de biens et transports collectifs du personnel
625 Déplacements, missions et réceptions
626 Frais postaux et frais de télécommunications
627 Services bancaires et assimilés
63 Impôts, taxes et versements assimilés
64 Charges de personnel
65 Autres charges de gestion courante
651 Redevances pour concessions, brevets, licences
654 Pertes sur créances irrécouvrables
656 Pertes de change sur créances et dettes commerciales
66 Charges financières
661 Charges d'intérêts
665 Escomptes accordés
666 Pertes de change financières
67 Charges exceptionnelles
68 Dotations aux amortissements, dépréciations et provisions
69 Participation des salariés, impôts sur les bénéfices
695 Impôts sur les bénéfices
70 Ventes de produits, prestations de services, marchandises
701 Ventes de produits finis
704 Travaux
706 Prestations de services
707 Ventes de marchandises
708 Produits des activités annexes
7085 Ports et frais accessoires facturés
709 Rabais, remises, ristournes accordés par l'entreprise
71 Production stockée
72 Production immobilisée
74 Subventions
75 Autres produits de gestion courante
756 Gains de change sur créances et dettes commerciales
7581 Dédits et pénalités perçus sur achats et ventes
7583 Rentrées sur créances amorties
76 Produits financiers
765 Escomptes obtenus
766 Gains de change financiers
77 Produits exceptionnels
78 Reprises sur amortissements, dépréciations et provisions
80 Engagements
89 Bilan
1 Comptes de capitaux
2 Comptes d'immobilisations
3 Comptes de stocks et en-cours
4 Comptes de tiers
5 Comptes financiers
6 Comptes de charges
7 Comptes de produits
8 Comptes spéciaux
9 Comptes de la comptabilité analytique
0 Comptes hors nomenclature
"""

_RENAMED = (
    ("658", "Charges diverses de gestion courante", "Pénalités et autres charges"),
    ("758", "Produits divers de gestion courante", "Indemnités et autres produits"),
)


def _rows() -> Iterable[AccountLabel]:
    for line in _LABELS.strip().splitlines():
        prefix, _, label = line.partition(" ")
        yield AccountLabel(prefix=prefix, label=label, valid_from=_EVER)
    before = date.fromordinal(_ANC_2022_06.toordinal() - 1)
    for prefix, old, new in _RENAMED:
        yield AccountLabel(prefix=prefix, label=old, valid_from=_EVER, valid_to=before)
        yield AccountLabel(prefix=prefix, label=new, valid_from=_ANC_2022_06)
    yield AccountLabel(
        prefix="79", label="Transferts de charges", valid_from=_EVER, valid_to=before
    )


CHART = label_chart(_rows())
