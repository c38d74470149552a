"""First and last names of many origins, drawn at random for the demo's invented agents."""
from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Names that go together; compound last names are written with an underscore for the space."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


def _origin(weight: int, women: str, men: str, last: str) -> Origin:
    return Origin(weight, _words(women), _words(men), _words(last))


FRENCH = _origin(
    62,
    """Adèle Agathe Agnès Amandine Anaïs Anne Anne-Laure Anne-Sophie Annick Audrey Aurélie Aurore Béatrice Bénédicte
    Brigitte Camille Capucine Carine Caroline Catherine Cécile Céline Chantal Charlotte Christelle Christine Claire
    Clara Clémence Colette Coralie Corinne Cyrielle Daphné Delphine Dominique Édith Élisabeth Élise Élodie Éloïse
    Émilie Estelle Eugénie Ève Fabienne Fanny Flavie Florence Florine Françoise Gaëlle Geneviève Ghislaine Hélène
    Héloïse Irène Isabelle Jeanne Joëlle Joséphine Julie Juliette Justine Karine Laetitia Laure Laurence Léa Léonie
    Lise Lucie Ludivine Madeleine Magali Manon Margaux Marie Marie-Christine Marie-Claude Marie-Pierre Marine Marion
    Marjorie Martine Mathilde Maud Mélanie Mélissa Michèle Monique Morgane Murielle Mylène Nadège Nathalie Nicole
    Noémie Océane Odile Pascale Patricia Pauline Perrine Rachel Romane Rosalie Roxane Sabine Sandrine Sarah Séverine
    Solange Solène Sophie Stéphanie Suzanne Sylvie Valentine Valérie Véronique Victoire Virginie Viviane Yvette Zoé""",
    """Adrien Aimé Alain Alban Albin Alexandre Alexis André Antoine Antonin Armand Arnaud Arthur Aurélien Baptiste
    Bastien Benjamin Benoît Bernard Bertrand Bruno Cédric Charles Christian Christophe Claude Clément Côme Cyril
    Damien Daniel Denis Didier Dylan Éloi Émile Emmanuel Éric Étienne Eugène Fabien Fabrice Félix Florent Florian
    François Frédéric Gaël Gaspard Gauthier Geoffrey Georges Gérald Gérard Germain Gilles Grégory Guillaume Guy
    Hector Henri Hervé Hubert Hugo Jacques Jean Jean-Baptiste Jean-Claude Jean-Luc Jean-Marc Jean-Pierre Jérémy
    Jérôme Joël Jonathan Joseph Jules Julien Kévin Laurent Léo Léon Lionel Loïc Louis Luc Lucas Ludovic Marc Marcel
    Martin Matthieu Maxence Maxime Michaël Michel Mickaël Nathan Nicolas Noël Olivier Pascal Patrice Patrick Paul
    Philippe Pierre Quentin Raphaël Raymond Régis Rémi Renaud René Robin Roger Roland Romain Samuel Sébastien Serge
    Simon Stéphane Sylvain Théo Thibault Thierry Thomas Timothée Tristan Valentin Victor Vincent Xavier Yves""",
    """Adam Allard Ancelin Andrieux Arnoux Aubry Auger Bailly Barbier Barraud Barré Bataille Baudin Bazin Beauchamp
    Bellanger Benard Berger Berthelot Bertin Besson Bigot Blanchard Blin Boisseau Bonnefoy Bonnet Bordier Bouchet
    Boudet Boulanger Bourdin Bourgeois Boutin Bouvier Boyer Breton Brossard Brunel Buisson Caillaud Carlier Caron
    Carré Chapuis Charpentier Charrier Chauvet Chevalier Clavel Clément Collet Combes Constant Cordier Cormier
    Coste Coulon Courtois Cousin Crépin Daniel Darmont David De_Brosse De_La_Motte Delattre Delaunoy Delmas Delorme
    Denis Deschamps Descombes Devaux Didier Doucet Drouet Dubreuil Duchêne Dufour Duhamel Dumont Dupin Dupuy Durand
    Durieux Duval Évrard Fabre Faure Favier Fleury Fontaine Forestier Foucher Fournier Frémont Gaillard Garnier
    Gauthier Gavrel Germain Gervais Gilbert Giraud Godard Gosselin Goujon Grandjean Granger Grimaud Grosjean
    Guérin Guichard Guilbert Guillot Guyot Hamelin Hardy Hébert Herbin Hervieu Huard Hubert Humbert Imbert Jacob
    Jacquet Jamet Joly Jourdan Jouve Labbé Lacombe Lacoste Lafarge Lagarde Lambert Lamy Langlois Laporte Lasserre
    Laurent Lavigne Leblanc Lebon Lebrun Leclerc Lecomte Ledoux Lefèvre Léger Legrand Lejeune Lemaire Lemoine
    L’Hermitte Leroux Leroy Lévêque Loiseau Lombard Lucas Maillard Malet Mallet Marchal Maréchal Marion Marly Martel
    Martinet Masson Mathieu Maury Ménard Mercier Meunier Michel Millet Monnier Moreau Morel Morin Moulin Naudin
    Neveu Noël Normand Olivier Oudin Page Pagès Paillard Parent Pasquier Pélissier Peltier Perret Perrin Perrot
    Petit Petitjean Picard Pichon Pineau Poirier Pons Porte Potier Prévost Prieur Prunier Rabier Raymond Regnault
    Rémond Renard Renou Reynaud Ricard Richard Rigaud Rivière Robin Roche Rolland Rossignol Roussel Roux Roy Royer
    Sabatier Salmon Saulnier Sauvage Savary Séguin Sicard Simon Tanguy Tardieu Thibaud Thomas Tissot Toussaint
    Tournier Turpin Vacher Valette Vallet Vasseur Verdier Vidal Vignaud Villard Vincent Voisin Weber""")

OTHERS = (
    _origin(6, "Gwenaëlle Nolwenn Enora Maëlle Soizic Rozenn Annaïg Katell",
            "Yann Erwan Ronan Goulven Malo Tanguy Corentin Gwendal",
            "Le_Goff Le_Bihan Kermarrec Guivarc’h Le_Meur Cloarec Jaouen Quéméner Tanneau Riou Le_Dantec Kerbrat"),
    _origin(4, "Maider Amaia Maëva Estelle Montserrat Núria", "Peio Beñat Xabi Mattin Jordi Andoni",
            "Etcheverry Harispe Iribarne Garat Elissalde Casals Puig Bidegain Ferrer Aguerre"),
    _origin(7, "Maria Teresa Sofia Inês Ana-Paula Lucinda Filomena", "Manuel António Paulo Tiago Nuno Rui Carlos",
            "Da_Silva De_Oliveira Ferreira Dos_Santos Pereira Lopes Gonçalves Marques Teixeira Ribeiro Carvalho"),
    _origin(4, "Carmen Lucía Pilar Alba Elena Rosa", "Javier Miguel Pablo Álvaro Diego Luis",
            "García Martínez Sánchez Navarro Muñoz Ortega Delgado Romero Castillo Peña"),
    _origin(4, "Giulia Chiara Francesca Paola Laura Silvana", "Marco Enzo Fabio Gino Dario Luca",
            "Rossi Bianchi Moretti Ferrari Lombardi Fontana D’Angelo Carbone Pellegrini Zanetti"),
    _origin(10, "Fatima Samira Nadia Leïla Yasmina Khadija Malika Inès Sonia Amel Naïma Dounia Hafsa Rachida Zineb",
            "Mohamed Karim Mehdi Yassine Rachid Nabil Sofiane Hicham Kamel Samir Abdelkader Bilal Omar Tarek Walid",
            """Benali Haddad Bouazza El_Amrani Mansouri Cherif Belkacem Ziani Toumi Khelifi Bouchareb El_Idrissi
            Saïdi Hamdi Meziane Oukaci Ben_Salah Trabelsi Larbi Chaouch Rahmani Azzouz Boudjemaa Lahlou"""),
    _origin(5, "Aminata Fatoumata Mariam Aïssatou Awa Grâce Prisca Ndeye",
            "Mamadou Ibrahima Moussa Ousmane Cheikh Boubacar Serge-Alain Kouassi",
            "Diallo Traoré Coulibaly N’Diaye Sow Konaté Ba Cissé Kouamé M’Bemba Mbarga Ouédraogo Touré Camara"),
    _origin(3, "Marie-Ange Gladys Mylène Nadège Ketty Lindsay", "Fabrice Teddy Rodrigue Jimmy Steeve Marius",
            "Lubin Jean-Baptiste Célestine Hoarau Payet Grondin Cabrera Zobda Nestor Marie-Rose"),
    _origin(2, "Elif Zeynep Ayşe Derya Selin", "Mehmet Emre Kemal Burak Cem", "Yılmaz Kaya Demir Şahin Aydın Arslan"),
    _origin(2, "Linh Mai Thu-Hà Sokha Lan", "Minh Tuan Quang Sovann Huy", "Nguyen Tran Pham Le_Thi Vo Chhim Sok"),
    _origin(3, "Agnieszka Ewa Oksana Irina Milena Katarzyna", "Piotr Andrzej Pavel Dragan Mihai Tomasz",
            "Kowalski Nowak Wiśniewski Popescu Ivanov Petrović Wojcik Szymański Lewandowski"),
    _origin(1, "Anouch Nariné Talar", "Aram Hagop Levon", "Sarkissian Manoukian Kévorkian Hovanessian"),
    _origin(1, "Priya Shanti Meera", "Arun Ravi Suresh", "Ramasamy Sivakumar Chandran Virapin"),
    _origin(2, "Anke Ingrid Sigrid Fiona", "Klaus Niels Jonas Callum", "Schneider Müller Janssens Vermeulen O’Connor"),
)
ORIGINS = (FRENCH, *OTHERS)
_WEIGHTS = tuple(origin.weight for origin in ORIGINS)
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ß": "ss", "’": "", "'": ""})


def draw(rng: random.Random, woman_share: float) -> tuple[str, str, str]:
    """Draw (title, last name, first name); half of the families from elsewhere chose a French first name."""
    family = rng.choices(ORIGINS, _WEIGHTS)[0]
    origin = FRENCH if rng.random() < 0.35 else family
    woman = rng.random() < woman_share
    return ("Mme" if woman else "M.", _last_name(rng, family),
            rng.choice(origin.women if woman else origin.men))


def _last_name(rng: random.Random, origin: Origin) -> str:
    name = rng.choice(origin.last)
    if rng.random() > 0.03:
        return name
    other = rng.choice(FRENCH.last)
    return name if " " in name or other == name else f"{name}-{other}"


def slug(text: str) -> str:
    """Write a name for a mail address: lower-case ASCII letters, digits and hyphens."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN)).encode("ascii", "ignore").decode()
    return "".join(char if char.isalnum() else "-" for char in folded).strip("-")
