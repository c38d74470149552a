"""The lists from which reasons are chosen first (DOMAIN §5), and the four questions of suitability."""

SUITABILITY = {"continuity": "la continuité", "workload": "la charge des autres",
               "skills_left": "les compétences qui restent", "dates": "les dates"}
SUITABILITY_ANSWERS = {"yes": "oui", "with_measure": "avec une mesure", "no": "non"}
HOME_REASONS = {
    "continuity": "La continuité du service n’est pas assurée sur ces dates",
    "team_too_small": "L’équipe est déjà sous son seuil de présence",
    "only_holder": "L’agent est seul à tenir une compétence indispensable au service",
    "cap_reached": "Le plafond de prêt du service est atteint",
    "peak_at_home": "Le service connaît lui-même un temps fort",
    "framework": "Les fonctions ne correspondent pas au cadre d’emplois",
}
HOST_REASONS = {
    "host_not_ready": "Le service d’accueil ne peut pas accueillir sur ces dates",
    "need_gone": "Le besoin a disparu",
    "framework": "Les fonctions ne correspondent pas au cadre d’emplois",
}
HR_REASONS = {
    "employment_rules": "Les règles de gestion ne permettent pas ce prêt",
    "framework": "Les fonctions ne correspondent pas au cadre d’emplois",
}
REFUSAL_REASONS = HOME_REASONS | HOST_REASONS | HR_REASONS
COUNTER_REASONS = {"team": "Présence de l’équipe sur certaines semaines", "peak": "Temps fort du service",
                   "leave": "Congés déjà posés dans l’équipe", "load": "Charge du poste"}
END_REASONS = {"need_over": "Le besoin a pris fin", "home_needs": "Le service d’origine a besoin de l’agent",
               "agent_wish": "L’agent souhaite revenir", "not_suited": "La mission ne convient pas"}
CANCEL_REASONS = {"need_gone": "Le besoin a disparu", "home_event": "Un imprévu au service d’origine",
                  "agent_wish": "L’agent ne souhaite plus partir", "error": "La lettre comporte une erreur",
                  "too_late": "La signature n’est pas venue avant la date de début"}


def refusal_words(code: str, precision: str) -> str:
    """Why a visa was refused, as everybody concerned reads it: the reason of the list, then its author's own words."""
    more = f" Précision : {precision}" if precision else ""
    return f"Motif : {REFUSAL_REASONS.get(code, code)}.{more}"
